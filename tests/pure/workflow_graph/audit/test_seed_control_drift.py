from __future__ import annotations

import pytest

RULE = "seed_control_drift"


def heal(graph):
    node = graph.one(type="AudioLoopController")
    values = node.raw["widgets_values"]
    node.raw["widgets_values"] = [value for value in values if value != "randomize"]


def raw_values(node_id, values):
    def edit(graph):
        graph.node(node_id).raw["widgets_values"] = values

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(clip_in_loop=True))


@pytest.mark.parametrize("word", ["fixed", "increment", "decrement", "randomize"])
def test_each_word_is_found(check_finds, classic, word):
    drifted = raw_values(1582, [1, 19.88, 2.0, 0, word, 25])
    check_finds(RULE, classic(drifted), f"node 1582 .*fps holds '{word}', the word of a seed control")


def test_a_word_that_is_no_number_is_found(check_finds, classic):
    check_finds(RULE, classic(raw_values(1582, [1, "abc", 2.0, 0, 25])), "window_seconds holds 'abc'$")


def test_numbers_written_as_text_are_numbers(check_clean, classic):
    check_clean(RULE, classic(raw_values(1582, ["1", "19.88", 2.0, 0, 25])))


def test_a_real_control_is_clean(check_clean, classic):
    check_clean(RULE, classic(raw_values(1322, [7, "randomize"])))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(seed_drift=True), heal)
