from __future__ import annotations

import copy

from audio_loop.loop_control.model_facts import LTX_23, LTX_25
from audio_loop.preflight.planning import planned, song_name
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.reading.flow import Flow
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.shipped import ltx25

from .conftest import FOUR_MINUTES


def flow(default_workflow, *edits):
    graph = Graph(copy.deepcopy(default_workflow))
    for edit in edits:
        edit(graph)
    return Flow(graph.to_document(), Schemas.load())


def test_the_song_is_cut_as_the_trim_cuts_it(default_workflow, widget):
    trimmed = flow(default_workflow, widget(567, "start_index", 10.0), widget(567, "duration", 100.0))
    assert planned(trimmed, FOUR_MINUTES).plan.duration == 100
    from_the_end = flow(default_workflow, widget(567, "start_index", -30.0))
    assert planned(from_the_end, FOUR_MINUTES).plan.duration == 30
    beyond = flow(default_workflow, widget(567, "start_index", 300.0))
    assert "empty" in planned(beyond, FOUR_MINUTES).error


def test_the_numbers_are_those_of_the_planner(default_workflow, widget):
    edits = (widget(1560, "max_iterations", 3), widget(1560, "last_window", "full"), widget(2013, "value", 4.0))
    plan = planned(flow(default_workflow, *edits), FOUR_MINUTES).plan
    assert (plan.iterations, plan.last_window, plan.base_seed, plan.stride) == (3, "full", 42, 16)


def test_order_and_windows_are_those_of_the_planner(default_workflow, widget):
    edits = (widget(1560, "order", "anchors first"), widget(1560, "windows", "3, 6"))
    plan = planned(flow(default_workflow, *edits), FOUR_MINUTES).plan
    assert (plan.order, plan.sequence) == ("anchors first", (2, 4, 6, 3))
    assert "windows names 99" in planned(flow(default_workflow, widget(1560, "windows", "99")), FOUR_MINUTES).error


def test_the_lead_in_of_ltx_2_5_is_known_by_the_name_of_its_file(default_workflow, widget):
    of_ltx25 = ltx25.build().workflow()
    assert planned(flow(of_ltx25), FOUR_MINUTES).plan.model == LTX_25
    refused = planned(flow(of_ltx25, widget(2013, "value", 0.3)), FOUR_MINUTES).error
    assert "the smallest overlap that works is 0.38 s" in refused
    other = planned(flow(of_ltx25, widget(2501, "unet_name", "ltx-2.3-22b-distilled-1.1.safetensors")), FOUR_MINUTES)
    assert other.plan.model == planned(flow(default_workflow), FOUR_MINUTES).plan.model == LTX_23


def test_the_song_is_that_of_the_planner(default_workflow):
    assert song_name(flow(default_workflow)) == "song.mp3"


def test_without_a_song_it_says_so(default_workflow):
    assert planned(flow(default_workflow), None).unknown == "the length of the song is not known"


def test_a_number_that_no_float_is_as_large_as_is_none(default_workflow):
    prompt = to_api(default_workflow)
    prompt["688"]["inputs"]["value"] = 5 * 10**308
    assert planned(Flow(prompt, Schemas.load()), FOUR_MINUTES).unknown.startswith("window_seconds of node 1560")
