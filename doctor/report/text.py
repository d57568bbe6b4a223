"""A diagnosis for a console."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ..diagnosis import Cause, Diagnosis
from ..seen import Symptom
from .words import NAMES, clock, place

_WIDTH = 100
_MOST_PLACES = 4


def as_text(diagnosis: Diagnosis, *, all_figures: bool = False) -> str:
    """The verdict, symptoms, causes with what speaks for them and what mends them, and what could not be looked at."""
    return "\n".join(_lines(diagnosis, all_figures)) + "\n"


def _lines(diagnosis: Diagnosis, all_figures: bool) -> Iterator[str]:
    size = f"{diagnosis.width}x{diagnosis.height}, {diagnosis.fps:g} frames per second"
    yield f"{diagnosis.video}: {clock(diagnosis.duration_seconds)}, {size}, {diagnosis.codec}"
    for known in diagnosis.known:
        yield from _wrapped(known, "  ")
    yield ""
    yield from _wrapped(diagnosis.verdict, "")
    if diagnosis.symptoms:
        yield ""
        yield "Seen and heard"
        for symptom in diagnosis.symptoms:
            yield from _symptom(symptom)
    if diagnosis.causes:
        yield ""
        yield "Causes, the most likely first"
        for position, cause in enumerate(diagnosis.causes, 1):
            yield from _cause(position, cause)
    if all_figures:
        yield ""
        yield from _figures(diagnosis)
    if diagnosis.not_looked_at:
        yield ""
        yield "Not looked at"
        for sentence in diagnosis.not_looked_at:
            yield from _wrapped(sentence, "  - ")


def _symptom(symptom: Symptom) -> Iterator[str]:
    yield from _wrapped(f"{NAMES[symptom.kind]} ({symptom.strength:.1f} x what is noticed): {symptom.words}", "  - ")
    places = [place(each) for each in symptom.stretches[:_MOST_PLACES]]
    more = len(symptom.stretches) - len(places)
    if places:
        yield from _wrapped("at " + ", ".join(places) + (f" and {more} more" if more > 0 else ""), "    ")


def _cause(position: int, cause: Cause) -> Iterator[str]:
    certainty = "" if cause.is_backed else " (possible)"
    yield from _wrapped(f"{cause.title}{certainty}", f"  {position}. ")
    for sentence in cause.evidence[len(cause.kinds) :]:
        yield from _wrapped(sentence, "       ")
    if cause.where:
        yield from _wrapped(f"at {cause.where}", "       ")
    yield from _wrapped(f"-> {cause.mend}", "     ")


def _figures(diagnosis: Diagnosis) -> Iterator[str]:
    from .words import value_of, with_unit

    yield "Figures"
    for figure in diagnosis.figures:
        limit = "" if figure.threshold is None else f" (limit {with_unit(figure.threshold, figure.unit)})"
        yield from _wrapped(f"{figure.name}: {value_of(figure)}{limit}", "  ")


def _wrapped(text: str, lead: str) -> list[str]:
    behind = " " * len(lead)
    return textwrap.wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=behind, break_on_hyphens=False) or [lead]
