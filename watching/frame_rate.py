"""The frame rate that a video was made for, told from the times of its frames."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

_USUAL = [Fraction(n) for n in (24, 25, 30, 50, 60, 12, 15, 16, 8, 10, 20, 48, 120)] + [
    Fraction(n * 1000, 1001) for n in (24, 30, 60, 48, 120)
]
_CLOCK_SECONDS = 0.001
"""Times of a coarse clock (Matroska, WebM, FLV) are rounded to thousandths."""


def frame_rate(seconds: NDArray[np.float64], stream: av.VideoStream) -> Fraction:
    """Frames per second that most frames keep.

    Args:
        seconds: (N,) when each frame is shown.
        stream: Whose header says rates; one of them is taken if the frames keep it.
    """
    said = [Fraction(rate) for rate in (stream.guessed_rate, stream.base_rate, stream.average_rate) if rate]
    return rate_of_times(seconds, said)


def rate_of_times(seconds: NDArray[np.float64], said: Iterable[Fraction]) -> Fraction:
    """As `frame_rate`, with the rates that the header says, the likeliest first.

    Without two frames of different times it is the first of those, or 25.
    """
    said = list(said)
    steps = np.diff(seconds)
    steps = steps[steps > 0]
    if not len(steps):
        return said[0] if said else Fraction(25)
    usual_step = float(np.median(steps))
    # A hole is so many steps: over all of them together the rounding of a single time is nothing.
    counts = np.maximum(np.rint(steps / usual_step), 1)
    regular = np.abs(steps - counts * usual_step) <= np.maximum(_CLOCK_SECONDS * 1.01, 0.05 * usual_step) * counts
    step = float(steps[regular].sum() / counts[regular].sum())
    tolerance = _CLOCK_SECONDS / float(counts[regular].sum()) + 2e-4 * step
    for rates in (said, _USUAL):
        nearest = min(rates, key=lambda rate: abs(float(1 / rate) - step), default=None)
        if nearest is not None and abs(float(1 / nearest) - step) <= tolerance:
            return nearest
    return Fraction(1 / step).limit_denominator(1001)
