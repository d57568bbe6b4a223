"""The help pages as ComfyUI's frontend asks a real server for them."""

from __future__ import annotations

import urllib.error
import urllib.request

from audio_loop.comfy_host.environment import REPOSITORY

DOCS = REPOSITORY / "web" / "docs"
ENGINE = "Audio Loop/engine"


def get(url):
    """The page's text, or None if there is none."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert "html" not in answer.headers["Content-Type"], "the frontend takes such an answer for no help at all"
            return answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return None


def shown(comfy, node, pack, language):
    """What the frontend shows: the page of its language, else the one without a language."""
    pages = f"{comfy.url}/extensions/{pack}/docs"
    return get(f"{pages}/{node}/{language}.md") or get(f"{pages}/{node}.md")


def test_every_node_shows_its_help_in_the_users_language(comfy):
    packs = {
        name: info["python_module"].removeprefix("custom_nodes.")
        for name, info in comfy.client.object_info().items()
        if info["category"].startswith("Audio Loop/") and info["category"] != ENGINE
    }
    assert set(packs) == {path.stem for path in DOCS.glob("*.md")} != set()
    for node, pack in packs.items():
        english, chinese = (DOCS / f"{node}.md").read_text("utf-8"), (DOCS / node / "zh.md").read_text("utf-8")
        assert english != chinese
        assert [shown(comfy, node, pack, language) for language in ("en", "zh", "fr")] == [english, chinese, english]
