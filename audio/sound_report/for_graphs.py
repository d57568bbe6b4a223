"""The figures of a report that a graph can go on with: all of them finite."""

from __future__ import annotations

from typing import NamedTuple

from .judge import is_fine, judged
from .sound_report import SoundReport

FARTHEST_DB = 120.0
"""Takes the place of infinity."""


class GraphValues(NamedTuple):
    """Figures of a report, in the order of the node's outputs.

    Attributes:
        is_fine: Whether nothing is wrong; hints may be left.
        sibilance_gap_db: 4 - 8 kHz below the loudest band of a voice.
        snr_db: `FARTHEST_DB` if no noise was found.
        clipped_fraction: 0 to 1.
        loudness_lufs: At least `-FARTHEST_DB`.
        true_peak_dbtp: At least `-FARTHEST_DB`.
    """

    is_fine: bool
    sibilance_gap_db: float
    snr_db: float
    clipped_fraction: float
    loudness_lufs: float
    true_peak_dbtp: float


def graph_values(report: SoundReport) -> GraphValues:
    """The figures of a report."""
    return GraphValues(
        is_fine(judged(report)),
        _bounded(report.sibilance_gap_db),
        FARTHEST_DB if report.noise is None else _bounded(report.noise.snr_db),
        0.0 if report.clipping is None else report.clipping.fraction,
        _bounded(report.loudness_lufs),
        _bounded(report.true_peak_dbtp),
    )


def _bounded(value: float) -> float:
    return min(max(value, -FARTHEST_DB), FARTHEST_DB)
