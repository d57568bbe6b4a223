"""R18: English, which the other rules read."""

from __future__ import annotations

from collections.abc import Iterator

from ..draft import Draft
from ..finding import ScheduleFinding, rule

_MOST_FOREIGN = 0.2


@rule(
    18,
    "English",
    severity="warning",
    music="Write in English.",
)
def english(draft: Draft) -> Iterator[ScheduleFinding]:
    """Counts letters of other alphabets."""
    for entry in draft.entries:
        letters = [letter for letter in entry.own if letter.isalpha()]
        foreign = sum(not letter.isascii() for letter in letters)
        if letters and foreign > _MOST_FOREIGN * len(letters):
            yield ScheduleFinding("is not English, which rules R4 to R17 read", "write it in English", entry.line)
