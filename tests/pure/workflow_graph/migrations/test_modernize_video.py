"""What becomes of VHS_VideoCombine: every value of it is in the new saver, or in a sentence."""

from __future__ import annotations

import pytest

from .small_graphs import decoded, empty_graph, foreign, modern


def _scaled(**widgets):
    """A saver whose pictures are worked on between decoder and file."""
    graph = empty_graph()
    _, combine = decoded(graph, **widgets)
    graph.splice(combine.input("images").link.id, graph.add("ImageScaleBy"))
    return graph, combine


def test_a_saver_without_pictures_is_removed_with_a_word():
    graph = empty_graph()
    combine = graph.add("VHS_VideoCombine")
    after, remarks = modern(graph)
    assert after.nodes == ()
    assert f"{combine} has no pictures to save and is removed" in remarks


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"loop_count": 3}, "loop_count 3 is not carried over"),
        ({"pingpong": True}, "pingpong True is not carried over"),
        ({"save_output": False}, "save_output False is not carried over"),
        ({"pix_fmt": "yuv420p10le"}, "pix_fmt 'yuv420p10le' became the format's own"),
        ({"save_metadata": False}, "--disable-metadata keeps workflows out of files"),
        ({"trim_to_audio": True}, "trim_to_audio needs an AudioLoopPlanner, whose frames say where the song ends"),
        ({"format": "image/gif"}, "format 'image/gif' became h264-mp4"),
        ({"format": "video/ProRes"}, "crf 19 is not carried over; prores-mov is written at its own quality"),
        ({"crf": 60}, "crf 60 is not carried over; h264-mp4 is written at its own quality"),
    ],
)
def test_what_the_new_saver_has_no_like_of_is_said(values, said):
    graph = empty_graph()
    decoded(graph, **values)
    after, remarks = modern(graph)
    assert said in remarks
    assert len(remarks.splitlines()) == 1
    assert after.one(type="StreamingVideoSave").widgets["crf"] == (-1 if "crf 60" in said or "ProRes" in str(values) else 19)


@pytest.mark.parametrize(
    ("old", "new"), [("video/nvenc_h264-mp4", "h264-mp4"), ("video/webm", "vp9-webm"), ("video/h264-mp4", "h264-mp4")]
)
def test_a_format_that_both_have_is_carried_over_without_a_word(old, new):
    graph = empty_graph()
    decoded(graph, format=old, crf=30)
    after, remarks = modern(graph)
    saver = after.one(type="StreamingVideoSave")
    assert (saver.widgets["format"], saver.widgets["crf"], remarks) == (new, 30, "")


def test_values_that_a_file_holds_in_the_wrong_kind_leave_the_presets():
    """A mapping, as that pack saves it, whose number and name are empty."""
    graph = empty_graph()
    _, combine = decoded(graph)
    combine.raw["widgets_values"] = {"format": "video/h264-mp4", "crf": None, "filename_prefix": None, "frame_rate": None}
    after, remarks = modern(graph)
    saver = after.one(type="StreamingVideoSave")
    assert [saver.widgets[name] for name in ("crf", "filename_prefix", "fps")] == [-1, "video/audio_loop", 25]
    assert "its own quality" not in remarks


def test_the_list_of_files_and_the_decoding_in_parts_are_named():
    graph = foreign(empty_graph(), "VHS_PruneOutputs", [("filenames", "VHS_FILENAMES")], [], [])
    _, combine = decoded(graph)
    graph.connect(graph.one(type="VAELoader").output(), combine.input("vae"))
    graph.connect(combine.output("Filenames"), graph.node(500).input("filenames"))
    after, remarks = modern(graph)
    assert f"{combine}: its list of file names fed something that is no longer fed" in remarks
    assert f"{combine}: its vae is not carried over; the video is written part by part" in remarks
    assert after.node(500).input("filenames").source is None


def test_the_title_that_somebody_gave_stays():
    graph = empty_graph()
    _, combine = decoded(graph)
    combine.raw["title"] = "My video"
    after, _ = modern(graph)
    assert after.one(type="StreamingVideoSave").title == "My video"


