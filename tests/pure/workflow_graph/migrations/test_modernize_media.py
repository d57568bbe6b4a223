"""What becomes of the loaders of video and sound, and of what was wired to them."""

from __future__ import annotations

import pytest

from .small_graphs import empty_graph, foreign, modern


def _video(**values):
    graph = empty_graph()
    node = graph.add("VHS_LoadVideo", widgets={"video": "clip.mp4", **values})
    shown = graph.add("PreviewImage")
    graph.connect(node.output("IMAGE"), shown.input("images"))
    return graph, node, shown


def test_a_wire_into_a_loader_is_named():
    graph, node, _ = _video()
    graph.connect(graph.add("PrimitiveInt").output(), node.input("frame_load_cap"))
    after, remarks = modern(graph)
    assert f"{node}: its frame_load_cap was wired and is not carried over" in remarks
    assert after.find(type="PrimitiveInt") == ()


@pytest.mark.parametrize(
    ("values", "length", "said"),
    [
        ({"skip_first_frames": 10}, 4096, True),
        ({"frame_load_cap": 5000}, 4096, True),
        ({"frame_load_cap": 4096}, 4096, False),
        ({"frame_load_cap": 8}, 8, False),
    ],
)
def test_so_many_frames_at_most_come_from_a_part(values, length, said):
    graph, _, shown = _video(**values)
    after, remarks = modern(graph)
    cut = after.node(shown.id).input("images").source.node
    assert (cut.type, cut.widgets["batch_index"], cut.widgets["length"]) == (
        "ImageFromBatch",
        values.get("skip_first_frames", 0),
        length,
    )
    assert ("4096 frames at most come from it" in remarks) is said
    assert "sound" not in remarks


def test_what_else_a_loader_fed_is_named():
    graph = foreign(empty_graph(), "Info", [("video_info", "VHS_VIDEOINFO")], [], [])
    node = graph.add("VHS_LoadVideo", widgets={"video": "clip.mp4"})
    graph.connect(node.output("video_info"), graph.node(500).input("video_info"))
    after, remarks = modern(graph)
    assert f"{node}: its video_info fed {graph.node(500)} and is gone" in remarks
    assert after.node(500).input("video_info").source is None


def test_a_loader_of_sound_without_a_part_goes_straight_on():
    graph = empty_graph()
    node = graph.add("VHS_LoadAudioUpload", widgets={"audio": "song.mp3"})
    graph.connect(graph.add("PrimitiveFloat").output(), node.input("duration"))
    saved = graph.add("SaveAudio")
    graph.connect(node.output("audio"), saved.input("audio"))
    after, remarks = modern(graph)
    loader = after.node(saved.id).input("audio").source.node
    assert (loader.type, loader.widgets["audio"]) == ("LoadAudio", "song.mp3")
    assert after.find(type="TrimAudioDuration") == ()
    assert f"{node}: its duration was wired and is not carried over" in remarks
    assert "copy that file" not in remarks
