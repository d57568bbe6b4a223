"""What becomes of the mask of an iteration's window and of what cuts the song for it."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize

from .small_graphs import empty_graph, foreign, modern


def _masked(**values):
    """A mask whose latents are there, in a graph without a loop."""
    graph = empty_graph()
    mask = graph.add("LTXVAudioVideoMask", widgets={"max_length": "pad", "audio_end_time": 0.0, **values})
    graph.connect(graph.add("EmptyLTXVLatentVideo").output(), mask.input("video_latent"))
    graph.connect(graph.add("LTXVEmptyLatentAudio").output(), mask.input("audio_latent"))
    joined = graph.add("LTXVConcatAVLatent")
    for name in ("video_latent", "audio_latent"):
        graph.connect(mask.output(name), joined.input(name))
    return graph, mask


def _looped(cutter="AudioLatentSlice", encoder="LTXVAudioVAEEncode"):
    """A mask beside planner and loop, whose audio is cut by a node of that type from what the encoder makes."""
    graph, mask = _masked()
    planner, opened = graph.add("AudioLoopPlanner"), graph.add("TensorLoopOpen")
    song, vae, coded = graph.add("LoadAudio", widgets={"audio": "a.wav"}), graph.add("VAELoader"), graph.add(encoder)
    graph.connect(song.output(), planner.input("audio"))
    graph.connect(mask.input("video_latent").source, opened.input("initial_value"))
    graph.connect(vae.output(), coded.input("audio_vae"))
    if cutter == "TrimAudioDuration":
        trim = graph.add(cutter)
        graph.connect(song.output(), trim.input("audio"))
        graph.connect(trim.output(), coded.input("audio"))
        graph.connect(coded.output(), mask.input("audio_latent"))
    else:
        cut = graph.add(cutter)
        graph.connect(song.output(), coded.input("audio"))
        graph.connect(coded.output(), cut.inputs[0])
        graph.connect(cut.output(), mask.input("audio_latent"))
    return graph, mask


@pytest.mark.parametrize("why", ["truncate", "no latent"])
def test_a_mask_on_a_part_of_a_whole_latent_stays(why):
    graph, mask = _masked(max_length="truncate" if why == "truncate" else "pad")
    if why == "no latent":
        graph.disconnect(mask.input("video_latent"))
    after, remarks = modern(graph, stays=[mask.type])
    assert after.node(mask.id).type == "LTXVAudioVideoMask"
    assert f"{mask}: masks a part of a latent that is whole already, which no node of ComfyUI does; it stays" in remarks


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"existing_mask_mode": "overwrite"},
            "existing_mask_mode 'overwrite' is not carried over; the window makes its own mask",
        ),
        ({"audio_end_time": 2.5}, "it let the model change the audio from 0.0 s to 2.5 s; the window keeps the song as it is"),
    ],
)
def test_other_uses_of_the_mask_are_named(values, said):
    graph, mask = _masked(**values)
    after, remarks = modern(graph)
    assert after.node(mask.id).type == "LoopWindowLatent"
    assert f"{mask}: {said}" in remarks


def test_a_length_that_is_not_written_is_the_usual_one():
    graph, mask = _masked()
    counted = foreign(graph, "Clock", [], [("seconds", "FLOAT")], [])
    counted.connect(counted.node(500).output(), counted.node(mask.id).input("video_end_time"))
    after, remarks = modern(counted)
    assert after.node(mask.id).widgets["window_latents"] == 63
    assert f"{mask}: its video_end_time is not written in the graph; window_latents is 63" in remarks


@pytest.mark.parametrize("encoder", ["LTXVAudioVAEEncode", "AudioLoopEncodeSong"])
@pytest.mark.parametrize("cutter", ["AudioLatentSlice", "AudioLatentWindow", "TrimAudioDuration"])
def test_a_mask_beside_the_planner_goes_by_the_plan(cutter, encoder):
    graph, mask = _looped(cutter, encoder)
    after, remarks = modern(graph)
    made, planner, opened = after.node(mask.id), after.one(type="AudioLoopPlanner"), after.one(type="TensorLoopOpen")
    window = made.input("audio_latent").source.node
    assert (made.type, window.type) == ("LoopWindowLatent", "AudioLatentWindow")
    for node in (made, window):
        assert node.input("plan").source == planner.output("plan")
        assert node.input("current_iteration").source == opened.output("current_iteration")
    (song,) = after.find(type="AudioLoopEncodeSong")
    assert window.input("audio_latent").source.node == song
    assert song.input("plan").source == planner.output("plan")
    assert song.input("audio").source.node.type == "LoadAudio"
    assert song.input("audio_vae").source.node.type == "VAELoader"
    assert len(after.find(type="AudioLatentWindow")) == 1
    assert "no AudioLoopPlanner" not in remarks


@pytest.mark.parametrize("missing", ["song of a slice", "trim", "song of a trim", "vae"])
def test_a_cut_that_leads_to_no_song_leaves_the_mask_its_own_numbers(missing):
    graph, mask = _looped("AudioLatentSlice" if missing == "song of a slice" else "TrimAudioDuration")
    encoder = graph.one(type="LTXVAudioVAEEncode")
    if missing == "song of a slice":
        graph.remove(encoder)
    elif missing == "trim":
        louder = graph.add("AudioAdjustVolume")
        graph.connect(graph.one(type="LoadAudio").output(), louder.input("audio"))
        graph.connect(louder.output(), encoder.input("audio"))
    elif missing == "song of a trim":
        graph.disconnect(graph.one(type="TrimAudioDuration").input("audio"))
    else:
        graph.disconnect(encoder.input("audio_vae"))
    after, remarks = modern(graph)
    assert after.node(mask.id).type == "LoopWindowLatent"
    assert after.node(mask.id).input("plan").source is None
    assert f"{mask}: no AudioLoopPlanner's plan reaches it; window_latents is a number of its own (16)" in remarks
    assert after.find(type="AudioLoopEncodeSong") == ()


def test_a_slice_that_no_window_takes_over_goes_on_by_seconds():
    graph = empty_graph()
    node = graph.add("AudioLatentSlice", widgets={"start_seconds": 3.0, "duration_seconds": 4.0})
    graph.connect(graph.add("LTXVEmptyLatentAudio").output(), node.input("latent"))
    graph.connect(graph.add("PrimitiveFloat").output(), node.input("source_seconds"))
    graph.connect(node.output(), graph.add("LTXVConcatAVLatent").input("audio_latent"))
    after, remarks = modern(graph)
    made = after.node(node.id)
    assert (made.type, made.widgets["start_seconds"], made.widgets["duration_seconds"]) == ("AudioLatentWindow", 3.0, 4.0)
    assert made.input("audio_latent").source.node.type == "LTXVEmptyLatentAudio"
    assert f"{node}: source_seconds is no longer asked for; an audio latent has 25 frames a second" in remarks


@pytest.mark.parametrize("kept", [False, True])
def test_a_song_that_was_padded_before_is_padded_once(kept):
    """By the encoder; the padding node stays only for what else hears it."""
    graph, mask = _looped(encoder="AudioLoopEncodeSong")
    encoder, song = graph.one(type="AudioLoopEncodeSong"), graph.one(type="LoadAudio")
    pad = graph.add("AudioPadToPlan")
    graph.connect(song.output(), pad.input("audio"))
    graph.connect(graph.one(type="AudioLoopPlanner").output("plan"), pad.input("plan"))
    graph.connect(pad.output(), encoder.input("audio"))
    if kept:
        graph.connect(pad.output(), graph.add("SaveAudio").input("audio"))
    after, _ = modern(graph)
    assert after.one(type="AudioLoopEncodeSong").input("audio").source.node_id == song.id
    assert len(after.find(type="AudioPadToPlan")) == kept
    assert after.node(mask.id).type == "LoopWindowLatent"


def test_what_else_is_done_to_the_song_before_it_is_encoded_stays():
    graph, _ = _looped()
    encoder, louder = graph.one(type="LTXVAudioVAEEncode"), graph.add("AudioAdjustVolume")
    graph.splice(encoder.input("audio").link.id, louder)
    made = modern(graph)[0].node(encoder.id)
    assert (made.type, made.input("audio").source.node_id) == ("AudioLoopEncodeSong", louder.id)


def test_a_padding_that_hears_nothing_stays_as_it_is():
    graph, _ = _looped(encoder="AudioLoopEncodeSong")
    encoder, pad = graph.one(type="AudioLoopEncodeSong"), graph.add("AudioPadToPlan")
    graph.connect(pad.output(), encoder.input("audio"))
    after, _ = modern(graph)
    assert after.node(encoder.id).input("audio").source.node_id == pad.id
    assert after.node(encoder.id).input("plan").source.node.type == "AudioLoopPlanner"


def test_an_input_of_the_loops_body_that_has_the_name_already_stays_another_one(kit):
    """The plan comes into the body under the next free name; what else is called so keeps its own source."""
    graph = Graph(kit.sound())
    body = graph.node(606).level
    for name in ("plan", "plan_2"):
        inside = graph.add_input(body, name, "FLOAT")
        graph.connect(inside, graph.add("PreviewAny", level=body).input("source"))
        graph.connect(graph.add("PrimitiveFloat").output(), graph.node(843).input(name))
    after = Graph(modernize(graph.to_document()).document)
    assert after.node(606).input("plan").source.name == "plan_3"
    assert after.node(843).input("plan_3").source == after.one(type="AudioLoopPlanner").output("plan")
    assert after.node(843).input("plan").source.node.type == "PrimitiveFloat"
