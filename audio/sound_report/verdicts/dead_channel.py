"""A channel without sound."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import EXPORT_AGAIN, Verdict

SPREAD_DB = 40.0


def dead_channel(report: SoundReport) -> Verdict | None:
    """Of a stereo file; of more channels some are often empty."""
    if len(report.channel_levels_db) != 2 or report.channel_spread_db <= SPREAD_DB:
        return None
    left, right = report.channel_levels_db
    side = "left" if left < right else "right"
    return Verdict(
        "dead channel",
        "warning",
        f"the {side} channel has no sound: {_below(report)} the other; more than {SPREAD_DB:.0f} dB is a lost cable",
        "the song is heard from one side, and by the model with half its strength",
        f"{EXPORT_AGAIN} as mono",
    )


def _below(report: SoundReport) -> str:
    return f"{report.channel_spread_db:.0f} dB below" if min(report.channel_levels_db) > -200 else "it is silence beside"
