"""A subject's grammar, and the instrument that it names."""

from __future__ import annotations

import re

_HEAD_ENDS = re.compile(
    r"\b(?:in|with|wearing|on|of|at|from|who|whose|holding|playing|behind|under|beside|before|near|by|against|sitting|standing|"
    r"dressed|and (?:a |an |the )?(?:\w+ )?(?:guitar|piano|hat|beard|moustache|glasses|coat))\b|,",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|several|many|both|they|we|these|those|a (?:few|couple|pair|trio|dozen)|"
    r"[2-9]|[1-9][0-9]+)\b(?!-|[.,]\d|\s+(?:years?|yrs?|m|cm|ft|feet)\b)",
    re.IGNORECASE,
)
"""Not the number of an age or a height."""
_SINGLE = re.compile(r"(?:a|an|one|this|that|each|his|her|my)\b", re.IGNORECASE)
_PLURAL = re.compile(
    r"\b(?:\w{2,}(?:ers|ors|ists|ians|ings)|\w*(?:girls|boys|twins|friends|kids|siblings)|ladies|guys|men|gentlemen|women|people|"
    r"children)$|^the\b.*[^sui]s$",
    re.IGNORECASE,
)
"""The last: after "the" an s at the end is a plural's, elsewhere it may be a name's. "The actress" and "the chorus" are one."""

INSTRUMENTS = (
    "acoustic guitar", "electric guitar", "bass guitar", "double bass", "upright piano", "grand piano", "guitar", "piano",
    "keyboard",
    "synthesizer", "drums", "drum kit", "violin", "viola", "cello", "bass", "saxophone", "trumpet", "trombone", "clarinet",
    "flute",
    "harp", "accordion", "ukulele", "banjo", "mandolin", "harmonica", "turntables", "organ", "lute", "sitar", "tambourine",
)  # fmt: skip
_PLAYERS = {
    "guitarist": "guitar", "pianist": "piano", "drummer": "drums", "violinist": "violin", "cellist": "cello", "bassist": "bass",
    "saxophonist": "saxophone", "trumpeter": "trumpet", "flutist": "flute", "flautist": "flute", "harpist": "harp",
    "dj": "turntables",
    "accordionist": "accordion", "organist": "organ", "keyboardist": "keyboard", "clarinettist": "clarinet",
}  # fmt: skip


WITH_THE_MOUTH = frozenset({"saxophone", "trumpet", "trombone", "clarinet", "flute", "harmonica"})
"""Nobody sings while playing these."""

_GROUP = re.compile(r"\b(?:band|duo|trio|quartet|choir|couple|group|pair|family|duet|orchestra|crew)\b", re.IGNORECASE)


def are_several(subject: str) -> bool:
    """True if more than one is seen, whichever verb the words take."""
    end = _HEAD_ENDS.search(subject)
    head = subject[: end.start()] if end and end.start() > 0 else subject
    return be(subject) == "are" or bool(_GROUP.search(head))


def be(subject: str) -> str:
    """ "is" or "are", whichever fits the words that name who is seen."""
    end = _HEAD_ENDS.search(subject)
    head = subject[: end.start()].strip() if end and end.start() > 0 else subject
    if _SEVERAL.match(head) or re.search(r"\band\b|&", head, re.IGNORECASE):
        return "are"
    if _SINGLE.match(head):
        return "is"
    return "are" if _PLURAL.search(head) else "is"


def instrument_of(*texts: str) -> str | None:
    """The instrument that is named first in the longest words, or that a player is named after; None if none is."""
    told = " ".join(texts).lower()
    for instrument in INSTRUMENTS:
        if re.search(rf"\b{instrument}\b", told):
            return instrument
    return next((played for player, played in _PLAYERS.items() if re.search(rf"\b{player}s?\b", told)), None)
