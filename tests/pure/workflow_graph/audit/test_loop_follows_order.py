from __future__ import annotations

RULE = "loop_follows_order"
FINISH = 2505
"""The planner of the second stage."""


def order(planner, value):
    return lambda graph: graph.node(planner).widgets.__setitem__("order", value)


def count_iterations(graph):
    opened = graph.node(FINISH).output("windows_to_make").targets[0].node
    graph.connect(graph.node(FINISH).output("total_iterations"), opened.input("iterations_in"))


def test_clean(check_clean, ours, two_stages, classic):
    check_clean(RULE, ours(), two_stages(), classic(), two_stages(order(FINISH, "in turn")))


def test_a_loop_from_window_to_window_with_anchors_first_is_found(check_finds, ours, two_stages):
    said = "node 1560 .*order is 'anchors first', but node .*LoopWindowLatent.* each window from the one before"
    check_finds(RULE, ours(order(1560, "anchors first")), said)
    check_finds(RULE, two_stages(order(1560, "anchors first")), said)


def test_a_loop_on_a_canvas_that_runs_once_too_few_is_found(check_finds, two_stages):
    check_finds(RULE, two_stages(count_iterations), "does not count the first window")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(order(1560, "anchors first")), order(1560, "in turn"))
