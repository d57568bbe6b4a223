"""Ids of the nodes that a loop adds: whatever the user's ids are, no two nodes share one."""

from __future__ import annotations

import itertools

import pytest

from audio_loop.loop_engine.copies import due_iteration, make_copies, run_id_of, shown_nodes

from .loop_graphs import Graph, simple, state_of


def test_the_run_id_is_no_beginning_of_an_id_of_the_prompt():
    assert run_id_of("c", ["c", "open"]) == "c.run"
    assert run_id_of("c", ["c", "c.run.1.b"]) == "c.run_"
    assert run_id_of("c", ["c", "c.run", "c.run_"]) == "c.run__"


HOSTILE = ["b", "b.1", "b~1", "b~01", "1+in0", "in", "+in", "more", "run", "capture0", "drive0.1"]
HOSTILE += ["i", "i.run.2.b", "i.run.1+in0", "i close.run.1.i body"]


def all_ids(graph, close_id, run_id):
    """The ids of everything that two iterations of a loop add, previews and inner loops too, in the order made."""
    state = state_of(graph, close_id)
    copies = make_copies(state, run_id, range(1, 3), grows=True)
    made, nodes = list(copies.nodes), dict(copies.nodes)
    for iteration in (1, 2) if state.body.output_nodes() else ():
        due = due_iteration(state, run_id, iteration).nodes
        made += due
        nodes |= due
    for node_id, node in list(nodes.items()):
        if node["class_type"] == "AudioLoopShow":
            made += shown_nodes(state, node["inputs"]["index"], node_id, node["inputs"]["iteration"]).nodes
        if node["class_type"] == "TensorLoopClose":
            inner = Graph(graph | nodes)
            made += all_ids(inner, node_id, run_id_of(node_id, graph))
    return made


@pytest.mark.parametrize("names", list(itertools.combinations(HOSTILE, 2)))
def test_no_two_nodes_share_an_id(names):
    graph = simple()
    for name in names:
        graph.add(name, a=["open", 1])
        graph["body"]["inputs"][name] = [name, 0]
        graph.add(f"{name} preview", "Preview", x=[name, 0])
    graph.add("i open", "TensorLoopOpen", initial_value=["open", 1])
    graph.add("i body", a=["i open", 1])
    graph.add("i close", "TensorLoopClose", flow_control=["i open", 0], processed=["i body", 0])
    graph["body"]["inputs"]["inner"] = ["i close", 0]
    made = all_ids(graph, "close", run_id_of("close", graph))
    assert len(made) == len(set(made))
    assert not set(made) & set(graph)


def test_an_inner_close_node_beside_an_id_that_looks_like_its_copies():
    graph = simple()
    graph.add("i open", "TensorLoopOpen", initial_value=["open", 1])
    graph.add("b", a=["i open", 1])
    graph.add("i", "TensorLoopClose", flow_control=["i open", 0], processed=["b", 0])
    graph.add("i.run.2.b", a=["open", 1])
    graph["body"]["inputs"] |= {"inner": ["i", 0], "beside": ["i.run.2.b", 0]}
    made = all_ids(graph, "close", run_id_of("close", graph))
    assert len(made) == len(set(made))