@pytest.mark.parametrize("decoder", ["VAEDecode", "LTXVTiledVAEDecode"])
def test_a_decoder_that_something_else_reads_stays_beside_a_new_saver(decoder):
    graph = empty_graph()
    node, _ = decoded(graph, decoder)
    shown = graph.add("PreviewImage")
    graph.connect(node.output(), shown.input("images"))
    after, _ = modern(graph)
    kept = after.node(shown.id).input("images").source.node
    assert kept.id == node.id
    saver = after.one(type="StreamingVideoSave")
    assert saver.input("latent").source.node.type == "EmptyLTXVLatentVideo"
    assert saver.input("vae").source.node.type == "VAELoader"
    assert kept.type == ("VAEDecode" if decoder == "VAEDecode" else "VAEDecodeTiled")
    assert kept.input("samples").source == saver.input("latent").source


def test_a_decoder_without_a_vae_leaves_the_new_saver_without_one():
    graph = empty_graph()
    node, _ = decoded(graph)
    graph.disconnect(node.input("vae"))
    graph.connect(node.output(), graph.add("PreviewImage").input("images"))
    saver = modern(graph)[0].one(type="StreamingVideoSave")
    assert saver.input("vae").source is None
    assert saver.input("latent").source.node.type == "EmptyLTXVLatentVideo"


def test_a_wired_rate_and_name_stay_wired():
    graph = empty_graph()
    _, combine = decoded(graph)
    rate = graph.add("PrimitiveFloat", widgets={"value": 24.0})
    name = graph.add("PrimitiveString", widgets={"value": "clip"})
    graph.connect(rate.output(), combine.input("frame_rate"))
    graph.connect(name.output(), combine.input("filename_prefix"))
    saver = modern(graph)[0].one(type="StreamingVideoSave")
    assert saver.input("fps").source.node_id == rate.id
    assert saver.input("filename_prefix").source.node_id == name.id


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"frame_rate": 240.0}, "frame_rate 240.0 is not carried over; CreateVideo has 30"),
        ({"trim_to_audio": True}, "trim_to_audio is not carried over; the video is as long as its pictures"),
        ({"format": "video/webm"}, "format 'video/webm' became what SaveVideo chooses"),
    ],
)
def test_what_savevideo_has_no_like_of_is_said(values, said):
    graph, _ = _scaled(**values)
    after, remarks = modern(graph)
    assert said in remarks
    assert after.one(type="CreateVideo").widgets["fps"] == (30.0 if "frame_rate" in values else 25.0)
    assert after.one(type="CreateVideo").input("audio").source is None
    assert after.one(type="SaveVideo").widgets["format"] == ("auto" if "format" in values else "mp4")


def test_a_wired_rate_and_name_stay_wired_behind_a_chain_of_pictures():
    graph, combine = _scaled()
    rate = graph.add("PrimitiveFloat", widgets={"value": 24.0})
    name = graph.add("PrimitiveString", widgets={"value": "clip"})
    graph.connect(rate.output(), combine.input("frame_rate"))
    graph.connect(name.output(), combine.input("filename_prefix"))
    after, remarks = modern(graph)
    assert after.one(type="CreateVideo").input("fps").source.node_id == rate.id
    assert after.one(type="SaveVideo").input("filename_prefix").source.node_id == name.id
    assert remarks == ""


def test_a_quality_that_savevideo_cannot_write_is_left_to_it():
    graph, combine = _scaled()
    combine.raw["widgets_values"] = {
        "format": "video/h264-mp4",
        "crf": 60,
        "filename_prefix": None,
        "frame_rate": 25.0,
    }
    after, remarks = modern(graph)
    saver = after.one(type="SaveVideo")
    assert "format.codec.encoding.crf" not in saver.widgets
    assert saver.widgets["filename_prefix"] == "video/ComfyUI"
    assert "crf 60 is not carried over" in remarks
