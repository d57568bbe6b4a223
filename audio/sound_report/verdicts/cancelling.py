"""Channels that take each other away."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import EXPORT_AGAIN, Verdict

LOSS_DB = 10.0


def cancelling(report: SoundReport) -> Verdict | None:
    """Mixed to one channel, they lose their sound."""
    if len(report.channel_levels_db) < 2 or report.mono_loss_db <= LOSS_DB:
        return None
    return Verdict(
        "cancelling channels",
        "warning",
        f"mixed to one channel the song loses {min(report.mono_loss_db, 99):.0f} dB; more than {LOSS_DB:.0f} dB means that one "
        "channel is the other turned upside down",
        "what listens in mono hears no voice",
        f"{EXPORT_AGAIN} with the polarity of one channel turned, or as mono from one of them",
    )
