"""Which nodes a loop repeats, and the copies that are made of them: on graphs by hand."""

from __future__ import annotations

import pytest

from audio_loop.loop_engine.body import ALWAYS, LoopGraphError, open_loops_around
from audio_loop.loop_engine.copies import DRIVER_NODE, IN_NODE, SHOW_NODE, TAP_NODE, due_iteration, make_copies
from audio_loop.loop_engine.prompt_links import links_of
from audio_loop.loop_engine.slots import DRIVER_FAN_OUT, IN_FIRST_CAPTURE

from .loop_graphs import copies_of, simple, state_of


def test_the_simple_loop():
    body = simple().body()
    assert set(body.nodes) == {"body"}
    assert [capture.links for capture in body.captures] == [(("outside", 0),)]
    assert body.taps == ()
    assert body.output_nodes() == ()


def test_copies_of_the_simple_loop():
    copies = copies_of(simple())
    second = {node_id: node for node_id, node in copies.nodes.items() if node_id in copies.by_iteration[2]}
    inlet, body = next(n for n in second if second[n]["class_type"] == IN_NODE), "close.run.2.body"
    assert set(second) == {inlet, body}
    assert second[body]["inputs"] == {"a": [inlet, 0], "b": [inlet, IN_FIRST_CAPTURE], "c": 7}
    assert second[body]["override_display_id"] == "body"
    assert copies.nodes[copies.top]["inputs"]["result_1"] == [body, 0]


def test_a_chain_longer_than_the_recursion_limit():
    graph = simple()
    previous = ["open", 1]
    for index in range(5000):
        previous = graph.add(f"n{index}", a=previous)
    graph["close"]["inputs"]["processed"] = previous
    assert len(graph.body().nodes) == 5000


def test_stop_from_outside_is_captured():
    graph = simple(stop=["flag", 0])
    graph.add("flag")
    copies = copies_of(graph)
    stop = copies.nodes[copies.top]["inputs"]["stop_0"]
    assert copies.nodes[stop[0]]["class_type"] == IN_NODE
    assert graph.body().captures[0].links == (("outside", 0), ("flag", 0))


def test_stop_literal_is_no_link():
    assert "stop_0" not in copies_of(simple(stop=True)).nodes["close.run.drive0.1"]["inputs"]


def test_an_inner_loop_is_copied_whole():
    """Its open node does not depend on the outer loop; a node of its body does."""
    graph = simple()
    graph.add("inner open", "TensorLoopOpen")
    graph.add("inner own", a=["inner open", 3])
    graph.add("inner body", a=["inner own", 0], b=["open", 3])
    graph.add("inner close", "TensorLoopClose", flow_control=["inner open", 0], processed=["inner body", 0])
    graph["body"]["inputs"]["d"] = ["inner close", 0]
    assert set(graph.body().nodes) == {"body", "inner open", "inner own", "inner body", "inner close"}
    assert set(graph.body("inner close").nodes) == {"inner body", "inner own"}
    assert open_loops_around(graph, "inner close") == {"open"}
    assert open_loops_around(graph, "close") == frozenset()


def test_an_independent_loop_is_a_value_from_outside():
    graph = simple()
    graph.add("side open", "TensorLoopOpen")
    graph.add("side body", a=["side open", 3])
    graph.add("side close", "TensorLoopClose", flow_control=["side open", 0], processed=["side body", 0])
    graph["body"]["inputs"]["d"] = ["side close", 0]
    assert set(graph.body().nodes) == {"body"}
    assert ("side close", 0) in graph.body().captures[0].links
    assert open_loops_around(graph, "side close") == frozenset()


def test_a_loop_behind_is_not_inside():
    graph = simple()
    graph.add("next open", "TensorLoopOpen", initial_value=["close", 0])
    graph.add("next body", a=["next open", 1])
    graph.add("next close", "TensorLoopClose", flow_control=["next open", 0], processed=["next body", 0])
    graph.add("preview", "Preview", value=["next body", 0])
    assert graph.body().taps == ()
    assert set(graph.body("next close").nodes) == {"next body"}
    assert [tap.node_ids for tap in graph.body("next close").taps] == [("preview",)]


def test_previews_that_share_a_decoder_are_one_tap():
    graph = simple()
    graph.add("decode", a=["body", 0])
    graph.add("preview 1", "Preview", value=["decode", 0])
    graph.add("preview 2", "Preview", value=["decode", 0])
    graph.add("preview 3", "Preview", value=["body", 0])
    taps = graph.body().taps
    assert sorted(sorted(tap.node_ids) for tap in taps) == [["decode", "preview 1", "preview 2"], ["preview 3"]]


def test_a_preview_behind_a_lazy_input_hangs_on_that_input():
    graph = simple()
    graph.add("left", a=["open", 1])
    graph.add("body", "Switch", on_left=["left", 0], on_right=["outside", 0], which=["open", 3])
    graph.add("preview", "Preview", value=["left", 0])
    body = graph.body()
    assert body.taps[0].region == {("body", "on_left")}
    copies = copies_of(graph).nodes
    left, _ = copies["close.run.1.body"]["inputs"]["on_left"]
    assert copies[left]["class_type"] == TAP_NODE
    assert copies[left]["inputs"]["through"] == ["close.run.1.left", 0]
    assert copies[copies[left]["inputs"]["shown"][0]]["class_type"] == SHOW_NODE


