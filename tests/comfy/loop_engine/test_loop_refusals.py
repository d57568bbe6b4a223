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


def test_reading_the_open_node_after_the_loop_through_another_node(default_engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    end = graph.close(flow, graph.plus(graph.previous(flow), 1))
    scaled = graph.plus(graph.previous(flow), 2, "scaled", node_id="scaled")
    graph.sink(graph.plus(end, scaled, "late", node_id="late reader"))
    assert "node late reader (TestPlus) reads its input 'b' from node scaled" in refused(default_engine, graph)
    assert default_engine.runs()["body"] == 0


def test_reading_the_open_node_instead_of_the_loop(engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    graph.close(flow, graph.plus(graph.previous(flow), 1))
    graph.sink(graph.plus(graph.previous(flow), 2, "decoded"), node_id="saver")
    message = refused(engine, graph)
    assert "node saver (TestSink) wants a value that exists only while the loop" in message
    assert f"TensorLoopOpen (node {flow[0]})" in message
    assert "Wire it to the output of TensorLoopClose" in message


def test_two_close_nodes_on_one_open_node(engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    body = graph.plus(graph.previous(flow), 1)
    graph.sink(graph.close(flow, body, node_id="first close"))
    graph.sink(graph.close(flow, body, node_id="second close"), "sink 2")
    assert "is closed by 2 TensorLoopClose nodes (first close and second close)" in refused(engine, graph)
    assert engine.runs()["body"] == 0


def test_a_close_node_behind_another_one_of_the_same_loop(engine, graph, refused):
    flow = graph.open(3, graph.frames(0))
    first = graph.close(flow, graph.plus(graph.previous(flow), 1), node_id="first close")
    graph.sink(graph.close(flow, graph.plus(first, graph.iteration(flow)), node_id="second close"))
    assert "is closed by 2 TensorLoopClose nodes (first close and second close)" in refused(engine, graph)
    assert engine.runs()["body"] == 0


def test_two_close_nodes_inside_another_loop(engine, graph, refused):
    outer = graph.open(2, graph.frames(0))
    inner = graph.open(2, graph.previous(outer))
    body = graph.plus(graph.previous(inner), 1)
    ends = [graph.close(inner, body, accumulate=False, node_id=name) for name in ("first close", "second close")]
    graph.sink(graph.close(outer, graph.plus(*ends, "outer")))
    assert "(first close and second close)" in refused(engine, graph)
    assert engine.runs()["body"] == 0


def test_a_misspelt_mode(engine, graph, refused):
    flow = graph.open(3, graph.frames(0, name="initial"))
    graph.prompt[flow[0]]["inputs"]["mode"] = "itterations"
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1)))
    message = refused(engine, graph)
    assert f"TensorLoopOpen (node {flow[0]}): mode is 'itterations'; use one of iterations, total_frames" in message
    assert engine.runs() == {}


def test_a_misspelt_overlap(engine, graph, refused):
    flow = graph.open(3, graph.frames(0, name="initial"))
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1), overlap="strat", overlap_frames=2, node_id="c"))
    message = refused(engine, graph)
    assert "TensorLoopClose (node c): overlap is 'strat'; use one of disabled, start, end" in message
    assert engine.runs() == {}


def test_a_misspelt_overlap_of_an_inner_loop(engine, graph, refused):
    outer = graph.open(2, graph.frames(0, name="initial"))
    inner = graph.open(2, graph.previous(outer))
    end = graph.close(inner, graph.plus(graph.previous(inner), 1), overlap="End", node_id="inner close")
    graph.sink(graph.close(outer, end))
    assert "TensorLoopClose (node inner close): overlap is 'End'" in refused(engine, graph)
    assert engine.runs() == {}


@pytest.mark.parametrize(
    ("opened", "closed", "named"),
    [
        ({"total_frames": 5}, {"accumulate": False}, "needs 'accumulate' on"),
        ({"total_frames": 5}, {"overlap": "end", "overlap_frames": 1}, "cannot be used with overlap 'end'"),
    ],
)
def test_a_loop_without_a_way_to_its_end_is_refused_before_the_initial_render(engine, graph, refused, opened, closed, named):
    flow = graph.open(initial=graph.frames(0, name="initial"), **opened)
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1), **closed))
    assert named in refused(engine, graph)
    assert engine.runs() == {}


def test_no_iterations_and_nothing_to_pass_on_is_refused_before_anything_else_runs(engine, graph, refused):
    flow = graph.open(0)
    graph.sink(graph.plus(graph.close(flow, graph.plus(graph.iteration(flow), 1)), graph.frames(0, name="other")))
    assert "0 iterations and no initial_value" in refused(engine, graph)
    assert engine.runs() == {}


@pytest.mark.parametrize("overlap", ["start", "end", "fade_linear", "fade_smooth", "replace_tail"])
def test_a_part_that_cannot_be_joined_ends_the_loop_at_once(engine, graph, refused, overlap):
    """Not after the last iteration, when everything has been made."""
    flow = graph.open(5, graph.frames(0, 3))
    small, large = graph.frames(0, 3, name="body"), graph.add("EmptyImage", width=64, height=32, batch_size=3, color=0)
    second = graph.add("TestEqual", a=graph.iteration(flow), b=2, name="body")
    part = graph.add("ComfySwitchNode", switch=second, on_true=large, on_false=small)
    graph.sink(graph.close(flow, part, overlap=overlap, overlap_frames=2))
    assert "part 2 of shape" in refused(engine, graph)
    assert engine.runs()["body"] <= 3
