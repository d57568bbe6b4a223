"""R12: what is there."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", ["no hat", "without a hat", "isn't smiling", "isn’t smiling", "smoke-free", "never smiling", "instead of"]
)
def test_negations_are_found(found, words):
    assert [(line, severity) for line, severity, *_ in found("R12", f"0:00+: @ is singing, {words}")] == [(1, "error")]


@pytest.mark.parametrize(
    "words", ["a notebook", "a know-how book", "the north light", "a nothingness", "freely", "knotted hair"]
)
def test_words_that_look_like_one_are_left_alone(found, words):
    assert found("R12", f"0:00+: @ is singing, {words}") == []


def test_a_microphone_may_be_named_if_the_picture_shows_one(found):
    text = "0:00+: @ is singing into a microphone"
    assert [severity for _, severity, *_ in found("R12", text)] == ["warning"]
    assert found("R12", text, picture="a singer behind a microphone") == []
    assert found("R12", text, subject="@ is singing into a microphone".replace("@", "A man")) != []


def test_the_subject_is_not_judged(found):
    assert found("R12", "0:00+: A man without shoes is singing", subject="A man without shoes") == []
