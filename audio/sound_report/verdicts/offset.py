"""A waveform beside the zero line."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import Verdict, prepared

MOST_OFFSET = 0.02


def offset(report: SoundReport) -> Verdict | None:
    """Looks at the mean."""
    if abs(report.dc_offset) <= MOST_OFFSET:
        return None
    return Verdict(
        "offset",
        "hint",
        f"the waveform lies {report.dc_offset:+.3f} beside zero; more than {MOST_OFFSET:g} of full scale is a fault",
        "less room for the sound, and a click at each cut",
        prepared("speech"),
    )