def test_a_preview_of_what_two_lazy_inputs_read_hangs_on_both():
    graph = simple()
    graph.add("shared", a=["open", 1])
    graph.add("left", a=["shared", 0])
    graph.add("body", "Switch", on_left=["left", 0], on_right=["shared", 0], which=["open", 3])
    graph.add("preview", "Preview", value=["shared", 0])
    copies = copies_of(graph).nodes
    switch = copies["close.run.1.body"]["inputs"]
    taps = [copies[switch[name][0]] for name in ("on_left", "on_right")]
    assert [tap["class_type"] for tap in taps] == [TAP_NODE, TAP_NODE]
    assert taps[0]["inputs"]["shown"] == taps[1]["inputs"]["shown"]


def test_values_that_only_a_lazy_input_needs_have_an_in_node_of_their_own():
    graph = simple()
    graph.add("model")
    graph.add("cheap")
    graph.add("left", a=["open", 1], model=["model", 0])
    graph.add("body", "Switch", on_left=["left", 0], on_right=["cheap", 0], which=["open", 3])
    captures = {capture.region: capture.links for capture in graph.body().captures}
    assert captures == {
        ALWAYS: (),
        frozenset({("body", "on_left")}): (("model", 0),),
        frozenset({("body", "on_right")}): (("cheap", 0),),
    }


def test_two_lazy_inputs_that_need_one_value_do_not_ask_for_each_others():
    graph = simple()
    for name in ("shared", "left model", "right model"):
        graph.add(name)
    graph.add("left", a=["open", 1], b=["shared", 0], model=["left model", 0])
    graph.add("right", a=["open", 1], b=["shared", 0], model=["right model", 0])
    graph.add("body", "Switch", on_left=["left", 0], on_right=["right", 0], which=["open", 3])
    state = state_of(graph)
    copies = make_copies(state, "close.run", range(1, 2), False).nodes
    for side in ("left", "right"):
        inlets = {link[0] for name, link in links_of(copies[f"close.run.1.{side}"]) if name != "a"}
        captured = [state.body.captures[copies[inlet]["inputs"]["index"]].links for inlet in inlets]
        assert captured == [(("shared", 0), (f"{side} model", 0))]


def test_a_body_with_an_output_node_is_copied_when_an_iteration_is_due():
    graph = simple()
    graph.add("show", "Show", value=["open", 1])
    graph["body"]["inputs"]["d"] = ["show", 0]
    copies = copies_of(graph)
    assert "Show" not in {node["class_type"] for node in copies.nodes.values()}
    due = due_iteration(state_of(graph), "close.run", 2)
    assert due.nodes["close.run.2.show"]["class_type"] == "Show"
    assert due.waits == ((due.nodes["close.run.2.show"]["inputs"]["value"][0], 0),)


def test_cycles_do_not_hang():
    graph = simple()
    graph["body"]["inputs"]["d"] = ["other", 0]
    graph.add("other", a=["body", 0])
    with pytest.raises(LoopGraphError, match="cycle"):
        graph.body()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"flow_control": 3}, "wire its flow_control"),
        ({"processed": None}, "wire its processed"),
        ({"processed": ["open", 1]}, "does not depend"),
        ({"processed": ["outside", 0]}, "does not depend"),
        ({"flow_control": ["outside", 0]}, "flow_control comes from node outside (Plain)"),
    ],
)
def test_refusals(change, words):
    graph = simple()
    graph["close"]["inputs"] |= change
    with pytest.raises(LoopGraphError) as refusal:
        graph.body()
    assert words in str(refusal.value)
    assert "close" in str(refusal.value)


@pytest.mark.parametrize("count", [1, DRIVER_FAN_OUT, DRIVER_FAN_OUT + 1, 300])
def test_drivers_ask_for_every_iteration_in_order(count):
    nodes, top = (copies := copies_of(simple(), range(1, count + 1))).nodes, copies.top

    def asked(driver):
        inputs = nodes[driver]["inputs"]
        assert 1 <= inputs["count"] <= DRIVER_FAN_OUT
        for index in range(inputs["count"]):
            child = inputs[f"result_{index}"][0]
            if nodes[child]["class_type"] == DRIVER_NODE:
                assert inputs["first"] == 0
                yield from asked(child)
            else:
                assert child == f"close.run.{inputs['first'] + index}.body"
                yield inputs["first"] + index

    assert list(asked(top)) == list(range(1, count + 1))
    assert [n for n, node in nodes.items() if node["inputs"].get("top")] == [top]
    assert set(copies.by_iteration) == set(range(1, count + 1))


def test_a_loop_that_may_grow_asks_for_more_at_the_top():
    copies = copies_of(simple(), range(17, 33), grows=True)
    more = copies.nodes[copies.top]["inputs"]["more"][0]
    assert copies.nodes[more]["inputs"]["first"] == 33


def test_an_inner_loop_that_passes_a_value_from_outside_on_names_its_node_itself():
    """TensorLoopClose is handed the link of `processed` and not its value, so no other node may stand for it."""
    graph = simple()
    graph.add("inner open", "TensorLoopOpen", initial_value=["open", 1])
    graph.add("inner close", "TensorLoopClose", flow_control=["inner open", 0], processed=["outside", 0])
    graph["body"]["inputs"]["d"] = ["inner close", 0]
    closed = copies_of(graph).nodes["close.run.2.inner close"]
    assert closed["inputs"]["processed"] == ["outside", 0]
