"""Peaks that were cut off, found in how often each value occurs.

The larger a value, the rarer it is in speech and music. Where peaks were cut off, many samples lie at one value instead; an
encoder that comes later (MP3, AAC) spreads them around it and lets some overshoot, but the hump stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..reading.song_source import Block
from .sound_report import Clipping, decibels

_PER_UNIT = 2048
_FULL_SCALES = 4
_HALF = _PER_UNIT * _FULL_SCALES

_LOWEST_SHARE = 0.001
"""Of all samples. A millisecond of each second, spread over peaks, is about what is heard."""
_HUMP = 1.7
"""How many times denser a hump is than what lies below it: at most 1.3 without clipping, at least 2 with it."""
_HALF_WIDTH = 0.04
_BELOW = np.linspace(0.6, 0.88, 12)
_CANDIDATES = np.geomspace(0.25, 1.0, 80)
_LEAST_VALUES = 2
"""Values that are counted apart within a hump."""

_RUN = 3
"""Equal samples in a row, at the extreme, that are no chance."""
_LEAST_SWING = 0.01
"""From the mean: what is constant, or nearly silent, is not clipped."""


class ClippingCounter:
    """Counts the values of each channel.

    Args:
        channels: Their number.
    """

    def __init__(self, channels: int) -> None:
        self._counts = np.zeros((channels, 2 * _HALF), np.int64)
        self._runs = [_Runs(sign) for _ in range(channels) for sign in (1, -1)]
        self._samples = 0

    def add(self, block: Block) -> None:
        """The next samples (channels, n), finite."""
        self._samples += block.shape[1]
        for channel, samples in enumerate(block):
            steps = np.clip(samples * _PER_UNIT + _HALF, 0, 2 * _HALF - 1).astype(np.int32)
            self._counts[channel] += np.bincount(steps, minlength=2 * _HALF)
            for runs in self._runs[2 * channel : 2 * channel + 2]:
                runs.add(samples)

    def clipping(self, means: NDArray[np.float64], is_steady: bool) -> Clipping | None:
        """The clearest clipping of all channels; None if there is none.

        Args:
            means: The mean of each channel, (channels,).
            is_steady: Whether the level never changes; a test tone has a hump of its own.
        """
        found = []
        for channel, (counts, mean) in enumerate(zip(self._counts, means, strict=True)):
            middle = round(float(mean) * _PER_UNIT) + _HALF
            for side, runs in zip((counts[middle:], counts[:middle][::-1]), self._runs[2 * channel :], strict=False):
                swing = runs.extreme - runs.sign * float(mean)
                exact = runs.samples / self._samples if swing > _LEAST_SWING else 0.0
                if exact >= _LOWEST_SHARE / 2:
                    found.append(Clipping(exact, decibels(runs.extreme**2), is_exact=True))
                elif not is_steady and (hump := _hump(side, self._samples)) is not None:
                    found.append(Clipping(hump[0], decibels(hump[1] ** 2), is_exact=False))
        return max(found, key=lambda each: each.fraction, default=None)


class _Runs:
    """Samples in rows of equal ones at the highest value so far, or the lowest."""

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.extreme = 0.0
        self.samples = 0

    def add(self, samples: NDArray[np.float32]) -> None:
        extreme = float(samples.max() if self.sign > 0 else -samples.min())
        if extreme <= 0 or extreme < self.extreme:
            return
        if extreme > self.extreme:
            self.extreme, self.samples = extreme, 0
        at = np.flatnonzero(samples == np.float32(self.sign * extreme))
        if len(at) < _RUN:
            return
        ends = np.flatnonzero(np.diff(at) > 1)
        lengths = np.diff(np.concatenate([[-1], ends, [len(at) - 1]]))
        self.samples += int(lengths[lengths >= _RUN].sum())


def _hump(counts: NDArray[np.int64], samples: int) -> tuple[float, float] | None:
    """(share of all samples, value) of the clearest hump of one side of the middle; None if there is none."""
    used = np.flatnonzero(counts)
    if not len(used):
        return None
    up_to = np.concatenate([[0], np.cumsum(counts)])
    values = _CANDIDATES * (int(used[-1]) + 1)
    values = values[values * _HALF_WIDTH >= _LEAST_VALUES]
    shares = _within(up_to, values) / samples
    values, shares = values[shares >= _LOWEST_SHARE], shares[shares >= _LOWEST_SHARE]
    if not len(values):
        return None
    below = values[:, None] * _BELOW
    sparsest = np.maximum(_within(up_to, below) / below, 1 / below).min(axis=1)
    ratios = shares * samples / values / sparsest
    best = int(np.argmax(ratios))
    return (float(shares[best]), float(values[best]) / _PER_UNIT) if ratios[best] >= _HUMP else None


def _within(up_to: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many samples lie around each value."""
    last = len(up_to) - 1
    low, high = (np.minimum(values * factor, last).astype(np.int64) for factor in (1 - _HALF_WIDTH, 1 + _HALF_WIDTH))
    return up_to[high] - up_to[low]
