"""Placeholders in the video's name are filled in by the browser as for ComfyUI's own saver."""

from __future__ import annotations

from audio_loop.comfy_host import frontend

FILLED_IN_BY_THE_BROWSER = {
    "video/%date:yyyy-MM-dd%/clip": True,
    "%date:yyMMdd hhmm%": True,
    "%EmptyLTXVLatentVideo.length% frames": True,
    "%Nobody.length% %width%x%height% %year%": False,
    "video/audio_loop": False,
}
MAKE = """() => {
    const { LiteGraph, app } = window;
    for (const type of ["StreamingVideoSave", "SaveVideo", "EmptyLTXVLatentVideo"]) app.graph.add(LiteGraph.createNode(type));
}"""
NAME = """(text) => {
    for (const node of window.app.graph.nodes) {
        for (const widget of node.widgets ?? []) if (widget.name === "filename_prefix") widget.value = text;
    }
}"""


def test_the_name_that_is_sent_is_the_one_of_comfyuis_own_saver(page, console_errors):
    page.evaluate(MAKE)
    for name, filled_in in FILLED_IN_BY_THE_BROWSER.items():
        page.evaluate(NAME, name)
        inputs = {node["class_type"]: node["inputs"] for node in frontend.sent_by_run(page).values()}
        sent = inputs["StreamingVideoSave"]["filename_prefix"]
        assert sent == inputs["SaveVideo"]["filename_prefix"]
        assert (sent != name) == filled_in
    # The newest frontend still asks a hub about the models of the graph that a first visit shows.
    assert [error for error in console_errors if "Content Security Policy" not in error] == []
