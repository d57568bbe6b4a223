"""A loop that was asked to end: what it gives, and that Run goes on where it stopped instead of handing that out again."""

from __future__ import annotations

import pytest

FORGETFUL = ("none", "pressure")
"""Caches that keep nothing from one run to the next."""


def loop(graph, engine, at, iterations=4, initial=None, **close):
    """A loop over 0, 1, 2, ... that asks itself to stop in iteration `at`, and its sink; the flow link."""
    flow = graph.open(iterations, initial or graph.frames(0, name="initial"))
    body = graph.add("TestAskToStop", value=graph.previous(flow), number=graph.iteration(flow), at=at)
    end = graph.close(flow, graph.plus(body, 1), node_id=f"close {graph.salt}", **close)
    graph.sink(end)
    return flow


def change(graph, engine, at):
    """What `at` is in the next run, without a change of the prompt."""
    engine.nodes.TestAskToStop.AT = at


@pytest.fixture(autouse=True)
def _at(engine):
    yield
    engine.nodes.TestAskToStop.AT = None


def test_run_goes_on_after_a_stop_and_a_finished_loop_is_kept(engine, graph):
    loop(graph, engine, at=0)
    for at, shown in ((2, [1, 2]), (3, [1, 2, 3]), (0, [1, 2, 3, 4])):
        change(graph, engine, at)
        assert engine.start(graph.prompt).outputs["sink"]["numbers"] == shown
        assert engine.runs()["body"] == len(shown)
    again = engine.start(graph.prompt)
    assert again.outputs["sink"]["numbers"] == [1, 2, 3, 4]
    assert engine.runs()["body"] == (4 if engine.cache in FORGETFUL else 0)


def test_a_stop_in_the_last_iteration_is_a_finished_loop(engine, graph):
    loop(graph, engine, at=4)
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [1, 2, 3, 4]
    engine.start(graph.prompt)
    assert engine.runs()["body"] == (4 if engine.cache in FORGETFUL else 0)


def test_a_stop_of_another_loop_costs_nothing(default_engine, graph):
    engine = default_engine
    loop(graph, engine, at=0)
    engine.start(graph.prompt)
    other = type(graph)(graph.salt + 0.5)
    loop(other, engine, at=1)
    both = graph.prompt | {f"other {n}": _renamed(node) for n, node in other.prompt.items()}
    assert engine.start(both).outputs["other sink"]["numbers"] == [1]
    # One render: its loop of the first graph was kept, so only the other one ran, and ran once more now.
    assert engine.runs()["body"] == 1
    engine.start(both)
    assert engine.runs()["body"] == 1


def _renamed(node):
    inputs = {k: [f"other {v[0]}", v[1]] if isinstance(v, list) else v for k, v in node["inputs"].items()}
    return node | {"inputs": inputs}


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("kind", ["image", "mask", "video", "nested"])
def test_a_stop_before_the_first_iteration(engine, graph, kind, joined):
    """The initial value is what there is: passed on, or left to the graph if that joins it to the result itself."""
    initial = graph.add("TestAskToStop", value=graph.frames(7, 2, kind, name="initial"), number=1, at=1)
    flow = graph.open(4, initial)
    end = graph.close(flow, graph.add("TestCount", value=graph.previous(flow), name="body"))
    graph.sink(end)
    if joined:
        graph.sink(graph.seen(initial, "joined", also=end), "beside")
    shown = engine.start(graph.prompt).outputs["sink"]["numbers"]
    assert bool(shown) is not joined
    assert shown[:2] == ([] if joined else [7, 8])
    assert engine.runs()["body"] == 0
    engine.nodes.TestAskToStop.AT = 0
    again = engine.start(graph.prompt).outputs["sink"]["numbers"]
    assert len(again) >= 8
    assert engine.runs()["body"] == 4


def test_a_stop_before_the_first_iteration_of_a_loop_that_replaces(engine, graph):
    initial = graph.add("TestAskToStop", value=graph.frames(7, 2), number=1, at=1)
    flow = graph.open(4, initial)
    end = graph.close(flow, graph.plus(graph.previous(flow), 1), accumulate=False)
    graph.sink(end)
    graph.sink(graph.seen(initial, "joined", also=end), "beside")
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [7, 8]


def test_a_stop_before_a_loop_that_has_no_initial_value(engine, graph):
    asked = graph.add("TestAskToStop", value=graph.frames(7), number=1, at=1)
    flow = graph.open(4)
    graph.sink(graph.close(flow, graph.plus(asked, graph.iteration(flow))))
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [8]


def test_a_stop_counts_for_the_whole_render_but_not_for_the_next(engine, graph):
    loop(graph, engine, at=2)
    flow = graph.open(3, ["close " + str(graph.salt), 0])
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 10, "second"), accumulate=False), "second")
    assert engine.start(graph.prompt).outputs["second"]["numbers"] == [1, 2]
    engine.nodes.TestAskToStop.AT = 0
    assert engine.start(graph.prompt).outputs["second"]["numbers"] == [31, 32, 33, 34]


def test_an_inner_loop_runs_whole(engine, graph):
    outer = graph.open(3, graph.frames(0))
    inner = graph.open(3, graph.previous(outer))
    asked = graph.add("TestAskToStop", value=graph.previous(inner), number=graph.iteration(inner), at=1)
    end = graph.close(inner, graph.plus(asked, 1), accumulate=False)
    graph.sink(graph.close(outer, end))
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [3]
    assert engine.runs()["body"] == 3


def test_a_loop_of_frames(engine, graph):
    flow = graph.open(None, graph.frames(0), total_frames=5)
    body = graph.add("TestAskToStop", value=graph.previous(flow), number=graph.iteration(flow), at=2)
    graph.sink(graph.close(flow, graph.plus(body, 1)))
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [1, 2]
    engine.nodes.TestAskToStop.AT = 0
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [1, 2, 3, 4, 5]
