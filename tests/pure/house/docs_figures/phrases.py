"""Sentences of pages with places for figures, which are filled in from the code and must stand on the page."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ..import_graph import REPOSITORY

WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]


@cache
def text_of(page: str) -> str:
    """A page, line breaks as spaces."""
    return " ".join((REPOSITORY / page).read_text("utf-8").split())


def word(number: float) -> str:
    """A small whole number as pages write it."""
    assert number == round(number)
    return WORDS[round(number)]


@dataclass(frozen=True)
class Told:
    """A part of a page with its figures.

    Attributes:
        page: Its path inside the repository.
        phrase: Words of the page with `{}`-places in the way of `str.format`; it begins and ends with a word or a sign.
        values: What the code says, one for each place.
    """

    page: str
    phrase: str
    values: tuple[object, ...]

    def __str__(self) -> str:
        return self.phrase[:60]

    @property
    def text(self) -> str:
        """The phrase with the figures of the code."""
        return self.phrase.format(*self.values)

    @property
    def on_page(self) -> tuple[str, ...]:
        """What the page says wherever the words of the phrase stand on it."""
        return tuple(found[0] for found in self.pattern.finditer(text_of(self.page)))

    @property
    def pattern(self) -> re.Pattern[str]:
        """The words of the phrase, and anything in their places that has as many words as the figure."""
        parts = list(string.Formatter().parse(self.phrase))
        if len(parts) < 2 or parts[-1][1] is not None or not parts[0][0] or parts[-1][0] in {".", ","}:
            raise ValueError(f"{self.phrase!r} needs a place, and words before and behind it; a point may be one of the figure")
        wanted, values = "", iter(self.values)
        for literal, name, form, _ in parts:
            wanted += re.escape(literal)
            if name is not None:
                spaces = format(next(values), form or "").count(" ")
                wanted += r"[^\s|]+?" + r" [^\s|]+?" * spaces
        return re.compile(wanted)


def told(page: str, figures: Iterable[tuple[object, ...]]) -> list[Told]:
    """The phrases of a page, each with its figures; fractions become decimal numbers."""
    return [Told(page, str(phrase), tuple(map(_plain, values))) for phrase, *values in figures]


def _plain(value: object) -> object:
    # Before Python 3.12 a fraction takes no format.
    return float(value) if isinstance(value, Fraction) else value


def check(figure: Told) -> None:
    """Fails if the page says anything else than the code, or nothing."""
    assert figure.on_page, f"{figure.page} does not say: {figure.text}"
    wrong = set(figure.on_page) - {figure.text}
    assert not wrong, f"{figure.page} says {', '.join(wrong)}; the code says: {figure.text}"
