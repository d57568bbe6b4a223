"""The planner that is made for a loop from its controller."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.migrations.planners import planner_for

from .small_graphs import decoded, empty_graph, modern


def _controlled():
    graph = empty_graph()
    controller = graph.add("AudioLoopController", widgets={"window_seconds": 10.0, "overlap_seconds": 1.5, "fps": 24})
    graph.connect(graph.add("LoadAudio", widgets={"audio": "a.wav"}).output(), controller.input("audio"))
    return graph, controller


def test_a_planner_has_the_numbers_that_the_controller_has():
    graph, controller = _controlled()
    names = list(controller.widgets)
    controller.raw["widgets_values"] = [None if name == "fps" else controller.widgets[name] for name in names]
    found = planner_for(graph, controller)
    values = found.planner.widgets
    assert (values["window_seconds"], values["overlap_seconds"], values["fps"]) == (10.0, 1.5, 25)
    assert found.planner.input("audio").source.node.type == "LoadAudio"
    assert found.remarks == (f"{found.planner} is new: it plans the loop from what {controller} has",)


def test_a_wire_that_a_planner_cannot_take_is_named():
    graph, controller = _controlled()
    source = graph.add("PrimitiveFloat")
    graph.connect(source.output(), controller.input("overlap_seconds"))
    source.raw["outputs"][0]["type"] = "STRING"
    found = planner_for(graph, controller)
    assert found.remarks[0].startswith(f"{found.planner}: overlap_seconds cannot be wired as it is at {controller}: ")
    assert found.planner.input("overlap_seconds").source is None
    assert found.planner.widgets["overlap_seconds"] == 1.5


@pytest.mark.parametrize("why", ["no song", "not asked for"])
def test_no_planner_is_made(why):
    graph, controller = _controlled()
    if why == "no song":
        graph.disconnect(controller.input("audio"))
    assert planner_for(graph, controller, make=why == "no song") is None
    assert graph.find(type="AudioLoopPlanner") == ()


def test_modernizing_makes_none_beside_a_controller_without_a_song():
    graph, controller = _controlled()
    decoded(graph)
    graph.disconnect(controller.input("audio"))
    after, remarks = modern(graph)
    assert after.find(type="AudioLoopPlanner") == ()
    assert "is new" not in remarks
