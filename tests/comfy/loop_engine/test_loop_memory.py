"""A loop keeps nothing that the next iteration does not need, and nothing at all once it is done."""

from __future__ import annotations

import gc

import pytest

from audio_loop.comfy_host.in_process import PromptFailed

ITERATIONS = 60
AT_ONCE = 3
"""Pictures that may be in memory when one is made: it, the one before, and one that is just being let go."""


def big_loop(graph, **close_inputs):
    flow = graph.open(ITERATIONS, graph.add("TestFrames", kind="image", first=0, count=1))
    body = graph.add("TestBig", previous=graph.previous(flow), name="body")
    return flow, body


def pictures_alive(engine):
    gc.collect()
    return sum(ref() is not None for ref in engine.nodes.ALIVE)


def forget(engine):
    engine.nodes.ALIVE.clear()
    engine.nodes.PEAKS.clear()


def assert_states_are_empty():
    """ComfyUI keeps the nodes of the last prompt, and with them the state of its loop."""
    states = [value for value in gc.get_objects() if type(value).__name__ == "LoopState"]
    assert states
    for state in states:
        assert (state.parts, state.previous, state.initial) == ([], None, None)
        assert (state.captured, state.tapped, state.copies) == ({}, {}, {})


def end(graph, flow, body):
    graph.sink(graph.add("TestCorner", value=graph.close(flow, body, accumulate=False)))


def test_pictures_do_not_pile_up(engine, graph):
    forget(engine)
    flow, body = big_loop(graph)
    end(graph, flow, body)
    result = engine.start(graph.prompt)
    assert result.outputs["sink"]["numbers"] == [ITERATIONS]
    assert max(engine.nodes.PEAKS) <= AT_ONCE
    assert pictures_alive(engine) <= 1


def test_pictures_do_not_pile_up_with_previews_and_a_chain(engine, graph):
    forget(engine)
    flow, body = big_loop(graph)
    graph.add("TestSinkCorner", "preview", value=body, name="preview")
    end(graph, flow, graph.add("TestPass", value=body))
    engine.start(graph.prompt)
    assert engine.runs()["preview"] == ITERATIONS
    assert max(engine.nodes.PEAKS) <= AT_ONCE
    assert pictures_alive(engine) <= 1


def test_pictures_do_not_pile_up_where_an_output_node_is_in_the_body(engine, graph):
    forget(engine)
    flow, body = big_loop(graph)
    end(graph, flow, graph.add("TestShowCorner", value=body, name="show"))
    engine.start(graph.prompt)
    assert engine.runs()["show"] == ITERATIONS
    assert max(engine.nodes.PEAKS) <= AT_ONCE
    assert pictures_alive(engine) <= 1


def test_pictures_do_not_pile_up_in_nested_loops(engine, graph):
    forget(engine)
    outer = graph.open(10, graph.add("TestFrames", kind="image", first=0, count=1))
    inner = graph.open(6, graph.previous(outer))
    body = graph.add("TestBig", previous=graph.previous(inner), name="body")
    end(graph, outer, graph.close(inner, body, accumulate=False))
    engine.start(graph.prompt)
    assert engine.runs()["body"] == 60
    assert max(engine.nodes.PEAKS) <= AT_ONCE + 1
    assert pictures_alive(engine) <= 1


def test_a_finished_loop_holds_nothing(engine, graph):
    flow = graph.open(3, graph.frames(0))
    graph.sink(graph.close(flow, graph.plus(graph.plus(graph.previous(flow), graph.frames(1)), 1)))
    engine.start(graph.prompt)
    assert_states_are_empty()


@pytest.mark.parametrize("class_type", ["TestFail", "TestInterrupt"])
def test_an_unfinished_loop_holds_nothing(engine, graph, class_type):
    forget(engine)
    flow, body = big_loop(graph)
    body = graph.add(class_type, value=body, number=graph.iteration(flow), at=10)
    graph.sink(graph.add("TestCorner", value=graph.close(flow, body)))
    with pytest.raises(PromptFailed):
        engine.start(graph.prompt)
    assert_states_are_empty()
    # What the iteration in which it ended made may stay in ComfyUI's cache until the next prompt.
    assert pictures_alive(engine) <= 2


def test_a_loop_that_collects_holds_its_parts_once(engine, graph):
    forget(engine)
    flow = graph.open(12, graph.add("TestFrames", kind="image", first=0, count=1))
    body = graph.add("TestBig", previous=graph.previous(flow), name="body")
    graph.sink(graph.add("TestCorner", value=graph.close(flow, body)))
    engine.start(graph.prompt)
    assert max(engine.nodes.PEAKS) == 12
    assert pictures_alive(engine) == 0
