"""Too much bass."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import Verdict, prepared

MOST_BOOM_DB = 9.5
LEAST_BASS_DB = -10.0
"""Relative to the loudest band: a bird over a little rumble is not boomy."""


def boomy(report: SoundReport) -> Verdict | None:
    """Compares bass with body and vowels."""
    if report.boom_db <= MOST_BOOM_DB or report.bands_db[0] < LEAST_BASS_DB:
        return None
    return Verdict(
        "boomy",
        "warning",
        f"60 - 300 Hz is {report.boom_db:.1f} dB denser than 300 - 1500 Hz; more than {MOST_BOOM_DB:.1f} dB masks the voice",
        "the mouth follows the bass, or hardly moves",
        prepared("bass-heavy"),
    )
