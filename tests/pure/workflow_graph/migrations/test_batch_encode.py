from __future__ import annotations

import pytest

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.migrations.migration import MigrationError


def test_prompts_are_encoded_before_the_loop(kit):
    before = kit.sound(clip_in_loop=True, blend_seconds=36.0)
    assert kit.findings(before, "text_encoder_outside_loop")
    graph = kit.check_migrates(before, "batch_encode")
    batch = graph.node(1558)
    assert batch.type == "TimestampPromptScheduleBatchEncode"
    assert batch.input("clip").source.node_id == 416
    assert (batch.input("stride_seconds").source.node_id, batch.input("audio_duration").source.node_id) == (1560, 1560)
    assert batch.widgets["blend_seconds"] == 36.0
    assert batch.widgets["frame_rate"] == 25.0
    assert batch.widgets["schedule"] == Graph(before).node(1558).widgets["schedule"]
    select = graph.node(843).input("positive").source.node
    assert select.type == "ConditioningSelectByIteration"
    assert select.input("current_iteration").source.node_id == 1539
    assert not graph.find(type="CachedTextEncode_AudioLoop")
    assert not graph.find(type="ConditioningBlend")
    assert kit.findings(graph.to_document(), "text_encoder_outside_loop", "frame_rate_on_conditioning") == []


def test_the_rate_of_the_initial_render_is_kept(kit):
    graph = kit.check_migrates(kit.sound(clip_in_loop=True, conditioning_fps=24.0), "batch_encode")
    assert graph.node(1558).widgets["frame_rate"] == 24.0


def test_without_a_planner_it_says_what_to_add_and_changes_nothing(kit):
    graph = Graph(kit.sound(clip_in_loop=True))
    graph.remove(graph.node(1560))
    graph.disconnect(graph.node(1582).input("audio"))
    with pytest.raises(MigrationError, match="AudioLoopPlanner"):
        kit.apply(graph.to_document(), "batch_encode")


def test_graphs_that_encode_outside_stay(kit):
    kit.check_leaves(kit.sound(), "batch_encode")
    kit.check_leaves(kit.ours(), "batch_encode")


def test_a_missing_planner_is_made_from_the_controller(kit):
    graph = Graph(kit.sound(clip_in_loop=True))
    graph.remove(graph.node(1560))
    outcome = kit.apply(graph.to_document(), "batch_encode")
    assert any("is new: it plans the loop" in remark for remark in outcome.remarks)
    after = Graph(outcome.document)
    planner, controller = after.one(type="AudioLoopPlanner"), after.one(type="AudioLoopController")
    for name in ("audio", "window_seconds", "overlap_seconds"):
        assert planner.input(name).source == controller.input(name).source
    assert planner.widgets["fps"] == controller.widgets["fps"]
    assert after.node(1558).input("stride_seconds").source.node == planner
    assert kit.findings(outcome.document, "text_encoder_outside_loop") == []


def test_a_bypassed_planner_is_switched_on_with_a_word(kit):
    graph = Graph(kit.sound(clip_in_loop=True))
    graph.bypass(graph.node(1560))
    outcome = kit.apply(graph.to_document(), "batch_encode")
    assert any("was bypassed and is switched on" in remark for remark in outcome.remarks)
    assert len(Graph(outcome.document).find(type="AudioLoopPlanner")) == 1
    assert kit.findings(outcome.document, "text_encoder_outside_loop") == []
