"""Graphs that cannot work are refused before the body runs, with the node named."""

from __future__ import annotations

import pytest


def test_reading_a_value_of_the_body_after_the_loop(default_engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    body = graph.plus(graph.previous(flow), 1)
    end = graph.close(flow, body)
    graph.sink(graph.plus(end, body, "late", node_id="late reader"))
    message = refused(default_engine, graph)
    assert "node late reader (TestPlus) reads its input 'b'" in message
    assert f"from node {body[0]}" in message
    assert default_engine.runs()["body"] == 0


def test_reading_the_open_node_after_the_loop(default_engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    end = graph.close(flow, graph.plus(graph.previous(flow), 1))
    graph.sink(graph.plus(end, graph.iteration(flow), "late", node_id="late reader"))
    assert "node late reader (TestPlus) reads its input 'b'" in refused(default_engine, graph)
    assert default_engine.runs()["body"] == 0


def test_reading_a_value_of_an_inner_body_after_the_inner_loop(default_engine, graph, refused):
    outer = graph.open(2, graph.frames(0))
    inner = graph.open(2, graph.previous(outer))
    body = graph.plus(graph.previous(inner), 1)
    end = graph.close(inner, body, accumulate=False)
    graph.sink(graph.close(outer, graph.plus(end, body, "late", node_id="late reader")))
    assert "node late reader (TestPlus) reads its input 'b'" in refused(default_engine, graph)
    assert default_engine.runs()["body"] == 0


def test_an_open_node_without_a_close_node(default_engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    graph.sink(graph.plus(graph.previous(flow), 1))
    assert f"TensorLoopOpen (node {flow[0]}) has no TensorLoopClose" in refused(default_engine, graph)


def test_an_open_node_without_a_close_node_inside_another_loop(default_engine, graph, refused):
    forgotten = graph.open(3, graph.frames(0))
    flow = graph.open(2, graph.frames(0))
    body = graph.plus(graph.previous(flow), graph.iteration(forgotten))
    graph.sink(graph.close(flow, body))
    assert f"TensorLoopOpen (node {forgotten[0]}) has no TensorLoopClose" in refused(default_engine, graph)
    assert default_engine.runs()["body"] == 0


def test_a_body_that_does_not_depend_on_the_open_node(default_engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    graph.sink(graph.close(flow, graph.plus(graph.frames(0), 1)))
    message = refused(default_engine, graph)
    assert "does not depend on TensorLoopOpen" in message
    assert f"(node {flow[0]})" in message
    assert default_engine.runs() == {}


def test_an_inner_body_that_does_not_depend_on_its_open_node(default_engine, graph, refused):
    outer = graph.open(3, graph.frames(0))
    inner = graph.open(2)
    end = graph.close(inner, graph.plus(graph.previous(outer), 1), node_id="inner close")
    graph.sink(graph.close(outer, end))
    message = refused(default_engine, graph)
    assert "TensorLoopClose (node inner close)" in message
    assert default_engine.runs()["body"] == 0


@pytest.mark.parametrize("class_type", ["TestCount", "TestWhole"])
def test_flow_control_from_something_else(default_engine, graph, refused, class_type):
    flow = graph.open(3, graph.frames(0))
    wrong = graph.add(class_type, "wrong source", value=1)
    graph.sink(graph.close(wrong, graph.plus(graph.previous(flow), 1)))
    message = refused(default_engine, graph)
    # ComfyUI's own check of socket types catches what is typed; a socket of any type gets as far as ours.
    assert "wrong source" in message if class_type == "TestCount" else "mismatch" in message
    assert default_engine.runs()["body"] == 0


def test_an_output_of_the_open_node_straight_into_the_close_node(default_engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    graph.sink(graph.close(flow, graph.previous(flow)))
    assert "'processed'" in refused(default_engine, graph)


def test_a_cycle_is_refused(default_engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    body = graph.plus(graph.previous(flow), 1)
    graph.prompt[body[0]]["inputs"]["b"] = graph.close(flow, body)
    graph.sink([graph.prompt[body[0]]["inputs"]["b"][0], 0])
    assert "cycle" in refused(default_engine, graph).lower()
