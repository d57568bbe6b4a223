"""Every rule of the check: a workflow that trips it, and one that does not. A rule without such a pair is a failure."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import lru_cache

import pytest

from audio_loop.cost.cards import card_named
from audio_loop.preflight import rules as rules_package
from audio_loop.preflight.check import preflight
from audio_loop.preflight.listening import Listened
from audio_loop.preflight.values import GivenValues
from audio_loop.workflow_graph.audit.engine import all_rules, rules_in
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.shipped import classic as classic_graph
from audio_loop.workflow_graph.shipped import music_video
from audio_loop.workflow_graph.shipped.classic_options import FIRST_PROMPT, SCHEDULE

from ..audio.sound_report.reports import FINE
from .conftest import FOUR_MINUTES, SOUND_MACHINE


def setting(node_id, name, value):
    return lambda graph: graph.node(node_id).widgets.__setitem__(name, value)


def schedule(text):
    return setting(1559, "schedule", text)


def wire(source, slot, node_id, name):
    return lambda graph: graph.connect(graph.node(source).output(slot), graph.node(node_id).input(name))


SINGER = "A singer is singing."
CLASSIC = {
    "audio_encoded_outside_loop": {"audio_in_loop": True},
    "audio_trim_default": {"trim": (5.0, 300.0)},
    "decoder": {"decoder": "core", "decoder_widgets": (512, 64, 64, 8)},
    "fps_coherence": {"video_fps": 24},
    "frame_rate_on_conditioning": {"clip_in_loop": True},
    "guide_positions_reach_sampler": {"crop_before_guider": True},
    "initial_window": {"length": 489},
    "iterations_autowired": {"iterations_wired": False},
    "length": {"length": 490},
    "noise_mask_hygiene": {"strip_context": False},
    "overlap_range": {"overlap": 0.0},
    "overlap_single_source": {"controller_overlap": 1.0},
    "preprocess_symmetry": {"raw_guide": True},
    "sage_mask_safety": {"sage": "auto"},
    "sampler_type": {"sampler": "euler_ancestral"},
    "seed_control_drift": {"seed_drift": True},
    "text_encoder_outside_loop": {"clip_in_loop": True},
}
"""Rule -> options of the classic graph."""

DEFAULT = {
    "blend_seconds": setting(1558, "blend_seconds", 5.0),
    "cfg_value": setting(153, "cfg", 3.0),
    "distilled_levels": setting(2014, "strength_model", 0.0),
    "distilled_once": setting(414, "ckpt_name", "ltx-2.3-22b-distilled-1.1.safetensors"),
    "ltx25_facts": setting(414, "ckpt_name", "ltx-2.5-22b-distilled.safetensors"),
    "ltx25_guides": setting(414, "ckpt_name", "ltx-2.5-22b-distilled.safetensors"),
    "loop_follows_order": setting(1560, "order", "anchors first"),
    "manual_sigmas": setting(1421, "sigmas", "1.0, 0.5, 0.0"),
    "plan_possible": setting(526, "value", 0.0),
    "preprocess_compression": setting(446, "img_compression", 0),
    "prompt_byte_exact": schedule(f"0:00-1:00: {SINGER}\n1:00+: A dancer is singing."),
    "prompt_wording": schedule(f"0:00+: {SINGER[:-1]}, wide shot."),
    "resolution": setting(1634, "width", 830),
    "schedule_indented_time": schedule(f"0:00-1:00: {SINGER}\n 1:00+: {SINGER}"),
    "schedule_readable": schedule("0:00 a singer"),
    "section_length": schedule(f"0:00-1:30: {SINGER}\n1:30-1:38: {SINGER}\n1:38+: {SINGER}"),
    "sections_shown": schedule(f"0:00-4:30: {SINGER}\n4:30+: {SINGER}"),
    "snap_boundaries": setting(1558, "snap_boundaries", False),
    "target_folder": setting(1604, "filename_prefix", "../video"),
    "vae_kinds": wire(1538, 0, 1604, "vae"),
    "window_length": setting(688, "value", 30.0),
}
"""Rule -> an edit of the default graph."""

DULL = Listened(replace(FINE, band_levels_db=(-24.0, -22.0, -26.0, -28.0, -47.0)), is_whole=True)
MACHINE = {
    "disk_room": {"free_bytes": 10**6},
    "files_there": {"has_file": lambda *_: False},
    "fits_card": {"card": replace(card_named("RTX 3070"), memory_gib=4)},
    "song_sound": {"listen": lambda *_: DULL},
}
"""Rule -> the machine."""


@lru_cache
def classic(**options):
    return classic_graph.workflow(classic_graph.Options(**options))


def edited(document, *edits):
    graph = Graph(copy.deepcopy(document))
    for edit in edits:
        edit(graph)
    return graph.to_document()


def old_slot(graph):
    slots = graph.one(type="AudioLoopPlanner").raw["inputs"]
    slots.append({"name": "stride_seconds", "type": "FLOAT", "link": None, "widget": {"name": "stride_seconds"}})


def old_name(graph):
    slots = graph.node(1582).raw["inputs"]
    next(slot for slot in slots if slot["name"] == "base_seed")["name"] = "seed"


def unfed(graph):
    node = next(each for each in graph.find(type="SetNode") if each.raw["widgets_values"] == ["sampler"])
    graph.disconnect(node.inputs[0])


def uncropped(graph):
    crop = graph.one(type="LTXVCropGuides", role="loop_crop")
    graph.connect(crop.input("latent").source, graph.one(role="loop_trim").input("latent"))


def dead(document):
    document["nodes"][0]["outputs"] = [{"name": "X", "type": "X", "links": [99999]}]
    return document


def circular(document):
    number = document["last_link_id"] + 1
    document["last_link_id"] = number
    nodes = {node["id"]: node for node in document["nodes"]}
    old = nodes[504]["inputs"][0]["link"]
    document["links"] = [link for link in document["links"] if link[0] != old]
    for node in document["nodes"]:
        for output in node.get("outputs", []):
            output["links"] = [each for each in output.get("links") or [] if each != old]
    document["links"].append([number, 508, 0, 504, 0, "MODEL"])
    nodes[504]["inputs"][0]["link"] = number
    nodes[508]["outputs"][0]["links"].append(number)
    return document


def unknown(document):
    document["nodes"][0]["type"] = "SomebodysNode"
    return document


def preview(graph):
    node = graph.add("PreviewAny", id=4001)
    graph.connect(graph.one(type="TensorLoopOpen").output("current_iteration"), node.input("source"))


def no_trim(graph):
    graph.one(type="VHS_VideoCombine").widgets["trim_to_audio"] = False


def loop_without_guidance(graph):
    graph.connect(graph.node(1523).output(), graph.node(843).input("model"))


OTHER = {
    "draft_covers_finish": lambda: edited(
        music_video.build().workflow(), setting(1560, "max_iterations", 1), setting(2500, "stage", "finish")
    ),
    "dead_links": lambda: dead(copy.deepcopy(classic())),
    "graph_acyclic": lambda: circular(copy.deepcopy(classic())),
    "loop_body_containment": lambda: edited(classic(), preview),
    "missing_nodes": lambda: unknown(copy.deepcopy(classic())),
    "nag_reaches_loop": lambda: edited(classic(), loop_without_guidance),
    "outdated_sockets": lambda: edited(classic(), old_name),
    "planner_no_stride_input": lambda: edited(classic(), old_slot),
    "set_get_integrity": lambda: edited(classic(), unfed),
    "video_ends_with_audio": lambda: edited(classic(), no_trim),
}
"""Rule -> a graph."""

GIVEN = GivenValues(830, 448, 0, "", None, None)
BY_HAND = {"given_values", "loop_cropguides_symmetry"}


def codes(document, given=None, **machine):
    found = preflight(document, FOUR_MINUTES, replace(SOUND_MACHINE, **machine), given=given)
    return {each.rule.code for each in found.audit.reported}


def test_every_rule_has_its_pair():
    known = {rule.code for rule in (*all_rules(), *rules_in(rules_package))}
    assert {*CLASSIC, *DEFAULT, *MACHINE, *OTHER, *BY_HAND} == known


def test_sound_workflows_trip_nothing(default_workflow):
    assert codes(default_workflow) == set()
    assert codes(default_workflow, replace(GIVEN, width_px=832)) == set()
    assert codes(classic()) == set()


@pytest.mark.parametrize("code", CLASSIC)
def test_the_classic_graph_with_this_fault_trips_it(code):
    assert code in codes(classic(**CLASSIC[code]))


@pytest.mark.parametrize("code", DEFAULT)
def test_the_default_with_this_edit_trips_it(code, default_workflow):
    assert code in codes(edited(default_workflow, DEFAULT[code]))


@pytest.mark.parametrize("code", MACHINE)
def test_the_default_on_this_machine_trips_it(code, default_workflow):
    assert codes(default_workflow, **MACHINE[code]) == {code}


@pytest.mark.parametrize("code", OTHER)
def test_this_graph_trips_it(code):
    assert code in codes(OTHER[code]())


def test_values_and_a_loop_that_crops_nothing_trip_theirs(default_workflow):
    assert codes(default_workflow, GIVEN) == {"given_values"}
    assert "loop_cropguides_symmetry" in codes(edited(default_workflow, uncropped))


@pytest.mark.parametrize("code", sorted({*DEFAULT, *CLASSIC} - {"seed_control_drift"}))
def test_findings_lead_to_a_node(code, default_workflow):
    """A click has somewhere to go: all that looks at what runs names a node of it."""
    document = edited(default_workflow, DEFAULT[code]) if code in DEFAULT else classic(**CLASSIC[code])
    found = preflight(document, FOUR_MINUTES, SOUND_MACHINE)
    assert all(each.finding.node_id is not None for each in found.audit.reported if each.rule.code == code)


def test_a_first_prompt_of_its_own_trips_where_it_differs():
    assert codes(classic(first_prompt=FIRST_PROMPT)) == set()
    assert codes(classic(first_prompt=FIRST_PROMPT + " Rain.")) == {"prompt_byte_exact"}
    assert codes(classic(schedule=SCHEDULE)) == set()
