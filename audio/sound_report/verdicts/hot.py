"""Peaks beyond full scale."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import Verdict, prepared

MOST_DBTP = 0.0


def hot(report: SoundReport) -> Verdict | None:
    """Looks at the true peak."""
    if report.true_peak_dbtp <= MOST_DBTP:
        return None
    return Verdict(
        "hot",
        "hint",
        f"the true peak is {report.true_peak_dbtp:+.1f} dBTP; above {MOST_DBTP:.0f} a player or the video's encoder clips",
        "nothing; some crackle may be heard",
        prepared("off"),
    )
