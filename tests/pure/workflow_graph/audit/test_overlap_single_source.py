from __future__ import annotations

RULE = "overlap_single_source"


def share(graph):
    graph.connect(graph.node(2013).output(), graph.one(type="AudioLoopController").input("overlap_seconds"))


def by_plan(graph):
    planner, controller = graph.one(type="AudioLoopPlanner"), graph.one(type="AudioLoopController")
    graph.connect(planner.output("plan"), controller.input("plan"))


def own_window(graph):
    controller = graph.one(type="AudioLoopController")
    graph.disconnect(controller.input("window_seconds"))
    controller.widgets["window_seconds"] = 10.0


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_two_values_are_an_error(check_finds, classic):
    check_finds(RULE, classic(controller_overlap=1.0), "overlap_seconds is (1|2), that of .* is (1|2)")
    check_finds(RULE, classic(own_window), "window_seconds is")


def test_two_equal_values_are_a_warning(check_finds, classic):
    check_finds(RULE, classic(controller_overlap=2.0), "agree only until one is changed", severity="WARN")


def test_a_wired_plan_rules(check_clean, classic):
    check_clean(RULE, classic(by_plan, controller_overlap=1.0))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(controller_overlap=1.0), share)


def test_windows_on_a_canvas_have_a_plan_of_their_own(check_clean, two_stages):
    check_clean(RULE, two_stages())


def test_a_second_planner_of_the_same_loop_is_found(check_finds, two_stages):
    def second(graph):
        made = graph.node(1560)
        other = graph.add("AudioLoopPlanner", id=4000, level=made.level, widgets={"window_seconds": 10.0})
        graph.connect(graph.node(2013).output(), other.input("overlap_seconds"))
        graph.connect(other.output("plan"), graph.node(2009).input("plan"))

    check_finds(RULE, two_stages(second), "window_seconds is (10|19.88), that of")
