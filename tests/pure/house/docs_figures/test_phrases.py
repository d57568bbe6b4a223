"""A wrong figure, one that is missing and one that is right only once are found."""

from __future__ import annotations

import pytest

from . import phrases
from .phrases import Told, check


def page_that_says(monkeypatch, text):
    monkeypatch.setattr(phrases, "text_of", lambda page: text)


def test_what_the_page_says_is_compared_with_the_code(monkeypatch):
    page_that_says(monkeypatch, "a window of 19.88 s, and 1 536 000 Hz at most, in `4` pieces")
    check(Told("p", "a window of {} s", (19.88,)))
    check(Told("p", "and {} Hz", ("1 536 000",)))
    check(Told("p", "in `{}` pieces", (4,)))
    for wrong in (19.8, 19.889, 9.88):
        with pytest.raises(AssertionError, match=r"says a window of 19\.88 s; the code says: a window of"):
            check(Told("p", "a window of {} s", (wrong,)))


def test_a_phrase_that_is_gone_is_found(monkeypatch):
    page_that_says(monkeypatch, "a window of many seconds")
    with pytest.raises(AssertionError, match="does not say: a stride of 3 s"):
        check(Told("p", "a stride of {} s", (3,)))


def test_each_place_with_the_same_words_counts(monkeypatch):
    page_that_says(monkeypatch, "windows of 8 s here, and windows of 9 s there")
    with pytest.raises(AssertionError):
        check(Told("p", "windows of {} s", (8,)))


@pytest.mark.parametrize("phrase", ["no place", "{} s at the beginning", "at the end {}", "before a point {}."])
def test_a_phrase_that_would_fit_anything_is_refused(phrase):
    with pytest.raises(ValueError, match="needs a place"):
        check(Told("p", phrase, (1,)))
