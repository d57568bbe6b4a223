"""Consonants that are too weak."""

from __future__ import annotations

import math

from ..bands import BODY, PRESENCE, SIBILANCE, VOWELS
from ..sound_report import SoundReport
from ..verdict import Verdict, prepared
from .boomy import boomy

MOST_GAP_DB = 20.0
LOWEST_LIMIT_HZ = 5000


def dull(report: SoundReport) -> Verdict | None:
    """Looks at 4 - 8 kHz, and for an edge that nothing passes."""
    limit = report.band_limit_hz
    if limit is not None and limit < LOWEST_LIMIT_HZ:
        return Verdict(
            "dull",
            "warning",
            f"nothing is left above {limit / 1000:.1f} kHz; the consonants lie between 4 and 8 kHz",
            "the mouth guesses at s, sh, f and t",
            "take the original, not a telephone's, a messenger's or a low bitrate's copy; an equaliser brings nothing back",
        )
    # Of channels that cancel each other nothing is left to compare.
    if (compared := compared_db(report)) == -math.inf or (gap_db := compared - report.loudest_db(SIBILANCE)) <= MOST_GAP_DB:
        return None
    return Verdict(
        "dull",
        "warning",
        f"4 - 8 kHz lies {min(gap_db, 99):.0f} dB below the loudest band of a voice; more than "
        f"{MOST_GAP_DB:.0f} dB is too weak, if somebody sings or speaks",
        "the mouth guesses at s, sh, f and t",
        prepared("speech"),
    )


def compared_db(report: SoundReport) -> float:
    """Level of the loudest band of a voice; if the sound is boomy, of those that a boom does not spill into."""
    return report.loudest_db(*([BODY] if boomy(report) is None else []), VOWELS, PRESENCE)
