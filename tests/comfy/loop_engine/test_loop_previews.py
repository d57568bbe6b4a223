"""Previews and savers inside a loop: once per iteration, with that iteration's value, under the node's own id."""

from __future__ import annotations

import pytest


def plain(g, make):
    flow = g.open(3, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    g.sink(body, "preview")
    g.sink(g.close(flow, body))
    return make([1, 2, 3], {"body": 3, "preview": 3, "sink": 1}, {"preview": [[1], [2], [3]]})


def of_the_open_node(g, make):
    flow = g.open(3, g.frames(7))
    g.sink(g.previous(flow), "preview")
    g.sink(g.iteration(flow), "number")
    g.sink(g.close(flow, g.plus(g.previous(flow), 1)))
    return make([8, 9, 10], {"body": 3, "preview": 3, "number": 3}, {"preview": [[7], [8], [9]], "number": [[1], [2], [3]]})


def behind_nodes_of_its_own(g, make):
    """A decoder and more that only the preview needs, deeper than ComfyUI looks ahead for output nodes."""
    flow = g.open(3, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    value = body
    for _ in range(6):
        value = g.plus(value, 10, "decode")
    g.sink(value, "preview")
    g.sink(g.close(flow, body))
    return make([1, 2, 3], {"body": 3, "decode": 18, "preview": 3}, {"preview": [[61], [62], [63]]})


def two_share_a_decoder(g, make):
    flow = g.open(3, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    decoded = g.plus(body, 10, "decode")
    g.sink(decoded, "preview")
    g.sink(g.plus(decoded, 100, "more"), "preview 2")
    g.sink(g.close(flow, body))
    return make(
        [1, 2, 3],
        {"body": 3, "decode": 3, "more": 3, "preview": 3, "preview 2": 3},
        {"preview": [[11], [12], [13]], "preview 2": [[111], [112], [113]]},
    )


def with_values_from_outside(g, make):
    outside = g.frames(50, name="outside")
    flow = g.open(2, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    g.sink(g.plus(body, outside, "decode"), "preview")
    g.sink(g.plus(g.close(flow, body), outside, "after"))
    return make([51, 52], {"outside": 1, "decode": 2, "preview": 2, "after": 1}, {"preview": [[51], [52]]})


def of_several_nodes(g, make):
    """Two previews on different nodes of the body, and one on the result of the loop."""
    flow = g.open(3, g.frames(0))
    early = g.plus(g.previous(flow), 1, "early")
    late = g.plus(early, 1, "late")
    g.sink(early, "preview early")
    g.sink(late, "preview late")
    end = g.close(flow, late)
    g.sink(end)
    g.sink(end, "after")
    return make(
        [2, 4, 6],
        {"early": 3, "late": 3, "preview early": 3, "preview late": 3, "after": 1, "sink": 1},
        {"preview early": [[1], [3], [5]], "preview late": [[2], [4], [6]]},
    )


def in_many_iterations(g, make):
    flow = g.open(20, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    g.sink(body, "preview")
    g.sink(g.close(flow, body, accumulate=False))
    return make([20], {"body": 20, "preview": 20}, {"preview": [[k] for k in range(1, 21)]})


def in_a_loop_that_grows(g, make):
    flow = g.open(total_frames=40)
    body = g.add("TestFrames", kind="image", first=g.iteration(flow), count=1, name="body")
    g.sink(body, "preview")
    g.sink(g.close(flow, body))
    return make(list(range(1, 41)), {"body": 40, "preview": 40})


def in_a_loop_that_stops(g, make):
    flow = g.open(9, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    g.sink(body, "preview")
    g.sink(g.close(flow, body, stop=g.add("TestEqual", a=g.iteration(flow), b=2)))
    return make([1, 2], {"body": 2, "preview": 2}, {"preview": [[1], [2]]})


def with_no_iterations(g, make):
    flow = g.open(0, g.frames(4))
    body = g.plus(g.previous(flow), 1)
    g.sink(body, "preview")
    g.sink(g.close(flow, body))
    return make([4], {"body": 0, "preview": 0, "sink": 1})


def slow(g, make):
    """An output node that takes its time must not be overtaken by what is thrown away."""
    flow = g.open(3, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    g.add("TestAsyncSink", "preview", value=g.plus(body, 10, "decode"), name="preview")
    g.sink(g.close(flow, body))
    return make([1, 2, 3], {"body": 3, "decode": 3, "preview": 3})


def behind_an_asynchronous_node(g, make):
    flow = g.open(3, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    g.sink(g.add("TestAsync", value=body, name="async"), "preview")
    g.sink(g.close(flow, body))
    return make([1, 2, 3], {"body": 3, "async": 3, "preview": 3}, {"preview": [[1], [2], [3]]})


def of_a_list(g, make):
    flow = g.open(2, g.frames(0, 2))
    parts = g.add("TestSplit", value=g.previous(flow), name="split")
    g.sink(parts, "preview")
    g.sink(g.close(flow, g.plus(g.add("TestUnite", value=parts), 1), accumulate=False))
    return make([2, 3], {"split": 2, "preview": 4}, {"preview": [[0], [1], [1], [2]]})


def behind_a_lazy_input(g, make):
    """Only iteration 2 takes the left branch, so only then is its preview shown."""
    flow = g.open(3, g.frames(0))
    left = g.plus(g.previous(flow), 100, "left")
    right = g.plus(g.previous(flow), 1, "right")
    g.sink(left, "preview left")
    g.sink(right, "preview right")
    second = g.add("TestEqual", a=g.iteration(flow), b=2)
    g.sink(g.close(flow, g.add("ComfySwitchNode", switch=second, on_true=left, on_false=right)))
    return make(
        [1, 101, 102],
        {"left": 1, "right": 2, "preview left": 1, "preview right": 2},
        {"preview left": [[101]], "preview right": [[1], [102]]},
    )


def of_what_both_branches_read(g, make):
    flow = g.open(3, g.frames(0))
    shared = g.plus(g.previous(flow), 10, "shared")
    g.sink(shared, "preview")
    left, right = g.plus(shared, 100, "left"), g.plus(shared, 1, "right")
    second = g.add("TestEqual", a=g.iteration(flow), b=2)
    g.sink(g.close(flow, g.add("ComfySwitchNode", switch=second, on_true=left, on_false=right)))
    # 0 -> 10 -> 11; 11 -> 21 -> 121; 121 -> 131 -> 132
    return make(
        [11, 121, 132],
        {"left": 1, "right": 2, "shared": 3, "preview": 3},
        {"preview": [[10], [21], [131]]},
    )


def blocked_now_and_then(g, make):
    """A preview whose value is blocked is not shown; the loop goes on."""
    flow = g.open(3, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    g.sink(g.add("TestBlock", value=body, number=g.iteration(flow), at=2), "preview")
    g.sink(g.close(flow, body))
    return make([1, 2, 3], {"body": 3, "preview": 2}, {"preview": [[1], [3]]})


def of_a_blocked_body_node(g, make):
    """Body: previous + 1; a side branch that only a preview reads is blocked in iteration 1."""
    flow = g.open(2, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    side = g.add("TestBlock", value=body, number=g.iteration(flow), at=1)
    g.sink(g.plus(side, 5, "decode"), "preview")
    g.sink(g.close(flow, body))
    return make([1, 2], {"body": 2, "decode": 1, "preview": 1}, {"preview": [[7]]})


def in_an_inner_loop(g, make):
    outer = g.open(2, g.frames(0))
    inner = g.open(3, g.previous(outer))
    body = g.plus(g.previous(inner), 1, "inner")
    g.sink(body, "preview")
    end = g.close(inner, body, accumulate=False)
    g.sink(end, "preview outer")
    g.sink(g.close(outer, end))
    return make(
        [3, 6],
        {"inner": 6, "preview": 6, "preview outer": 2},
        {"preview": [[1], [2], [3], [4], [5], [6]], "preview outer": [[3], [6]]},
    )


def in_an_inner_loop_of_its_own(g, make):
    """The previewed node depends on the inner loop alone."""
    outer = g.open(2)
    inner = g.open(2)
    own = g.add("TestTimes", a=g.iteration(inner), b=10, name="own")
    g.sink(own, "preview")
    frame = g.add("TestFrames", kind="image", first=g.plus(own, g.iteration(outer), "both"), count=1)
    g.sink(g.close(outer, g.close(inner, frame)))
    return make([11, 21, 12, 22], {"own": 4, "both": 4, "preview": 4}, {"preview": [[10], [20], [10], [20]]})


def of_an_outer_value_that_an_inner_loop_reads(g, make):
    outer = g.open(2, g.frames(0))
    shared = g.plus(g.previous(outer), 10, "shared")
    g.sink(shared, "preview")
    inner = g.open(2, g.previous(outer))
    end = g.close(inner, g.plus(g.previous(inner), shared, "inner"), accumulate=False)
    g.sink(g.close(outer, end))
    # outer 1: shared 10, inner 10, 20; outer 2: shared 30, inner 50, 80
    return make([20, 80], {"shared": 2, "inner": 4, "preview": 2}, {"preview": [[10], [30]]})


def of_an_inner_loop_that_reads_the_outer_one_lazily(g, make):
    """Nothing blocks the original of the inner loop, which the preview asks for outside the outer loop."""
    outer = g.open(2)
    inner = g.open(2)
    own = g.add("TestFrames", kind="image", first=g.iteration(inner), count=1, name="own")
    never = g.plus(own, g.iteration(outer), "never")
    end = g.close(inner, g.add("ComfySwitchNode", switch=False, on_true=never, on_false=own))
    g.sink(end, "preview")
    g.sink(g.close(outer, end))
    return make([1, 2, 1, 2], {"own": 4, "never": 0, "preview": 2}, {"preview": [[1, 2], [1, 2]]})


def that_holds_a_loop(g, make):
    """What only the preview needs is itself a loop."""
    flow = g.open(2, g.frames(0))
    body = g.plus(g.previous(flow), 1)
    side = g.open(2, body)
    g.sink(g.close(side, g.plus(g.previous(side), 10, "side")), "preview")
    g.sink(g.close(flow, body))
    return make([1, 2], {"body": 2, "side": 4, "preview": 2}, {"preview": [[11, 21], [12, 22]]})


SCENARIOS = [
    plain,
    of_the_open_node,
    behind_nodes_of_its_own,
    two_share_a_decoder,
    with_values_from_outside,
    of_several_nodes,
    in_many_iterations,
    in_a_loop_that_grows,
    in_a_loop_that_stops,
    with_no_iterations,
    slow,
    behind_an_asynchronous_node,
    of_a_list,
    behind_a_lazy_input,
    of_what_both_branches_read,
    blocked_now_and_then,
    of_a_blocked_body_node,
    in_an_inner_loop,
    in_an_inner_loop_of_its_own,
    of_an_outer_value_that_an_inner_loop_reads,
    of_an_inner_loop_that_reads_the_outer_one_lazily,
    that_holds_a_loop,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_preview(engine, expected, scenario):
    engine.check(lambda graph: scenario(graph, expected))


@pytest.mark.parametrize("scenario", [plain, in_an_inner_loop, behind_nodes_of_its_own], ids=lambda s: s.__name__)
def test_previews_show_under_their_own_id(engine, graph, expected, scenario):
    given = scenario(graph, expected).given
    result = engine.start(graph.prompt)
    shown = {name: [] for name in given}
    for event, data in result.sent:
        if event == "executed" and data["display_node"] in shown:
            shown[data["display_node"]].append(data["output"]["numbers"])
    assert shown == {name: [pytest.approx(numbers) for numbers in runs] for name, runs in given.items()}
