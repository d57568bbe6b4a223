"""The names of sections: verse and chorus by what comes again and where somebody sings, not by loudness alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .song_analysis import Level

SUNG = 0.3
"""Part of a section with a voice from which on it is a sung one."""

_QUIET_DB, _LOUD_DB = -3.0, 1.5
_BREAK_SECONDS = 14.0
_LOUDER, _NOT_FIRST, _LAST = 0.2, 1.5, 1.0
"""A chorus is what comes often, is loud (each dB), does not begin the singing, and ends it."""


@dataclass(frozen=True)
class UnnamedSection:
    """A section before it has a name.

    Attributes:
        letter: Of its material.
        seconds: Its length.
        level_db: Its mean level.
        voice: Part of it with singing or speech, 0 to 1.
        speech: Part of it with speech.
    """

    letter: str
    seconds: float
    level_db: float
    voice: float
    speech: float


def labels_of(parts: Sequence[UnnamedSection]) -> tuple[str, ...]:
    """The name of each section; see `Section.label`."""
    if len(parts) == 1 and parts[0].speech < SUNG:
        return ("section",) if parts[0].voice < SUNG else ("verse",)
    chorus, verse = _chorus_and_verse(parts)
    return tuple(_label(index, parts, chorus, verse) for index in range(len(parts)))


def levels_of(parts: Sequence[UnnamedSection]) -> tuple[Level, ...]:
    """How loud each section is among all."""
    usual = float(np.average([part.level_db for part in parts], weights=[part.seconds for part in parts]))
    return tuple(_level(part.level_db - usual) for part in parts)


def _level(difference_db: float) -> Level:
    return "quiet" if difference_db < _QUIET_DB else "loud" if difference_db > _LOUD_DB else "medium"


def _label(index: int, parts: Sequence[UnnamedSection], chorus: str | None, verse: str | None) -> str:
    part = parts[index]
    if part.speech > part.voice / 2 and part.voice >= SUNG:
        return "speech"
    if part.voice < SUNG:
        if index == 0:
            return "intro"
        if index == len(parts) - 1:
            return "outro"
        is_low = part.level_db < np.mean([parts[index - 1].level_db, parts[index + 1].level_db]) + _QUIET_DB
        return "break" if is_low and part.seconds < _BREAK_SECONDS else "instrumental"
    if part.letter == chorus:
        return "chorus"
    if part.letter == verse:
        return "verse"
    is_alone = sum(other.letter == part.letter for other in parts) == 1
    return "bridge" if is_alone and chorus is not None and index > len(parts) / 3 else "verse"


def _chorus_and_verse(parts: Sequence[UnnamedSection]) -> tuple[str | None, str | None]:
    """Letters of chorus and verse among the sung sections: what comes again, and of that what is louder, fuller, later."""
    sung = [(index, part) for index, part in enumerate(parts) if part.voice >= SUNG]
    if not sung:
        return None, None
    places: dict[str, list[int]] = {}
    for index, part in sung:
        places.setdefault(part.letter, []).append(index)
    again = [letter for letter, found in places.items() if len(found) > 1]
    if len(again) + (len(places) > len(again)) < 2:
        return None, sung[0][1].letter
    usual = float(np.mean([part.level_db for _, part in sung]))

    def likely(letter: str) -> float:
        found = places[letter]
        louder = float(np.mean([parts[index].level_db for index in found])) - usual
        times = sum(index - 1 not in found for index in found)
        return times + _LOUDER * louder + (0.0 if found[0] == sung[0][0] else _NOT_FIRST) + _LAST * (found[-1] == sung[-1][0])

    chorus = max(again, key=likely)
    others = [letter for letter in places if letter != chorus]
    return chorus, max(others, key=lambda letter: (len(places[letter]), -places[letter][0])) if others else None
