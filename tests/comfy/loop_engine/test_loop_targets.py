"""Partial execution: only the output nodes that are asked for run, inside the loop too."""

from __future__ import annotations

import pytest

from audio_loop.comfy_host.in_process import PromptFailed


@pytest.fixture
def previews(graph):
    """A loop of three iterations with two previews inside it, a sink behind it and one beside it."""
    flow = graph.open(3, graph.frames(0))
    body = graph.plus(graph.previous(flow), 1)
    graph.sink(body, "preview")
    graph.sink(graph.plus(body, 10, "decoded"), "other preview")
    graph.sink(graph.close(flow, body))
    graph.sink(graph.frames(5), "apart")
    return graph


def test_all(engine, previews):
    engine.start(previews.prompt)
    runs = engine.runs()
    assert (runs["preview"], runs["other preview"], runs["decoded"], runs["sink"], runs["apart"]) == (3, 3, 3, 1, 1)


def test_a_target_behind_the_loop_alone(engine, previews):
    assert engine.start(previews.prompt, ["sink"]).outputs["sink"]["numbers"] == [1, 2, 3]
    assert {n: engine.runs()[n] for n in ("body", "preview", "other preview", "decoded")} == {
        "body": 3,
        "preview": 0,
        "other preview": 0,
        "decoded": 0,
    }


def test_a_target_behind_the_loop_and_one_inside(engine, previews):
    engine.start(previews.prompt, ["sink", "preview"])
    assert (engine.runs()["preview"], engine.runs()["other preview"]) == (3, 0)


def test_a_target_inside_the_loop_alone_is_refused(engine, previews):
    with pytest.raises(PromptFailed, match=r"node preview \(TestSink\) wants a value .* run a node after the loop with it"):
        engine.start(previews.prompt, ["preview"])
    assert engine.runs()["body"] == 0


def test_a_target_inside_an_inner_loop_alone_is_refused(engine, graph):
    outer = graph.open(2, graph.frames(0))
    inner = graph.open(2, graph.previous(outer))
    body = graph.plus(graph.previous(inner), 1)
    graph.sink(body, "preview")
    graph.sink(graph.close(outer, graph.close(inner, body, accumulate=False)))
    with pytest.raises(PromptFailed, match=r"node preview \(TestSink\) wants a value"):
        engine.start(graph.prompt, ["preview"])
    engine.start(graph.prompt, ["preview", "sink"])
    assert engine.runs()["preview"] == 4


def test_an_output_node_of_the_body_runs_although_it_is_no_target(engine, graph):
    """The loop needs its value."""
    flow = graph.open(3, graph.frames(0))
    shown = graph.add("TestShow", "show", value=graph.plus(graph.previous(flow), 1), name="show")
    graph.sink(graph.close(flow, shown))
    assert engine.start(graph.prompt, ["sink"]).outputs["sink"]["numbers"] == [1, 2, 3]
    assert engine.runs()["show"] == 3


def test_a_target_beside_the_loop(engine, previews):
    engine.start(previews.prompt, ["apart"])
    assert engine.runs()["body"] == 0
