"""R12: a prompt says what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..draft import Draft
from ..finding import ScheduleFinding, rule

_NEGATION = re.compile(
    r"\b(?:no|not|never|without|nobody|none|nothing|neither|nor|cannot|avoid(?:s|ing)?|excluding|except|lacks?|lacking|"
    r"absence of|free of|devoid of|instead of|rather than|\w+n['’]t|\w+-free)\b",
    re.IGNORECASE,
)
_MICROPHONE = re.compile(r"\b(?:microphones?|mics?)\b", re.IGNORECASE)


@rule(
    12,
    "positive words",
    music="Say what is there, never what is not: no negations, because a thing that is named is drawn. Do not name a "
    "microphone "
    "unless the picture shows one. What must not appear belongs into the negative prompt.",
)
def positive(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for negations, and for the thing that the model draws most gladly into a singer's hand."""
    for entry in draft.entries:
        if found := _NEGATION.search(entry.own):
            yield ScheduleFinding(
                f"{found[0]!r} is a negation, and what a prompt names is drawn",
                "say what is there; put what must not appear into the negative prompt",
                entry.line,
            )
        elif (found := _MICROPHONE.search(entry.own)) and not _MICROPHONE.search(draft.expected.picture):
            yield ScheduleFinding(
                f"{found[0]!r} is drawn if it is named, and the picture is not said to show one",
                "leave it out, or describe it in --image-desc",
                entry.line,
                severity="warning",
            )
