"""Values that a replaced node had and its successor has not."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.migrations.account import Values

from .small_graphs import decoded, empty_graph, foreign, modern, picture


@pytest.mark.parametrize(
    ("value", "is_in"),
    [(1, True), (True, False), (1.0, True), ({"a": 1}, True), ({"a": 2}, False), ([1, 2], True), ([], False), ("1", False)],
)
def test_values_of_every_kind_are_found(value, is_in):
    assert (value in Values([1, {"a": 1}, [1, 2], {"a": 1}])) is is_in


def test_what_a_packs_own_browser_part_keeps_is_no_loss():
    """Such as a preview, which is no input of the node."""
    graph = empty_graph()
    _, combine = decoded(graph)
    combine.raw["widgets_values"] = {**combine.widgets, "videopreview": {"hidden": False, "params": {"filename": "a.mp4"}}}
    assert modern(graph)[1] == ""


def test_of_a_choice_that_feeds_nothing_any_more_only_what_was_chosen_is_named():
    """Not the options, which the browser's part of the node keeps."""
    graph = empty_graph()
    node, chooser = graph.add("LTXVPerStepAdainPatcher", widgets={"factors": "0.5"}), graph.add("CustomCombo")
    chooser.raw["widgets_values"] = ["b", 1, "a", "b", ""]
    graph.connect(graph.add("UNETLoader").output(), node.input("model"))
    graph.connect(chooser.output(), node.input("factors"))
    graph.connect(node.output(), graph.add("CFGGuider").input("model"))
    after, remarks = modern(graph)
    assert after.find(type="CustomCombo") == ()
    assert [line for line in remarks.splitlines() if line.startswith(str(chooser))] == [
        f"{chooser}: choice 'b' is not carried over"
    ]


def test_a_value_of_a_node_that_nobody_knows_is_named_unless_it_is_empty():
    graph = foreign(empty_graph(), "ImageBlend_AudioLoop", [("a", "IMAGE"), ("b", "IMAGE")], [("image", "IMAGE")], None)
    graph.node(500).raw["widgets_values"] = {"factor": 0.25, "note": "mine", "spare": "", "more": {"kind": [1]}}
    for name in ("a", "b"):
        graph.connect(picture(graph), graph.node(500).input(name))
    graph.connect(graph.node(500).output(), graph.add("PreviewImage").input("images"))
    remarks = modern(graph)[1]
    assert "note 'mine' is not carried over" in remarks
    assert "more {'kind': [1]} is not carried over" in remarks
    assert len(remarks.splitlines()) == 2
