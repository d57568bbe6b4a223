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


@pytest.mark.parametrize("missing", ["iteration", "clip"])
def test_a_schedule_that_is_not_wired_is_refused_with_what_to_wire(kit, missing):
    graph = Graph(kit.sound(clip_in_loop=True))
    if missing == "iteration":
        graph.disconnect(graph.node(1558).input("current_iteration"))
    for node in graph.find(type="CachedTextEncode_AudioLoop") if missing == "clip" else ():
        graph.disconnect(node.input("clip"))
    with pytest.raises(MigrationError, match="its current_iteration or the encoder's clip is not wired; wire them first"):
        kit.apply(graph.to_document(), "batch_encode")


def test_what_else_read_the_schedule_is_named(kit):
    graph = Graph(kit.sound(clip_in_loop=True))
    shown = graph.add("PreviewAny")
    text = next(output for output in graph.node(1558).outputs if output.type == "STRING")
    graph.connect(text, shown.input("source"))
    outcome = kit.apply(graph.to_document(), "batch_encode")
    assert f"{shown} read the time or text of {graph.node(1558)} and is no longer fed" in outcome.remarks
    assert Graph(outcome.document).node(shown.id).input("source").source is None


@pytest.mark.parametrize(("controller", "rate"), [({"fps": 30}, 30.0), ({"fps": 0}, 25.0), ({"fps": 30, "wired": True}, 25.0)])
def test_without_an_initial_render_the_rate_is_the_controllers_own_or_the_models(kit, controller, rate):
    graph = Graph(kit.sound(clip_in_loop=True))
    for node in graph.find(type="LTXVConditioning"):
        node.raw["mode"] = 2
    (found,) = graph.find(type="AudioLoopController")
    graph.disconnect(found.input("fps"))
    names = list(found.widgets)
    found.raw["widgets_values"] = [controller["fps"] if name == "fps" else found.widgets[name] for name in names]
    if controller.get("wired"):
        graph.connect(graph.add("PrimitiveFloat", widgets={"value": 24.0}).output(), found.input("fps"))
    after = Graph(kit.apply(graph.to_document(), "batch_encode").document)
    assert after.node(1558).widgets["frame_rate"] == rate
