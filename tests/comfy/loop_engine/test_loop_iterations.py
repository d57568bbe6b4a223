"""How many iterations a loop runs and what it gives, under every kind of cache."""

from __future__ import annotations

import pytest

# Each scenario writes a prompt into `g` and returns what it should do. `make` is the class Expected.


def counting(iterations, **open_inputs):
    def build(g, make):
        source = g.frames(0, name="source")
        flow = g.open(iterations, source, **open_inputs)
        body = g.plus(g.previous(flow), g.iteration(flow))
        g.sink(g.close(flow, body))
        n = open_inputs.get("iterations_in", iterations)
        sums = [k * (k + 1) // 2 for k in range(1, n + 1)]
        return make(sums or [0], {"body": n, "source": 1, "sink": 1})

    return build


def iterations_in_wired(g, make):
    number = g.add("TestWhole", value=3, name="number")
    flow = g.open(7, g.frames(0), iterations_in=number)
    g.sink(g.close(flow, g.plus(g.previous(flow), 1)))
    return make([1, 2, 3], {"body": 3, "number": 1})


def iterations_widget_wired(g, make):
    number = g.add("TestWhole", value=2, name="number")
    flow = g.open(number, g.frames(0))
    g.sink(g.close(flow, g.plus(g.previous(flow), 1)))
    return make([1, 2], {"body": 2, "number": 1})


def no_initial_value(g, make):
    flow = g.open(4)
    body = g.add("TestFrames", kind="image", first=g.iteration(flow), count=2, name="body")
    g.sink(g.close(flow, body))
    return make([1, 2, 2, 3, 3, 4, 4, 5], {"body": 4})


def accumulated_count(g, make):
    flow = g.open(4, g.frames(9))
    body = g.add("TestFrames", kind="image", first=g.count(flow), count=3)
    g.sink(g.close(flow, g.seen(body, "body"), overlap="start", overlap_frames=1))
    return make([0, 1, 2, 4, 5, 6, 7, 8, 9], {"body": 4}, {"body": [[0, 1, 2], [3, 4, 5], [5, 6, 7], [7, 8, 9]]})


def last_result_only(g, make):
    flow = g.open(20, g.frames(5, 2))
    g.sink(g.close(flow, g.plus(g.previous(flow), 1), accumulate=False))
    return make([25, 26], {"body": 20})


def zero_and_last_result_only(g, make):
    flow = g.open(0, g.frames(5, 2))
    g.sink(g.close(flow, g.plus(g.previous(flow), 1), accumulate=False, overlap="start", overlap_frames=1))
    return make([5, 6], {"body": 0})


def stop_inside(at, **close_inputs):
    def build(g, make):
        flow = g.open(9, g.frames(0))
        body = g.plus(g.previous(flow), 1)
        stop = [g.add("TestEqual", a=g.iteration(flow), b=at, name="stop")[0], 0]
        g.sink(g.close(flow, body, stop=stop, **close_inputs))
        ran = min(at, 9)
        shown = list(range(1, ran + 1)) if close_inputs.get("accumulate", True) else [ran]
        return make(shown, {"body": ran, "stop": ran, "sink": 1})

    return build


def stop_from_the_result(g, make):
    flow = g.open(9, g.frames(0))
    body = g.plus(g.previous(flow), 2)
    enough = g.add("TestThreshold", value=body, least=7, name="stop")
    g.sink(g.close(flow, body, stop=enough))
    return make([2, 4, 6, 8], {"body": 4, "stop": 4})


def stop_literal(value):
    def build(g, make):
        flow = g.open(3, g.frames(0))
        g.sink(g.close(flow, g.plus(g.previous(flow), 1), stop=value))
        return make([1] if value else [1, 2, 3], {"body": 1 if value else 3})

    return build


def stop_from_outside(value):
    def build(g, make):
        outside = g.add("TestWhole", value=value, name="outside")
        flow = g.open(3, g.frames(0))
        g.sink(g.close(flow, g.plus(g.previous(flow), 1), stop=[outside[0], 1]))
        return make([1] if value else [1, 2, 3], {"body": 1 if value else 3, "outside": 1})

    return build


def total_frames(target, count, mode="disabled", overlap=None):
    """`count` frames an iteration; iteration k shows 100 k, 100 k + 1, ..."""

    def build(g, make):
        flow = g.open(total_frames=target)
        first = g.add("TestTimes", a=g.iteration(flow), b=100)
        g.sink(g.close(flow, g.add("TestFrames", kind="image", first=first, count=count, name="body"),
                       overlap=mode, overlap_frames=overlap))  # fmt: skip
        step = count - (overlap or 0)
        runs = 1 + max(0, -(-(target - count) // step))
        shown = []
        for k in range(1, runs + 1):
            part = [100 * k + i for i in range(count)]
            if mode == "replace_tail":
                shown = shown[: len(shown) - overlap] if shown else []
                shown += part
            else:
                shown += part[overlap or 0 :] if shown else part
        return make(shown[:target], {"body": runs})

    return build


def total_frames_stopped(g, make):
    flow = g.open(total_frames=100)
    body = g.add("TestFrames", kind="image", first=g.iteration(flow), count=2, name="body")
    g.sink(g.close(flow, body, stop=g.add("TestEqual", a=g.iteration(flow), b=3)))
    return make([1, 2, 2, 3, 3, 4], {"body": 3})


SCENARIOS = {
    "0": counting(0),
    "1": counting(1),
    "3": counting(3),
    "20": counting(20),
    "iterations_in literal": counting(9, iterations_in=2),
    "iterations_in literal 0": counting(9, iterations_in=0),
    "iterations_in wired": iterations_in_wired,
    "iterations widget wired": iterations_widget_wired,
    "no initial value": no_initial_value,
    "accumulated_count": accumulated_count,
    "accumulate off": last_result_only,
    "accumulate off, 0": zero_and_last_result_only,
    "stop at 1": stop_inside(1),
    "stop at 4": stop_inside(4),
    "stop at the last": stop_inside(9),
    "stop never": stop_inside(99),
    "stop at 4, accumulate off": stop_inside(4, accumulate=False),
    "stop from the result": stop_from_the_result,
    "stop literally": stop_literal(True),
    "stop literally not": stop_literal(False),
    "stop from outside": stop_from_outside(True),
    "stop from outside not": stop_from_outside(False),
    "total frames, 1 iteration": total_frames(2, 5),
    "total frames, exact": total_frames(12, 3),
    "total frames, trimmed, 17 iterations": total_frames(50, 3),
    "total frames, trimmed, 34 iterations": total_frames(100, 3),
    "total frames, 70 iterations": total_frames(70, 1),
    "total frames, overlap": total_frames(41, 4, "start", 2),
    "total frames, replace_tail": total_frames(41, 4, "replace_tail", 2),
    "total frames, stopped": total_frames_stopped,
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_iterations(engine, expected, name):
    engine.check(lambda graph: SCENARIOS[name](graph, expected))


def test_zero_without_initial_value_is_refused(engine, graph, refused):
    flow = graph.open(0)
    graph.sink(graph.close(flow, graph.plus(graph.iteration(flow), 1)))
    assert "0 iterations and no initial_value" in refused(engine, graph)
    assert engine.runs() == {}


@pytest.mark.parametrize("where", ["iterations", "iterations_in"])
def test_negative_widget_is_refused_by_validation(engine, graph, refused, where):
    flow = graph.open(**{where: -1}, initial=graph.frames(0))
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1)))
    assert "smaller than min" in refused(engine, graph)


def test_negative_wired_number_is_refused(engine, graph, refused):
    number = graph.add("TestWhole", value=-1)
    flow = graph.open(iterations_in=number, initial=graph.frames(0))
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1)))
    assert "iterations of TensorLoopOpen is -1" in refused(engine, graph)
    assert engine.runs() == {}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"accumulate": False}, "needs 'accumulate' on"),
        ({"overlap": "end", "overlap_frames": 1}, "cannot be used with overlap 'end'"),
    ],
)
def test_total_frames_that_cannot_be_counted_is_refused(engine, graph, refused, settings, words):
    flow = graph.open(total_frames=5)
    body = graph.add("TestFrames", kind="image", first=graph.iteration(flow), count=2, name="body")
    graph.sink(graph.close(flow, body, **settings))
    assert words in refused(engine, graph)
    assert engine.runs() == {}


def test_an_iteration_that_adds_nothing_is_refused(engine, graph, refused):
    flow = graph.open(total_frames=50, initial=graph.frames(0, 2))
    graph.sink(graph.close(flow, graph.plus(graph.previous(flow), 1), overlap="start", overlap_frames=2))
    assert "iteration 2 gave 2 frames, of which 2 overlap" in refused(engine, graph)
    assert engine.runs()["body"] == 2
