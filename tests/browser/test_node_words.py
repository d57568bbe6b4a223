"""Words of nodes where people meet them: the search box, the canvas in Chinese, settings that are shown when asked for."""

from __future__ import annotations

import json

from playwright.sync_api import TimeoutError

from audio_loop.comfy_host import frontend
from audio_loop.comfy_host.environment import REPOSITORY

PACK = "custom_nodes.audio-loop"
OPEN_SEARCH = "window.app.extensionManager.command.execute('Workspace.SearchBox.Toggle')"
FOUND = """(names) => {
    const lines = [...document.querySelectorAll("[role=option]")].flatMap((option) => option.innerText.split("\\n"));
    return names.every((name) => lines.includes(name));
}"""
FOUND_MS = 5_000
NOTHING, NONE_FOUND = "qzxj wqzk", "() => document.querySelector('[role=option]') === null"
ADD = """([type, values]) => {
    const node = window.LiteGraph.createNode(type);
    node.pos = [300, 200];
    window.app.graph.add(node);
    for (const widget of node.widgets) if (widget.name in values) widget.value = values[widget.name];
    window.app.canvas.setDirty(true, true);
}"""
SHOWN = """() => {
    const [node] = window.app.graph.nodes;
    const slots = (given) => given.map((slot) => slot.label ?? slot.localized_name ?? slot.name);
    return { title: node.title, inputs: slots(node.inputs), outputs: slots(node.outputs) };
}"""
NODE, ADVANCED = "StreamingVideoSave", ("audio_kbps", 192)


def test_every_alias_finds_its_nodes(page, comfy):
    nodes_of: dict[str, list[str]] = {}
    for info in comfy.client.object_info().values():
        if info["python_module"] == PACK and not info.get("dev_only"):
            for alias in info["search_aliases"]:
                nodes_of.setdefault(alias, []).append(info["display_name"])
    assert len(nodes_of) > 80
    page.evaluate(OPEN_SEARCH)
    box = page.get_by_placeholder("Add a node...")
    lost = []
    for alias, nodes in nodes_of.items():
        # What the box showed for the alias before must be gone, or it would be taken for this one's answer.
        box.fill(NOTHING)
        page.wait_for_function(NONE_FOUND, timeout=frontend.READY_MS)
        box.fill(alias)
        try:
            page.wait_for_function(FOUND, arg=nodes, timeout=FOUND_MS)
        except TimeoutError:
            lost.append((alias, nodes))
    assert lost == []


def test_the_canvas_speaks_chinese_and_hides_no_value(browser, comfy, frontend_release):
    words = json.loads((REPOSITORY / "locales" / "zh" / "nodeDefs.json").read_text("utf-8"))[NODE]
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, locale="zh-CN")
    try:
        page = context.new_page()
        frontend.show_empty_graph(page, comfy.url, nodes_2=True)
        page.evaluate(ADD, [NODE, dict([ADVANCED])])
        shown = page.evaluate(SHOWN)
        assert shown["title"] == words["display_name"]
        assert sorted(shown["inputs"]) == sorted(given["name"] for given in words["inputs"].values())
        assert shown["outputs"] == [given["name"] for given in words["outputs"].values()]

        label = page.locator("[data-node-id]").get_by_text(words["inputs"][ADVANCED[0]]["name"], exact=True)
        page.get_by_test_id("advanced-inputs-button").wait_for(timeout=frontend.READY_MS)
        assert label.count() == 0
        (sent,) = frontend.sent_by_run(page).values()
        assert sent["inputs"][ADVANCED[0]] == ADVANCED[1]
        page.get_by_test_id("advanced-inputs-button").click()
        label.first.wait_for(timeout=frontend.READY_MS)
        (sent,) = frontend.sent_by_run(page).values()
        assert sent["inputs"][ADVANCED[0]] == ADVANCED[1]
    finally:
        context.close()
