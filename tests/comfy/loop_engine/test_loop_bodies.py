"""What may be inside a loop: other loops, lazy switches, lists, expanding, asynchronous and output nodes, subgraphs.

Every named node is counted: those in the body once per iteration, those outside once per prompt.
"""

from __future__ import annotations

import pytest


def nested_by_value(g, make):
    """The inner loop goes on from the outer one's value: 0 -> 1, 2, 3 -> 4, 5, 6."""
    outer = g.open(2, g.frames(0, name="source"))
    inner = g.open(3, g.previous(outer))
    inner_end = g.close(inner, g.plus(g.previous(inner), 1, "inner"), accumulate=False)
    g.sink(g.close(outer, g.seen(inner_end, "outer")))
    return make([3, 6], {"inner": 6, "outer": 2, "source": 1})


def nested_iterations_from_outer(g, make):
    """As many inner iterations as the outer one's number says: 1 + 2 + 3."""
    outer = g.open(3, g.frames(0))
    inner = g.open(initial=g.previous(outer), iterations_in=g.iteration(outer))
    inner_end = g.close(inner, g.plus(g.previous(inner), 1, "inner"), accumulate=False)
    g.sink(g.close(outer, g.seen(inner_end, "outer")))
    return make([1, 3, 6], {"inner": 6, "outer": 3})


def nested_reads_outer_only_inside(g, make):
    """The inner open node itself does not depend on the outer loop, only nodes of its body do."""
    outer = g.open(3)
    inner = g.open(2)
    own = g.add("TestTimes", a=g.iteration(inner), b=10, name="own")
    both = g.plus(own, g.iteration(outer), "inner")
    frame = g.add("TestFrames", kind="image", first=both, count=1)
    g.sink(g.close(outer, g.seen(g.close(inner, frame), "outer")))
    return make([11, 21, 12, 22, 13, 23], {"own": 6, "inner": 6, "outer": 3})


def nested_independent(g, make):
    """A loop that feeds the body from outside runs once."""
    side = g.open(3, g.frames(0))
    side_end = g.close(side, g.plus(g.previous(side), 1, "side"), accumulate=False)
    flow = g.open(4, g.frames(0))
    g.sink(g.close(flow, g.plus(g.previous(flow), side_end)))
    return make([3, 6, 9, 12], {"side": 3, "body": 4})


def nested_outer_stop(g, make):
    outer = g.open(9, g.frames(0))
    inner = g.open(2, g.previous(outer))
    stop = g.add("TestEqual", a=g.iteration(outer), b=3, name="stop")
    inner_end = g.close(inner, g.plus(g.previous(inner), 1, "inner"), accumulate=False)
    g.sink(g.close(outer, g.seen(inner_end, "outer"), stop=stop))
    return make([2, 4, 6], {"inner": 6, "outer": 3, "stop": 3})


def nested_inner_stop(g, make):
    """The inner loop ends if both numbers are equal."""
    outer = g.open(3, g.frames(0))
    inner = g.open(9, g.previous(outer))
    stop = g.add("TestEqual", a=g.iteration(inner), b=g.iteration(outer), name="stop")
    inner_end = g.close(inner, g.plus(g.previous(inner), 1, "inner"), accumulate=False, stop=stop)
    g.sink(g.close(outer, inner_end))
    return make([1, 3, 6], {"inner": 6, "stop": 6})


def nested_with_outer_value_in_both(g, make):
    """A node of the outer body that inner and outer body both read runs once per outer iteration."""
    outer = g.open(2, g.frames(0))
    shared = g.plus(g.previous(outer), 10, "shared")
    inner = g.open(3, g.previous(outer))
    inner_end = g.close(inner, g.plus(g.previous(inner), shared, "inner"), accumulate=False)
    g.sink(g.close(outer, g.plus(inner_end, shared, "outer")))
    # outer 1: shared 10, inner 10, 20, 30, outer 40; outer 2: shared 50, inner 90, 140, 190, outer 240
    return make([40, 240], {"shared": 2, "inner": 6, "outer": 2})


def nested_three_deep(g, make):
    first = g.open(2, g.frames(0))
    second = g.open(2, g.previous(first))
    third = g.open(2, g.previous(second))
    end = g.close(third, g.plus(g.previous(third), 1, "body"), accumulate=False)
    end = g.close(second, end, accumulate=False)
    g.sink(g.close(first, end))
    return make([4, 8], {"body": 8})


