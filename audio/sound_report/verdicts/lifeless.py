"""Pauses without any air."""

from __future__ import annotations

from ...preparing.presets import PRESETS
from ..sound_report import SoundReport
from ..verdict import Verdict, prepared

MOST_HUSHED = 0.1
ROOM_TONE = next(name for name, preset in PRESETS.items() if preset.room_tone_db is not None)


def lifeless(report: SoundReport) -> Verdict | None:
    """Looks for digital silence between sounds, as a synthesiser leaves it."""
    if report.hushed_fraction <= MOST_HUSHED:
        return None
    return Verdict(
        "lifeless",
        "hint",
        f"{100 * report.hushed_fraction:.0f} % between first and last sound is digital silence; above {100 * MOST_HUSHED:.0f} "
        "% it is speech from a synthesiser, or was cut by a gate",
        "users report a still picture with it",
        prepared(ROOM_TONE),
    )
