"""Errors, interruptions and blocked values inside a loop: named, without a hang, and the next prompt is normal."""

from __future__ import annotations

import logging

import pytest

from audio_loop.comfy_host.in_process import PromptFailed

LENGTH = 20


def body_with(graph, class_type, at, iterations=LENGTH, **open_inputs):
    """A loop whose body has a node that does something in iteration `at`."""
    flow = graph.open(iterations, graph.frames(0), **open_inputs)
    body = graph.plus(graph.previous(flow), 1)
    body = graph.add(class_type, value=body, number=graph.iteration(flow), at=at, name="risky")
    graph.sink(graph.close(flow, body))
    return flow[0]


def unfinished(engine):
    """What the browser is told of loops that ended early, and of no other render."""
    found = [dict(data) for event, data in engine.comfy.browser.sent if event == "audio_loop.unfinished"]
    assert {data.pop("prompt_id") for data in found} <= {engine.comfy.browser.last_prompt_id}
    return found


def assert_runs_normally(engine, graph):
    """The same loop, with nothing that goes wrong in it."""
    again = type(graph)(salt=f"{graph.salt} again")
    body_with(again, "TestFail", at=-1)
    assert engine.start(again.prompt).outputs["sink"]["numbers"] == list(range(1, LENGTH + 1))
    assert engine.runs()["risky"] == LENGTH
    assert unfinished(engine) == []


@pytest.mark.parametrize("at", [1, 7, 17, LENGTH])
def test_an_error_names_the_iteration(engine, graph, caplog, at):
    open_id = body_with(graph, "TestFail", at)
    with caplog.at_level(logging.ERROR), pytest.raises(PromptFailed, match=f"failed on purpose at {at}"):
        engine.start(graph.prompt)
    assert f"loop {open_id} ended early, in iteration {at} / {LENGTH}" in caplog.text
    assert unfinished(engine) == [{"node": open_id, "iteration": at, "of": LENGTH}]
    assert engine.runs()["risky"] == at
    assert_runs_normally(engine, graph)


def test_the_same_prompt_fails_again(engine, graph):
    """Nothing of the failed run is taken for its result."""
    body_with(graph, "TestFail", 3)
    for _ in range(2):
        with pytest.raises(PromptFailed, match="failed on purpose at 3"):
            engine.start(graph.prompt)
        assert engine.runs()["risky"] == 3


def test_an_error_where_frames_are_the_target_names_the_iteration(default_engine, graph):
    open_id = body_with(graph, "TestFail", 18, None, total_frames=30)
    with pytest.raises(PromptFailed):
        default_engine.start(graph.prompt)
    assert unfinished(default_engine) == [{"node": open_id, "iteration": 18, "of": None}]


def test_an_error_in_an_inner_loop_names_both_iterations(engine, graph):
    outer = graph.open(4, graph.frames(0))
    inner = graph.open(3, graph.previous(outer))
    body = graph.plus(graph.previous(inner), 1)
    # The value counts the inner iterations of all outer ones: the fifth is the second of the second.
    number = graph.add("TestWhole", value=graph.add("TestFirst", value=body))
    body = graph.add("TestFail", value=body, number=number, at=5, name="risky")
    graph.sink(graph.close(outer, graph.close(inner, body, accumulate=False)))
    with pytest.raises(PromptFailed, match="failed on purpose at 5"):
        engine.start(graph.prompt)
    places = sorted((data["node"], data["iteration"], data["of"]) for data in unfinished(engine))
    assert places == sorted([(outer[0], 2, 4), (inner[0], 2, 3)])
    assert_runs_normally(engine, graph)


@pytest.mark.parametrize("at", [1, 7, LENGTH])
def test_an_interrupted_loop_leaves_a_working_executor(engine, graph, at):
    open_id = body_with(graph, "TestInterrupt", at)
    with pytest.raises(PromptFailed) as stopped:
        engine.start(graph.prompt)
    assert stopped.value.kind == "execution_interrupted"
    assert unfinished(engine) == [{"node": open_id, "iteration": at, "of": LENGTH}]
    assert engine.runs()["risky"] == at
    assert_runs_normally(engine, graph)


