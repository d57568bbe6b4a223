"""R17: an entry is one shot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..draft import Draft
from ..finding import ScheduleFinding, rule

_CUT = re.compile(
    r"\b(?:(?:hard |quick |jump |smash |match |fast )?cut(?:s|ting)? (?:to|between|away|back)|jump cuts?|quick cuts|fast cuts|"
    r"montage|"
    r"split[ -]screen|picture[ -]in[ -]picture|cross-?fad(?:es?|ing)|dissolv(?:es?|ing) (?:to|into)|transition(?:s|ing)? "
    r"(?:to|into)|"
    r"scene changes?|flash(?:es)?[ -]?backs?|intercut(?:s|ting)?|meanwhile|multiple (?:shots|angles|cameras)|slideshow)\b",
    re.IGNORECASE,
)
_SEQUENCE = re.compile(
    r"\b(?:and then|, then|then|afterwards?|after that|finally|next,|later|followed by|before (?:turning|moving))\b",
    re.IGNORECASE,
)
_END = re.compile(r"\b(?:fad(?:es?|ing) (?:to black|out|to white|away)|the end|credits)\b", re.IGNORECASE)


@rule(
    17,
    "one shot",
    music="An entry is one continuous shot with one action that can go on for its whole length: no cuts, no montage, no then. "
    "Only "
    "the last may fade out.",
)
def one_shot(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for cuts, for what happens one after the other, and for an end that is none."""
    for entry in draft.entries:
        if found := _CUT.search(entry.own):
            yield ScheduleFinding(
                f"{found[0]!r} asks for another shot within the entry",
                "write one shot; another boundary is another entry",
                entry.line,
            )
        elif found := _SEQUENCE.search(entry.own):
            yield ScheduleFinding(
                f"{found[0]!r} makes two actions of one",
                "write one action that goes on for the whole entry",
                entry.line,
                severity="warning",
            )
        if not entry.is_last and (found := _END.search(entry.own)):
            yield ScheduleFinding(f"{found[0]!r} ends the video in its middle", "leave it to the last entry", entry.line)
