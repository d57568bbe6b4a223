"""The classic workflow: the file is what the Python makes, sound, convertible, and with the ids that people know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.to_api import convert
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.shipped import classic
from audio_loop.workflow_graph.shipped.classic_options import AS_SAVED_IN_APRIL, Options

FILE = REPOSITORY / "example_workflows" / classic.FOLDER / f"{classic.NAME}.json"
SOUND = Options()
PACKS = {"comfy-core", "audio-loop", "kjnodes", "ltxvideo", "videohelpersuite", "melbandroformer"}
IDS = {
    268: "PathchSageAttentionKJ",
    444: "LoadImage",
    445: "ImageResizeKJv2",
    446: "LTXVPreprocess",
    508: "LTX2_NAG",
    531: "LTXVImgToVideoInplaceKJ",
    567: "TrimAudioDuration",
    617: "VHS_VideoCombine",
    688: "FloatConstant",
    1322: "RandomNoise",
    1539: "TensorLoopOpen",
    1540: "TensorLoopClose",
    1560: "AudioLoopPlanner",
    1582: "AudioLoopController",
    1604: "LTXVTiledVAEDecode",
    # Inside the subgraph:
    606: "LTXVAudioVideoMask",
    644: "CFGGuider",
    1519: "LTXVAddLatentGuide",
}
VARIANTS = {
    "sound": SOUND,
    "april": AS_SAVED_IN_APRIL,
    "raw_guide": replace(SOUND, raw_guide=True),
    "crop_before_guider": replace(SOUND, crop_before_guider=True),
    "core_decoder": replace(SOUND, decoder="core"),
    "spatiotemporal": replace(SOUND, decoder="spatiotemporal", decoder_widgets=(1, 1, 63, 6)),
    "masked_context": replace(SOUND, strip_context=False),
    "clip_in_loop": replace(SOUND, clip_in_loop=True),
}


def test_the_file_is_what_the_python_makes():
    assert FILE.read_bytes() == document.dumps(classic.workflow())


def test_known_ids_have_the_known_types():
    graph = Graph(classic.workflow())
    assert {i: graph.node(i).type for i in IDS} == IDS
    assert graph.node(843).definition.name == "extension"


def test_it_needs_the_named_packs_and_no_other():
    schemas = Schemas.load()
    used = {node.type for node in Graph(classic.workflow()).nodes} - {"MarkdownNote", "SetNode", "GetNode"}
    instances = {node.type for node in Graph(classic.workflow()).nodes if node.definition}
    assert {schemas[node_type].pack for node_type in used - instances} == PACKS


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_sound_and_converts_without_a_note(name):
    made = classic.workflow(VARIANTS[name])
    assert check(made) == ()
    conversion = convert(made)
    # Of the graph with all faults of old files, what an old file holds is told.
    assert [note for note in conversion.notes if name != "april" or "control_after_generate" not in note] == []
    kinds = {node["class_type"] for node in conversion.prompt.values()}
    assert not kinds & {"SetNode", "GetNode"}
    assert {"SamplerCustomAdvanced", "TensorLoopOpen", "TensorLoopClose", "VHS_VideoCombine"} <= kinds


def test_every_variant_differs_from_the_sound_one():
    made = {name: document.dumps(classic.workflow(options)) for name, options in VARIANTS.items()}
    assert len(set(made.values())) == len(VARIANTS)


def test_broadcasts_carry_the_types_of_their_sources():
    graph = Graph(classic.workflow())
    for node in graph.find(type="GetNode"):
        assert node.output().type == node.output().name != "*"
        assert {link.type for link in node.output().links} <= {node.output().type}


def test_a_resolved_broadcast_reaches_the_loop():
    prompt = convert(classic.workflow()).prompt
    assert prompt["843:1519"]["inputs"]["guiding_latent"] == ["1617", 0]
    assert prompt["1617"]["inputs"]["pixels"] == ["446", 0]
    raw = convert(classic.workflow(VARIANTS["raw_guide"])).prompt
    assert raw["1617"]["inputs"]["pixels"] == ["445", 0]


def test_drifted_values_are_those_of_the_older_controller():
    graph = Graph(classic.workflow(replace(SOUND, seed_drift=True)))
    assert graph.node(1582).raw["widgets_values"] == [1, 19.88, 2.0, 0, "randomize", 25]


def test_a_classic_graph_that_breaks_a_rule_is_never_written(monkeypatch):
    monkeypatch.setattr(classic, "check", lambda document: ("a broken link",))
    with pytest.raises(AssertionError, match="the classic graph breaks its own rules: a broken link"):
        classic.workflow()
