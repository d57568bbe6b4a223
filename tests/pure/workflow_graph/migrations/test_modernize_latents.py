"""What becomes of nodes for latents, of other packs' loops, of the older profiling nodes and of small helpers."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize

from .small_graphs import empty_graph, foreign, modern


def _selected(**values):
    graph = empty_graph()
    node = graph.add("LTXVSelectLatents", widgets=values)
    graph.connect(graph.add("EmptyLTXVLatentVideo").output(), node.input("samples"))
    graph.connect(node.output(), graph.add("LatentOverlapTrim").input("latent"))
    return graph, node


def test_a_selection_by_a_wired_index_stays():
    graph, node = _selected(start_index=-4, end_index=-1)
    graph.connect(graph.add("PrimitiveInt").output(), node.input("start_index"))
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "LTXVSelectLatents"
    assert "its start_index or end_index is wired" in remarks


@pytest.mark.parametrize(("start", "end"), [(2, -2), (-3, 5), (5, 2), (-2, -4)])
def test_a_selection_from_two_sides_or_backwards_stays(start, end):
    graph, node = _selected(start_index=start, end_index=end)
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "LTXVSelectLatents"
    assert f"start_index {start} and end_index {end} count from two sides; it stays" in remarks


def test_factors_that_were_wired_and_statistics_per_frame_are_named():
    graph = empty_graph()
    node = graph.add("LTXVPerStepAdainPatcher", widgets={"factors": "0.5,0.5", "per_frame": True})
    graph.connect(graph.add("UNETLoader").output(), node.input("model"))
    graph.connect(graph.add("PrimitiveString").output(), node.input("factors"))
    graph.connect(node.output(), graph.add("CFGGuider").input("model"))
    after, remarks = modern(graph)
    assert after.node(node.id).widgets["factor"] == 0.5
    assert f"{node}: its factors were wired; factor is a number of its own now" in remarks
    assert f"{node}: per_frame is not carried over; statistics are those of the whole window" in remarks


def _while_loop(outputs=(), values=(), ends=()):
    """A loop that only its condition ends, with more sockets than ours has."""
    graph = foreign(
        empty_graph(),
        "TensorWhileLoopOpen",
        [("initial_value", "LATENT")],
        [("flow_control", "FLOW_CONTROL"), ("previous_value", "LATENT"), *outputs],
        list(values),
    )
    return foreign(graph, "TensorWhileLoopClose", list(ends), [("output", "LATENT")], [False], identity=501)


def test_a_start_of_another_name_is_the_start():
    """The first input for a value of the loop; a second one has no place."""
    graph = foreign(
        empty_graph(),
        "TensorWhileLoopOpen",
        [("first", "LATENT"), ("second", "LATENT"), ("third", "STRING")],
        [("flow_control", "FLOW_CONTROL"), ("previous_value", "LATENT")],
        [],
    )
    first, second = graph.add("EmptyLTXVLatentVideo"), graph.add("EmptyLTXVLatentVideo")
    graph.connect(first.output(), graph.node(500).input("first"))
    graph.connect(second.output(), graph.node(500).input("second"))
    graph.connect(graph.node(500).output("previous_value"), graph.add("LatentOverlapTrim").input("latent"))
    after, remarks = modern(graph)
    assert after.node(500).input("initial_value").source.node_id == first.id
    assert "its input 'second' has no place in TensorLoopOpen; its wire is gone" in remarks
    assert "'third'" not in remarks


@pytest.mark.parametrize(
    ("values", "iterations"), [([30], 30), ([1], 100000), ([], 100000), (["30"], 100000), ([10**6], 100000)]
)
def test_the_most_iterations_of_a_while_loop(values, iterations):
    graph = _while_loop(values=values)
    assert modern(graph)[0].node(500).widgets["mode.iterations"] == iterations


def test_an_output_of_a_loop_that_ours_has_no_like_of_is_named():
    graph = _while_loop(outputs=[("loop_state", "LATENT")])
    trim = graph.add("LatentOverlapTrim")
    graph.connect(graph.node(500).output("loop_state"), trim.input("latent"))
    after, remarks = modern(graph)
    assert f"its loop_state fed {trim} and is gone" in remarks
    assert after.node(trim.id).input("latent").source is None


def test_the_end_of_a_loop_by_its_types():
    """Sockets of other names are told by what they carry; a second value, and a setting that is wired, have no place."""
    ends = [("flow", "FLOW_CONTROL"), ("value", "LATENT"), ("more", "LATENT"), ("condition", "BOOLEAN"), ("spare", "INT")]
    graph = _while_loop(ends=ends)
    opened, closed = graph.node(500), graph.node(501)
    graph.connect(opened.output("flow_control"), closed.input("flow"))
    graph.connect(opened.output("previous_value"), closed.input("value"))
    graph.connect(opened.output("previous_value"), closed.input("more"))
    after, remarks = modern(graph)
    end = after.node(501)
    assert (end.type, end.widgets["accumulate"]) == ("TensorLoopClose", False)
    assert (end.input("flow_control").source.node_id, end.input("processed").source.node_id) == (500, 500)
    assert end.input("stop").source is None
    assert "its input 'more' has no place in TensorLoopClose; its wire is gone" in remarks
    assert "'spare'" not in remarks


def _profiled(kit, values, kind="ProfileBegin_AudioLoop", mode=0):
    graph = foreign(Graph(kit.sound()), kind, [("trigger", "*")], [("trigger", "*")], values, 7001)
    graph.node(7001).raw["mode"] = mode
    link = graph.node(1539).input("initial_value").link
    graph.splice(link.id, graph.node(7001), input="trigger", output="trigger")
    outcome = modernize(graph.to_document())
    return Graph(outcome.document), "\n".join(outcome.remarks)


@pytest.mark.parametrize(
    ("values", "mode", "became"), [([True, "a", 1, 3], 0, 0), ([False, "a", 1, 3], 0, 4), ([True, "a", 1, 3], 2, 2)]
)
def test_profiling_that_was_off_stays_off(kit, values, mode, became):
    after, _ = _profiled(kit, values, mode=mode)
    assert {after.one(type=kind).mode for kind in ("ProfileBegin", "ProfileIterStep", "ProfileEnd")} == {became}


@pytest.mark.parametrize(("flags", "said"), [([True, True, True, False], False), ([True, False, True, True], True)])
def test_what_the_profiler_recorded_is_named_if_it_was_chosen(kit, flags, said):
    after, remarks = _profiled(kit, [True, "", 200, 0, *flags])
    begin = after.one(type="ProfileBegin")
    assert dict(begin.widgets) == {"run_name": "profile", "warmup_iterations": 100, "active_iterations": 1}
    assert (f"the old choices {flags} are not carried over" in remarks) is said


def test_a_profile_without_its_beginning_is_put_around_the_loop(kit):
    after, _ = _profiled(kit, [], kind="ProfileIterStep_AudioLoop")
    begin = after.one(type="ProfileBegin")
    assert after.node(1539).input("initial_value").source.node == begin
    assert (begin.mode, begin.widgets["run_name"], begin.widgets["active_iterations"]) == (0, "profile", 1)


def test_a_planner_of_frames_whose_numbers_are_wired_stays():
    graph = empty_graph()
    node = graph.add("LTXFramePlanner")
    graph.connect(graph.add("PrimitiveInt").output(), node.input("fps"))
    graph.connect(node.output("frames"), graph.add("EmptyLTXVLatentVideo").input("length"))
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "LTXFramePlanner"
    assert f"{node}: fps is wired, so its numbers are not known here; it stays" in remarks


def test_what_a_planner_of_frames_said_in_words_is_gone():
    graph = empty_graph()
    node, shown = graph.add("LTXFramePlanner"), graph.add("PreviewAny")
    graph.connect(node.output("summary"), shown.input("source"))
    after, remarks = modern(graph)
    assert f"its summary fed {shown} and is gone" in remarks
    assert after.find(type="LTXFramePlanner") == ()


@pytest.mark.parametrize(("text", "strip", "said"), [("a\nb", True, True), ("a\nb", False, False), ("ab", True, False)])
def test_line_breaks_that_were_taken_out_stay_in(text, strip, said):
    graph = empty_graph()
    node = graph.add("StringConstantMultiline", widgets={"string": text, "strip_newlines": strip})
    after, remarks = modern(graph)
    assert after.node(node.id).widgets["value"] == text
    assert ("it took line breaks out (strip_newlines); they stay" in remarks) is said
