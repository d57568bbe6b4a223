"""Graphs as people have them, healed and freed of other packs, render the whole song.

`AUDIO_LOOP_AGED_GRAPHS` sets how many are tried; the first is the kept file of an older frontend.
"""

from __future__ import annotations

import os

import pytest

from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize

from ... import aged_graphs
from ..shipped import video_facts, write_picture, write_song

SECONDS = 4.8
FRAMES = 120
# Of the graphs that the suite tries: an older frontend's file, the classic graph of April, prompts in the loop, pictures.
SAMPLE = (0, 1, 3, 7)
WANTED = os.environ.get("AUDIO_LOOP_AGED_GRAPHS")
NUMBERS = range(min(aged_graphs.COUNT, int(WANTED))) if WANTED else SAMPLE


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aged")
    return write_song(folder / "aged.wav", SECONDS), write_picture(folder / "aged.png")


@pytest.mark.parametrize("number", NUMBERS)
def test_it_renders_to_the_end_of_the_song(comfy, files, number):
    aged = aged_graphs.graph(number)
    document = modernize(aged.document).document
    if number == 0:
        document = aged_graphs.made_small(document)
    song, picture = (comfy.add_input(path) for path in files)
    result = comfy.run(aged_graphs.for_the_tiny_model(to_api(document), song, picture), timeout=300)
    videos = [file for file in result.files() if file.filename.endswith(".mp4") and file.folder == "output"]
    assert len(videos) == 1, (aged.name, videos)
    facts = video_facts(comfy.path_of(videos[0]))
    assert (facts["frames"], facts["size"]) == (FRAMES, (128, 64)), aged.name
    assert facts["audio_seconds"] == pytest.approx(SECONDS, abs=0.1), aged.name
