"""Descriptions of a picture: who is seen, and what else."""

from __future__ import annotations

import re
from typing import Literal

_PICTURE_OF = re.compile(
    r"^(?:(?:an?|the)\s+)?(?:[\w-]+\s+){0,3}?(?:photo(?:graph)?|picture|image|portrait|painting|drawing|illustration|shot|"
    r"close-?up|sketch|render(?:ing)?|still|frame)\s+(?:of|showing)\s+",
    re.IGNORECASE,
)
_MOUTH = r"sings?|singing|performs?|performing|speaks?|speaking|talks?|talking|vocali[sz]ing"
"""Motions of lips: the song tells those."""

_FULL_STOP = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bJr)(?<!\bProf)\.\s"
"""Not the one of a title."""

_ENDS_THE_SUBJECT = re.compile(
    rf"[,;:(]|{_FULL_STOP}|\b(?:is|are|stands?|standing|sits?|sitting|looks?|looking|{_MOUTH}|plays?|playing|walks?|walking|leans?|"
    r"leaning|poses?|posing|smiles?|smiling|lies|lying|dances?|dancing|faces|facing|stares?|staring|at|on|against|inside|"
    r"outside|under|beside|near|behind|above|before)\b",
    re.IGNORECASE,
)
_LED_IN = re.compile(
    rf"^(?:[\s.,;:(]|(?:and|is|are|stands|sits|looks|walks|leans|poses|lies|faces|{_MOUTH})\b)+", re.IGNORECASE
)

_PLACE = re.compile(
    r"(?:at|on|in|inside|outside|under|beside|near|behind|above|before|against|by|with|around|among|between|next|lit|surrounded)\b",
    re.IGNORECASE,
)
_POSTURE = re.compile(r"\w+ing\b", re.IGNORECASE)

PlaceForm = Literal["place", "posture", "picture", "none"]


def form_of(words: str) -> PlaceForm:
    """How words for a place read: "on a stage", "leaning on a wall", "a stage with a red curtain", or not at all."""
    if not words:
        return "none"
    return "place" if _PLACE.match(words) else "posture" if _POSTURE.match(words) else "picture"


def split_description(subject: str, description: str) -> tuple[str, str]:
    """Who is seen, and what else of the picture is worth a word.

    Args:
        subject: As somebody said it; "" to take it from the description.
        description: As in "A woman in a red coat stands on a street, neon signs behind", in one line.

    Returns:
        Subject and place: "A woman in a red coat" and "on a street, neon signs behind".
    """
    told = _PICTURE_OF.sub("", description)
    if subject:
        rest = told[len(subject) :] if told.lower().startswith(subject.lower()) else None
        return subject, told if rest is None else _tidied(rest)
    end = _ENDS_THE_SUBJECT.search(told)
    head = (told[: end.start()] if end else told).strip(" .,;:")
    if not head or _PLACE.match(head):
        return "", told
    return head[0].upper() + head[1:], _tidied(told[len(told[: end.start()]) :]) if end else ""


def _tidied(rest: str) -> str:
    return _LED_IN.sub("", rest).strip(" .,;:")
