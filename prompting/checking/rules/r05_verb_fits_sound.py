"""R5: somebody sings or talks only while a voice is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...wording import MOUTH_CLOSED, SINGING, TALKING
from ..draft import Draft, DraftEntry
from ..finding import ScheduleFinding, rule

LEAST_PART = 0.05
"""Part of the stretch in which an entry is seen; a voice for less than that counts as not heard: a breath, or a mistake."""

_RAP = re.compile(r"\brap(?:s|ping)?\b", re.IGNORECASE)
"""Its voice is speech to an ear."""

MOSTLY = 0.6
"""Part from which on a closed mouth is seen to be wrong."""


@rule(
    5,
    "verb fits the sound",
    music='Write "is singing" only in entries for which the table hears singing. While nobody sings, let the subject play, '
    "dance, "
    "walk or look, with closed lips.",
    talk="Let the subject talk only in entries for which the table hears a voice. In pauses and laughs let the subject pause, "
    "look, "
    "smile or drink, with closed lips.",
)
def verb_fits_sound(draft: Draft) -> Iterator[ScheduleFinding]:
    """Compares verbs of the mouth with the voice that is heard while an entry is seen."""
    for entry in draft.entries:
        length = sum(float(end - start) for start, end in entry.seen)
        sung, spoken = draft.heard(entry, "singing"), draft.heard(entry, "speech")
        if sung is None or spoken is None or length <= 0:
            continue
        yield from _voice_missing(entry, sung, spoken, length)
        if sung + spoken >= MOSTLY * length and not _mouth_moves(entry) and (found := MOUTH_CLOSED.search(entry.own)):
            yield ScheduleFinding(
                f"{found[0]!r}, but a voice is heard for {sung + spoken:.1f} of the {length:.1f} s in which it is seen",
                "such as: is singing" if sung >= spoken else "such as: is telling a joke, is pressing the point",
                entry.line,
                severity="warning",
            )


def _voice_missing(entry: DraftEntry, sung: float, spoken: float, length: float) -> Iterator[ScheduleFinding]:
    found = SINGING.search(entry.own) or TALKING.search(entry.own)
    if found is None:
        return
    if sung + spoken < LEAST_PART * length:
        yield ScheduleFinding(
            f"{found[0]!r}, but no voice is heard in the {length:.1f} s in which it is seen",
            "such as: is dancing, is playing the guitar, is looking into the camera, with closed lips",
            entry.line,
        )
    elif SINGING.search(entry.own) and not _RAP.search(entry.own) and sung < LEAST_PART * length:
        yield ScheduleFinding(
            f"{found[0]!r}, but what is heard for {spoken:.1f} of the {length:.1f} s in which it is seen is speech",
            "such as: is telling a joke, is pressing the point",
            entry.line,
            severity="warning",
        )


def _mouth_moves(entry: DraftEntry) -> bool:
    return bool(SINGING.search(entry.own) or TALKING.search(entry.own))
