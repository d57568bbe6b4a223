"""The profiling nodes around a loop of pictures: the render ends, and the files are there."""

from __future__ import annotations

from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.migrations import chain

from ... import aged_graphs
from ..shipped import write_picture, write_song

LOOP = "audio-loop-music-video_image"


def test_a_loop_of_pictures_is_measured(comfy, tmp_path):
    options = {"run_name": "pictures"}
    document = chain.apply(aged_graphs.as_new(LOOP), chain.find("profiling_nodes"), options).document
    song = comfy.add_input(write_song(tmp_path / "profiled.wav", 4.8))
    picture = comfy.add_input(write_picture(tmp_path / "profiled.png"))
    result = comfy.run(aged_graphs.for_the_tiny_model(to_api(document), song, picture), timeout=300)
    assert [file.filename for file in result.files() if file.filename.endswith(".mp4")]
    traces = comfy.output_folder / "audio_loop" / "pictures" / "trace"
    names = {path.name for path in traces.iterdir()}
    assert any(name.endswith(".txt") or "summary" in name for name in names), names
    assert any("trace" in name for name in names), names
