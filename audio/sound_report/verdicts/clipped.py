"""Peaks that were cut off."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import Verdict


def clipped(report: SoundReport) -> Verdict | None:
    """As `ClippingCounter` finds it, which has its threshold."""
    clipping = report.clipping
    if clipping is None:
        return None
    where = "exactly at" if clipping.is_exact else "around"
    return Verdict(
        "clipped",
        "warning",
        f"{100 * clipping.fraction:.1f} % of the samples lie {where} {clipping.level_db:.1f} dB, where peaks were cut off; "
        "0.1 % is what may be",
        "harshness that the model takes for consonants",
        "export or record it again with less gain, 6 dB for a start; turning the file down does not help",
    )
