"""How far a change of the sample rate looks: the figures of the one filter that all resamplers here share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ZERO_CROSSINGS = 6
ROLLOFF = 0.99
"""The defaults of `torchaudio.functional.resample`: zero crossings of the sinc on each side, and where it cuts off."""


def block(from_hz: int, to_hz: int) -> tuple[int, int]:
    """Samples of the old and of the new rate after which both lie at the same moment again; they share no divisor."""
    divisor = math.gcd(from_hz, to_hz)
    return from_hz // divisor, to_hz // divisor


def reach(old: int, new: int) -> int:
    """Old samples on each side of a moment that its value is made from, for the rates of a `block`; 0 if they are equal."""
    return 0 if old == new else math.ceil(ZERO_CROSSINGS * old / (min(old, new) * ROLLOFF))


def part(from_hz: int, to_hz: int, begin: int, end: int) -> tuple[int, int, int]:
    """The old samples `[first, last)` from which alone the new samples `[begin, end)` come out, and how many in front of them.

    Resampled by themselves they give, from that many on, the samples that the whole gives: they begin where two samples lie
    at the same moment, and hold what the filter sees.
    """
    old, new = block(from_hz, to_hz)
    around = -(-reach(old, new) // old)
    first = max(0, begin // new - around)
    return first * old, (-(-end // new) + around) * old, begin - first * new


def resampling_filter(old: int, new: int) -> tuple[NDArray[np.float32], int]:
    """The filter at `new` times the old rate, and by how many new samples its middle delays what comes out."""
    import numpy as np

    cut_off = min(old, new) * ROLLOFF / (old * new)
    half = int(ZERO_CROSSINGS / cut_off)
    delay = -(-half // old)
    t = np.arange(-half, half + 1) * cut_off
    window = np.cos(t * (math.pi / ZERO_CROSSINGS / 2)) ** 2
    taps = (np.sinc(t) * window * (cut_off * new)).astype(np.float32)
    return np.pad(taps, (delay * old - half, 0)), delay
