"""Samples that are no numbers."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import EXPORT_AGAIN, Verdict


def not_finite(report: SoundReport) -> Verdict | None:
    """One is too many: every frame that hears it becomes black."""
    if report.not_finite_at_seconds is None:
        return None
    which = "sample is no number" if report.not_finite == 1 else "samples are no numbers"
    return Verdict(
        "no numbers",
        "error",
        f"{report.not_finite} {which}, the first at {report.not_finite_at_seconds:.2f} s; none may be",
        "every frame that hears it is black",
        f"{EXPORT_AGAIN}, as WAV with 16 or 24 bits or as FLAC",
    )
