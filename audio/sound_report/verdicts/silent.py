"""No sound at all."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import EXPORT_AGAIN, Verdict


def silent(report: SoundReport) -> Verdict | None:
    """Nothing reaches -60 dB anywhere."""
    if not report.silence.is_all:
        return None
    return Verdict(
        "silent",
        "error",
        f"all {report.duration_seconds:.1f} s are silent: no peak reaches -60 dB",
        "a still picture, and no mouth moves",
        f"{EXPORT_AGAIN}, or choose the file that holds it; a track that was muted makes such a file",
    )