def nested_accumulates(g, make):
    """The inner results joined are the outer's result: 1 2, then 2 3 3 4."""
    outer = g.open(2, g.frames(0))
    inner = g.open(2, g.previous(outer))
    inner_end = g.close(inner, g.plus(g.previous(inner), 1, "inner"))
    g.sink(g.close(outer, inner_end))
    return make([1, 2, 2, 3, 3, 4], {"inner": 4})


def two_loops(g, make):
    source = g.frames(0, name="source")
    one = g.open(3, source)
    two = g.open(2, source)
    first = g.close(one, g.plus(g.previous(one), 1, "one"))
    second = g.close(two, g.plus(g.previous(two), 10, "two"))
    g.sink(g.plus(g.add("TestUnite", value=first), 100, "end"))
    g.sink(second, "sink 2")
    return make([101, 102, 103], {"one": 3, "two": 2, "source": 1, "sink": 1, "sink 2": 1}, {"sink 2": [[10, 20]]})


def one_loop_feeds_another(g, make):
    one = g.open(3, g.frames(0, name="source"))
    first = g.close(one, g.plus(g.previous(one), 1, "one"))
    two = g.open(2, first)
    g.sink(g.close(two, g.plus(g.previous(two), 10, "two"), accumulate=False))
    return make([21, 22, 23], {"one": 3, "two": 2, "source": 1})


def one_loop_counts_another(g, make):
    """The frames of the first loop are the number of iterations of the second, and its body reads them."""
    one = g.open(3, g.frames(0))
    first = g.close(one, g.plus(g.previous(one), 1, "one"))
    count = g.add("TestWhole", value=3, name="count")
    two = g.open(iterations_in=count, initial=first)
    g.sink(g.close(two, g.plus(g.previous(two), first, "two"), accumulate=False))
    return make([4, 8, 12], {"one": 3, "two": 3, "count": 1})


def outside_values(g, make):
    """Values from outside are made once although body and others read them."""
    source = g.frames(0, name="source")
    outside = g.plus(g.frames(5, name="far"), 1, "near")
    flow = g.open(4, source)
    end = g.close(flow, g.plus(g.previous(flow), outside))
    g.sink(g.plus(g.plus(end, outside, "after"), source, "after"))
    return make([12, 18, 24, 30], {"source": 1, "far": 1, "near": 1, "body": 4, "after": 2})


def lazy_switch(g, make):
    """Iteration 2 takes the left branch, the others the right one; what only one branch needs runs only then."""
    left_only = g.frames(100, name="left outside")
    flow = g.open(4, g.frames(0))
    number = g.iteration(flow)
    left = g.plus(g.previous(flow), left_only, "left")
    right = g.plus(g.previous(flow), 1, "right")
    second = g.add("TestEqual", a=number, b=2)
    g.sink(g.close(flow, g.add("ComfySwitchNode", switch=[second[0], 0], on_true=left, on_false=right)))
    return make([1, 101, 102, 103], {"left": 1, "right": 3, "left outside": 1})


def lazy_branch_never_taken(g, make):
    never = g.frames(100, name="never outside")
    flow = g.open(3, g.frames(0))
    left = g.plus(g.previous(flow), never, "never")
    right = g.plus(g.previous(flow), 1, "right")
    g.sink(g.close(flow, g.add("ComfySwitchNode", switch=False, on_true=left, on_false=right)))
    return make([1, 2, 3], {"never": 0, "right": 3})


def both_branches_read_one_value(g, make):
    """Two lazy inputs lead to nodes that read the same value from outside, each with one of its own besides."""
    shared, own = g.frames(1, name="shared"), g.frames(50, name="own")
    flow = g.open(2, g.frames(0))
    left = g.plus(g.plus(g.previous(flow), shared, "left"), own, "left")
    right = g.plus(g.previous(flow), shared, "right")
    g.sink(g.close(flow, g.add("ComfySwitchNode", switch=False, on_true=left, on_false=right)))
    return make([1, 2], {"left": 0, "right": 2, "shared": 1})


