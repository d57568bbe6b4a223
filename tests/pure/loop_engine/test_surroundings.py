"""What stands around a loop: readers behind it, other close nodes, and whether anything wants its result."""

from __future__ import annotations

import pytest

from audio_loop.loop_engine.body import LoopGraphError
from audio_loop.loop_engine.surroundings import (
    close_nodes_of,
    is_read_after,
    live_nodes,
    refuse_outside_readers,
    refuse_second_close,
    refuse_unwanted,
)

from .loop_graphs import simple


def refuse_readers(graph, *targets):
    refuse_outside_readers(graph, "open", "close", live_nodes(graph, targets or ("after",)))


def test_nothing_is_wrong_with_the_simple_loop():
    graph = simple()
    refuse_readers(graph)
    refuse_second_close(graph, "open", graph)
    refuse_unwanted(graph, "open", ["after"])
    assert close_nodes_of(graph, "open", graph) == ("close",)


def test_a_reader_after_the_loop_is_named():
    graph = simple()
    graph.add("late", x=["after", 0], y=["body", 0])
    with pytest.raises(LoopGraphError, match=r"node late \(Plain\) reads its input 'y' from node body"):
        refuse_readers(graph, "late")


def test_a_reader_through_another_node_is_named():
    graph = simple()
    graph.add("scaled", x=["open", 1])
    graph.add("late", x=["after", 0], y=["scaled", 0])
    graph.add("last", x=["late", 0])
    with pytest.raises(LoopGraphError, match=r"node late \(Plain\) reads its input 'y' from node scaled"):
        refuse_readers(graph, "last")


def test_a_reader_that_does_not_run_is_no_fault():
    graph = simple()
    graph.add("late", x=["after", 0], y=["body", 0])
    refuse_readers(graph, "after")


def test_a_preview_of_the_body_is_no_reader_after_the_loop():
    graph = simple()
    graph.add("decoded", x=["body", 0], y=["outside", 0])
    graph.add("preview", "Preview", x=["decoded", 0])
    refuse_readers(graph, "after", "preview")


@pytest.mark.parametrize("slot", [1, 2, 3])
def test_a_value_of_the_open_node_without_the_loop(slot):
    graph = simple()
    graph.add("decoded", x=["open", slot])
    graph.add("saver", "Show", x=["decoded", 0])
    with pytest.raises(LoopGraphError, match=r"node saver \(Show\) wants a value .* TensorLoopOpen \(node open\)"):
        refuse_unwanted(graph, "open", ["saver"])
    refuse_unwanted(graph, "open", ["saver", "after"])


def test_two_close_nodes_are_named():
    graph = simple()
    graph.add("second", "TensorLoopClose", flow_control=["open", 0], processed=["body", 0])
    with pytest.raises(LoopGraphError, match=r"node open\) is closed by 2 TensorLoopClose nodes \(close and second\)"):
        refuse_second_close(graph, "open", graph)
    refuse_second_close(graph, "open", live_nodes(graph, ["after"]))


@pytest.mark.parametrize(
    ("inputs", "joined"),
    [
        ({"a": ["close", 0]}, False),
        ({"a": ["close", 0], "b": ["outside", 0]}, True),
        ({"a": ["close", 0], "b": ["decoded", 0]}, True),
        ({"a": ["close", 0], "b": ["apart", 0]}, False),
        ({"b": ["outside", 0]}, False),
    ],
)
def test_whether_the_initial_value_is_joined_to_the_result(inputs, joined):
    graph = simple()
    graph.add("apart")
    graph.add("decoded", a=["outside", 0])
    graph.add("join", **inputs)
    assert is_read_after(graph, "close", ("outside", 0), live_nodes(graph, ["join"])) is joined
