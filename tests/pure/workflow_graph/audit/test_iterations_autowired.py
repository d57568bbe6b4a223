from __future__ import annotations

RULE = "iterations_autowired"


def unwire(graph):
    graph.disconnect(graph.one(type="TensorLoopOpen").input("iterations_in"))


def no_stop(graph):
    graph.disconnect(graph.one(type="TensorLoopClose").input("stop"))


def other_source(graph):
    number = graph.add("PrimitiveInt", id=4000, widgets={"value": 3})
    graph.connect(number.output(), graph.one(type="TensorLoopOpen").input("iterations_in"))


def wire(graph):
    planner = graph.one(type="AudioLoopPlanner")
    graph.connect(planner.output("total_iterations"), graph.one(type="TensorLoopOpen").input("iterations_in"))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_a_fixed_number_is_a_warning_where_the_loop_stops(check_finds, classic):
    found = check_finds(RULE, classic(iterations_wired=False), "node 1539 .*after 50 iterations", severity="WARN")
    assert "at 915.88 s" in found[0].seen


def test_a_fixed_number_is_an_error_where_nothing_stops_it(check_finds, ours):
    check_finds(RULE, ours(unwire, no_stop), "always makes 50 iterations")


def test_another_source_may_be_meant(check_finds, ours):
    check_finds(RULE, ours(other_source), "node 4000 .*OK if intentional", severity="WARN")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(iterations_wired=False), wire)


def test_a_loop_that_does_not_say_its_number_is_told_without_one(check_finds, classic):
    def unsaid(graph):
        opened = graph.one(type="TensorLoopOpen")
        for slot in [slot for slot in opened.inputs if slot.name in ("iterations_in", "mode.iterations")]:
            graph.disconnect(slot)
        graph.disconnect(graph.one(type="TensorLoopClose").input("stop"))

    (found,) = check_finds("iterations_autowired", classic(unsaid), "it always makes (50 iterations|the same number)")
    assert "None" not in found.finding.message


def test_two_stages_are_clean(check_clean, two_stages):
    check_clean(RULE, two_stages())


def test_a_count_that_only_a_run_can_tell_is_told_in_words(check_finds, classic):
    def counted_elsewhere(graph):
        opened = graph.one(type="TensorLoopOpen")
        graph.connect(graph.add("AudioDuration").output("sample_rate"), opened.input("mode.iterations"))

    said = "after the same number of iterations, whatever the song at the latest"
    (found,) = check_finds(RULE, classic(counted_elsewhere, iterations_wired=False), said, severity="WARN")
    assert found.seen == "the video of a longer song ends early"


def test_a_loop_that_counts_frames_is_told_in_frames(check_finds, classic):
    def frames(graph):
        opened = graph.one(type="TensorLoopOpen")
        opened.widgets["mode"] = "total_frames"
        opened.widgets["mode.total_frames"] = 900

    (found,) = check_finds(RULE, classic(frames, iterations_wired=False), "after 900 frames in all at", severity="WARN")
    assert found.seen == "the video of a longer song ends early"