def test_interrupted_where_an_asynchronous_node_waits(engine, graph):
    flow = graph.open(LENGTH, graph.frames(0))
    body = graph.add("TestAsync", value=graph.plus(graph.previous(flow), 1), name="async")
    body = graph.add("TestInterrupt", value=body, number=graph.iteration(flow), at=3)
    graph.sink(graph.close(flow, graph.add("TestAsync", value=body)))
    with pytest.raises(PromptFailed) as stopped:
        engine.start(graph.prompt)
    assert stopped.value.kind == "execution_interrupted"
    assert_runs_normally(engine, graph)


@pytest.mark.parametrize("at", [1, 5, LENGTH])
def test_a_blocked_result_ends_the_loop_and_blocks_what_comes_after(engine, graph, at):
    body_with(graph, "TestBlock", at)
    result = engine.start(graph.prompt)
    assert "sink" not in result.outputs
    assert engine.runs()["risky"] == at
    assert_runs_normally(engine, graph)


def test_a_blocked_initial_value(engine, graph):
    blocked = graph.add("TestBlock", value=graph.frames(0), number=0, at=-1)
    flow = graph.open(3, blocked)
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1)))
    result = engine.start(graph.prompt)
    assert "sink" not in result.outputs
    assert engine.runs()["body"] == 0
    assert_runs_normally(engine, graph)


def test_a_blocked_value_from_outside(engine, graph):
    blocked = graph.add("TestBlock", value=graph.frames(0), number=0, at=-1)
    flow = graph.open(3, graph.frames(0))
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), blocked)))
    assert "sink" not in engine.start(graph.prompt).outputs
    assert engine.runs()["body"] == 0


def test_a_blocked_stop(engine, graph):
    flow = graph.open(3, graph.frames(0))
    stop = graph.add("TestEqual", a=graph.iteration(flow), b=9)
    stop = graph.add("TestBlock", value=stop, number=graph.iteration(flow), at=2)
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1), stop=stop))
    assert "sink" not in engine.start(graph.prompt).outputs
    assert engine.runs()["body"] == 2


def test_an_output_of_the_body_that_the_loop_does_not_need_may_be_blocked(engine, graph):
    """A lazy input that is not taken leads to a blocked value."""
    flow = graph.open(3, graph.frames(0))
    good = graph.plus(graph.previous(flow), 1)
    bad = graph.add("TestBlock", value=good, number=0, at=-1, name="blocked")
    graph.sink(graph.close(flow, graph.add("ComfySwitchNode", switch=False, on_true=bad, on_false=good)))
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [1, 2, 3]
    assert engine.runs()["blocked"] == 0


def test_progress_text_counts_iterations_on_the_open_node(engine, graph):
    flow = graph.open(3, graph.frames(0))
    stop = graph.add("TestEqual", a=graph.iteration(flow), b=2)
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1), stop=stop))
    result = engine.start(graph.prompt)
    shown = [data for event, data in result.sent if event == "audio_loop.word"]
    assert [data["text"] for data in shown] == ["1 / 3", "2 / 3", "2 / 3"]
    assert {data["node"] for data in shown} == {flow[0]}


def test_progress_bar_of_the_open_node_reaches_its_end(engine, graph):
    flow = graph.open(30, graph.frames(0))
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1)))
    result = engine.start(graph.prompt)
    bars = [(data["value"], data["max"]) for event, data in result.sent if event == "progress" and data["node"] == flow[0]]
    assert bars[-1] == (30, 30)
    assert [value for value, _ in bars] == sorted(value for value, _ in bars)


def test_progress_messages_do_not_grow_with_the_loop(engine, graph):
    """ComfyUI lists every node that ran so far in each of its messages; those of finished iterations are let go."""
    flow = graph.open(60, graph.frames(0))
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1)))
    result = engine.start(graph.prompt)
    listed = [len(data["nodes"]) for event, data in result.sent if event == "progress_state"]
    assert max(listed) < 40
