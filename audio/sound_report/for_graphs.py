"""The figures of a report that a graph can go on with: all of them finite."""

from __future__ import annotations

from .judge import is_fine, judged
from .sound_report import SoundReport

FARTHEST_DB = 120.0
"""Takes the place of infinity."""


def graph_values(report: SoundReport) -> tuple[bool, float, float, float, float, float]:
    """(is it fine, sibilance gap, signal to noise, clipped fraction, loudness, true peak), as the node gives them out.

    Without a noise the third is `FARTHEST_DB`.
    """
    return (
        is_fine(judged(report)),
        _bounded(report.sibilance_gap_db),
        FARTHEST_DB if report.noise is None else _bounded(report.noise.snr_db),
        0.0 if report.clipping is None else report.clipping.fraction,
        _bounded(report.loudness_lufs),
        _bounded(report.true_peak_dbtp),
    )


def _bounded(value: float) -> float:
    return min(max(value, -FARTHEST_DB), FARTHEST_DB)