def subgraph_ids(g, make):
    flow = g.open(3, g.frames(0), node_id="843:1539")
    body = g.plus(g.plus(g.previous(flow), 1, node_id="843:12"), 1, node_id="843:700:3")
    g.sink(g.close(flow, body, node_id="843:1540"))
    return make([2, 4, 6], {"body": 6})


def ids_like_the_engines(g, make):
    flow = g.open(3, g.frames(0), node_id="run")
    body = g.plus(g.previous(flow), 1, node_id="in0")
    body = g.plus(body, 1, node_id="iteration")
    body = g.plus(body, g.iteration(flow), node_id="result")
    g.sink(g.close(flow, body, node_id="close.run"), node_id="sink")
    return make([3, 7, 12], {"body": 9})


def lists(g, make):
    """A node that gives a list, mapped over, and made one batch again."""
    flow = g.open(2, g.frames(0, 3))
    parts = g.add("TestSplit", value=g.previous(flow), name="split")
    g.sink(g.close(flow, g.add("TestUnite", value=g.plus(parts, 1, "mapped"), name="unite"), accumulate=False))
    return make([2, 3, 4], {"split": 2, "mapped": 6, "unite": 2})


def list_from_outside(g, make):
    parts = g.add("TestSplit", value=g.frames(0, 3), name="split")
    flow = g.open(2)
    moved = g.plus(parts, g.iteration(flow), "mapped")
    g.sink(g.close(flow, g.add("TestUnite", value=moved, name="unite")))
    return make([1, 2, 3, 2, 3, 4], {"split": 1, "mapped": 6, "unite": 2})


def expanding(g, make):
    flow = g.open(4, g.frames(0))
    g.sink(g.close(flow, g.add("TestExpand", value=g.previous(flow), name="expand")))
    return make([2, 4, 6, 8], {"expand": 4, "expand inner": 8})


def asynchronous(g, make):
    flow = g.open(4, g.frames(0))
    body = g.add("TestAsync", value=g.plus(g.previous(flow), 1), name="async")
    g.sink(g.close(flow, g.seen(body, "after"), stop=g.add("TestEqual", a=g.iteration(flow), b=3)))
    return make([1, 2, 3], {"async": 3, "body": 3, "after": 3})


def asynchronous_outside(g, make):
    """Asynchronous nodes in front of the loop are started with it, and run once."""
    source = g.add("TestAsync", value=g.frames(1, name="source"), name="async")
    flow = g.open(3, source)
    g.sink(g.plus(g.close(flow, g.plus(g.previous(flow), source)), source, "after"))
    return make([3, 4, 5], {"async": 1, "source": 1, "body": 3, "after": 1})


def output_node_on_the_way(g, make):
    """An output node that passes its value on is part of the body; ComfyUI would run all its copies at once."""
    flow = g.open(4, g.frames(0))
    shown = g.add("TestShow", value=g.plus(g.previous(flow), 1), name="show")
    body = g.plus(shown, 1, "after")
    g.sink(g.close(flow, body, stop=g.add("TestEqual", a=g.iteration(flow), b=3)))
    return make([2, 4, 6], {"show": 3, "body": 3, "after": 3}, {"show": [[1], [3], [5]]})


def output_node_at_the_end(g, make):
    flow = g.open(20, g.frames(0))
    g.sink(g.close(flow, g.add("TestShow", value=g.plus(g.previous(flow), 1), name="show"), accumulate=False))
    return make([20], {"show": 20, "body": 20})


def output_node_in_a_branch_not_taken(g, make):
    """ComfyUI runs an output node even if nothing asks for its value; in a loop it does so in every iteration."""
    outside = g.frames(10)
    for _ in range(8):
        outside = g.add("TestAsync", value=outside)  # later than the rest of an iteration
    flow = g.open(3, g.frames(0))
    value = g.previous(flow)
    for _ in range(6):
        value = g.plus(value, outside, "chain")
    shown = g.add("TestShow", value=value, name="show")
    right = g.plus(g.previous(flow), 1, "right")
    g.sink(g.close(flow, g.add("ComfySwitchNode", switch=False, on_true=shown, on_false=right)))
    return make([1, 2, 3], {"chain": 18, "show": 3, "right": 3}, {"show": [[60], [61], [62]]})


