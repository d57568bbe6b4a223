"""Graphs as people have them, freed of other packs, in a frontend that has none of those packs.

`AUDIO_LOOP_AGED_GRAPHS` sets how many are tried; the first is the kept file of an older frontend.
"""

from __future__ import annotations

import os

import pytest

from audio_loop.comfy_host import frontend
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize

from .. import aged_graphs

TYPES_NOBODY_KNOWS = """() => {
    const graphs = [window.app.graph, ...window.app.graph.subgraphs.values()];
    return graphs.flatMap((graph) => graph.nodes).filter((node) => node.has_errors && node.constructor.nodeData === undefined)
        .map((node) => node.type);
}"""
# The models of the graphs are not on a test machine; the frontend may say so, and may ask the hub how large they are.
ABOUT_MODELS = ("huggingface.co", "Content Security Policy")
NUMBERS = range(min(aged_graphs.COUNT, int(os.environ.get("AUDIO_LOOP_AGED_GRAPHS", "3"))))


@pytest.mark.timeout(300 + 30 * len(NUMBERS))
def test_they_open_without_other_packs_and_send_our_api_form(page, console_errors, comfy, tmp_path):
    comfy.add_input(write_picture(tmp_path / "example.png"))
    comfy.add_input(write_song(tmp_path / "song.mp3", 3.0))
    for number in NUMBERS:
        aged = aged_graphs.graph(number)
        document = modernize(aged.document).document
        frontend.show(page, document)
        assert (aged.name, page.evaluate(TYPES_NOBODY_KNOWS)) == (aged.name, [])
        assert (aged.name, frontend.executed(frontend.sent_by_run(page))) == (aged.name, frontend.executed(to_api(document)))
        errors = [error for error in console_errors if not any(part in error for part in ABOUT_MODELS)]
        assert (aged.name, errors) == (aged.name, [])
