"""A node's help in the panel of the real frontend: English in one, Chinese in the other."""

from __future__ import annotations

import re

from audio_loop.comfy_host import frontend
from audio_loop.comfy_host.environment import REPOSITORY

DOCS = REPOSITORY / "web" / "docs"
NODE = "AudioLoopPlanner"
ADD = """(type) => {
    const node = window.LiteGraph.createNode(type);
    node.pos = [300, 300];
    window.app.graph.add(node);
    window.app.canvas.selectNode(node);
}"""
LANGUAGES = {"pinned": ("en-GB", DOCS / f"{NODE}.md"), "newest": ("zh-CN", DOCS / NODE / "zh.md")}


def test_the_panel_shows_the_page_in_the_users_language(browser, comfy, frontend_release):
    language, path = LANGUAGES[frontend_release]
    text = path.read_text("utf-8")
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, locale=language)
    try:
        page = context.new_page()
        frontend.show_empty_graph(page, comfy.url)
        page.evaluate(ADD, NODE)
        page.get_by_test_id("info-button").click(timeout=frontend.READY_MS)
        panel = page.locator(".node-help-content")
        panel.get_by_role("heading", level=1, name=text.splitlines()[0].removeprefix("# ")).wait_for(timeout=frontend.READY_MS)
        assert panel.locator("h2").all_inner_texts() == re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert panel.locator("li").count() == len(re.findall(r"^- ", text, re.MULTILINE))
        assert panel.locator("table").count() == len(re.findall(r"^\|---", text, re.MULTILINE))
        assert not re.search(r"[`*|#]", panel.inner_text()), "markdown that was not rendered"
    finally:
        context.close()
