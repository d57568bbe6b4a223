"""The parts of talk: between them somebody pauses for long, for a laugh or for breath."""

from __future__ import annotations

import itertools

from .song_analysis import Beats, Voice

PAUSE_SECONDS = 1.2
"""Pauses between sentences are shorter."""

_SHORTEST_SECONDS = 8.0
_MOSTLY_VOICE = 0.4


def is_talk(beats: Beats | None, voice: Voice) -> bool:
    """Whether a recording has a voice most of the time and no beat, so that neither bars nor what comes again divide it."""
    return beats is None and voice.fraction >= _MOSTLY_VOICE


def talk_begins(voice: Voice, duration_seconds: float) -> tuple[float, ...]:
    """Seconds at which parts begin, rising; the first is 0.

    A part begins where the voice begins again after a long pause: what is laughed belongs to what it was laughed about. Parts
    are at least 8 s long.
    """
    heard = [each for each in voice.stretches if each.kind != "crowd"]
    begins = [0.0]
    for before, after in itertools.pairwise(heard):
        is_long = after.start_seconds - before.end_seconds >= PAUSE_SECONDS
        if is_long and after.start_seconds - begins[-1] >= _SHORTEST_SECONDS:
            begins.append(after.start_seconds)
    if len(begins) > 1 and duration_seconds - begins[-1] < _SHORTEST_SECONDS:
        begins.pop()
    return tuple(begins)
