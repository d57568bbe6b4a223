"""Too low a level."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import Verdict, prepared

LEAST_LUFS = -30.0


def quiet(report: SoundReport) -> Verdict | None:
    """Looks at the loudness; what is too short for one is left alone."""
    if not -200 < report.loudness_lufs < LEAST_LUFS:
        return None
    return Verdict(
        "quiet",
        "warning",
        f"the loudness is {report.loudness_lufs:.1f} LUFS; below {LEAST_LUFS:.0f} is far from the usual -16",
        "small movements of the mouth, or none",
        prepared("off"),
    )