def output_node_in_a_nested_loop(g, make):
    outer = g.open(2, g.frames(0))
    inner = g.open(2, g.previous(outer))
    shown = g.add("TestShow", value=g.plus(g.previous(inner), 1), name="show")
    g.sink(g.close(outer, g.close(inner, shown, accumulate=False)))
    return make([2, 4], {"show": 4, "body": 4}, {"show": [[1], [2], [3], [4]]})


def passes_on(g, make):
    """A body in which only the number of the iteration counts and the result is made by a chain of nodes."""
    flow = g.open(3)
    value = g.iteration(flow)
    for _ in range(30):
        value = g.plus(value, 1, "chain")
    g.sink(g.close(flow, g.add("TestFrames", kind="mask", first=value, count=1)))
    return make([31, 32, 33], {"chain": 90})


def many_outside_values(g, make):
    """More values from outside than one node has slots for."""
    outside = [g.frames(k, name="outside") for k in range(70)]
    flow = g.open(2, g.frames(0))
    value = g.previous(flow)
    for link in outside:
        value = g.plus(value, link, "body")
    g.sink(g.close(flow, value))
    return make([2415, 4830], {"outside": 70, "body": 140})


SCENARIOS = [
    nested_by_value,
    nested_iterations_from_outer,
    nested_reads_outer_only_inside,
    nested_independent,
    nested_outer_stop,
    nested_inner_stop,
    nested_with_outer_value_in_both,
    nested_three_deep,
    nested_accumulates,
    two_loops,
    one_loop_feeds_another,
    one_loop_counts_another,
    outside_values,
    lazy_switch,
    lazy_branch_never_taken,
    both_branches_read_one_value,
    subgraph_ids,
    ids_like_the_engines,
    lists,
    list_from_outside,
    expanding,
    asynchronous,
    asynchronous_outside,
    output_node_on_the_way,
    output_node_at_the_end,
    output_node_in_a_branch_not_taken,
    output_node_in_a_nested_loop,
    passes_on,
    many_outside_values,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_body(engine, expected, scenario, request):
    engine.check(lambda graph: scenario(graph, expected))


def test_lazy_values_from_outside_are_not_asked_for(engine, graph):
    """Without --cache-none, what only an untaken branch needs from outside (a model, say) is not made at all."""
    never = graph.frames(100, name="never outside")
    flow = graph.open(3, graph.frames(0))
    left = graph.plus(graph.previous(flow), never, "never")
    right = graph.plus(graph.previous(flow), 1, "right")
    graph.sink(graph.close(flow, graph.add("ComfySwitchNode", switch=False, on_true=left, on_false=right)))
    engine.start(graph.prompt)
    assert engine.runs()["never outside"] == (1 if engine.cache == "none" else 0)


HOSTILE_IDS = ("close.run", "close.run.1.b", "close.run.2.a", "close.run.1+in0", "in", "b.1", "1+in0", "close.run.more")


@pytest.mark.parametrize("node_id", HOSTILE_IDS)
def test_ids_of_a_prompt_that_look_like_the_engines_own(engine, graph, node_id):
    flow = graph.open(3, graph.frames(0), node_id="open")
    a = graph.plus(graph.previous(flow), 1, "a", node_id="a")
    b = graph.plus(a, 0, "b", node_id="b")
    outside = graph.add("TestTimes", node_id, a=2, b=5, name="outside")
    end = graph.close(flow, graph.plus(b, 10, "c"), node_id="close")
    graph.sink(graph.plus(end, outside, "after"))
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [21, 32, 43]
    assert engine.runs()["outside"] == 1


@pytest.mark.parametrize("node_id", HOSTILE_IDS)
def test_ids_inside_the_body_that_look_like_the_engines_own(engine, graph, node_id):
    flow = graph.open(3, graph.frames(0), node_id="open")
    a = graph.plus(graph.previous(flow), 1, "a", node_id=node_id)
    inner = graph.open(2, a, node_id="inner open")
    inner_end = graph.close(inner, graph.plus(graph.previous(inner), 1, "inner"), accumulate=False, node_id="c")
    graph.sink(a, "preview", node_id="c.run.1.a")
    graph.sink(graph.close(flow, graph.plus(inner_end, 10, "b", node_id="b"), node_id="close"))
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [13, 26, 39]
    assert (engine.runs()["preview"], engine.runs()["inner"]) == (3, 6)
