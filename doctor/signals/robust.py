"""Levels and spreads that a few wild frames do not move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]

_OF_A_NORMAL = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

_LEAST_WEIGHT = 1e-6
_EVERY = 4
"""Running medians are taken at every so many frames and drawn straight between them."""


def spread_of(values: NDArray[Any]) -> float:
    """Standard deviation of the bulk of some values, by their median absolute deviation; 0 for none."""
    if not values.size:
        return 0.0
    return float(_OF_A_NORMAL * np.median(np.abs(values - np.median(values))))


def weighted_median(values: Sequence[float] | NDArray[Any], weights: Sequence[float] | NDArray[Any]) -> float:
    """The value with half of the weight on either side; without any weight, the middle one."""
    found, heavy = np.asarray(values, np.float64), np.asarray(weights, np.float64)
    order = np.argsort(found)
    sums = np.cumsum(heavy[order] + _LEAST_WEIGHT)
    return float(np.interp(sums[-1] / 2, sums - heavy[order] / 2, found[order]))


def weighted_spread(values: NDArray[Any], weights: NDArray[Any]) -> float:
    """Standard deviation of the bulk of some values that have weights."""
    return _OF_A_NORMAL * weighted_median(np.abs(values - weighted_median(values, weights)), weights)


def running_median(series: NDArray[Any], width: int) -> Series:
    """(N,) the median of `width` values around each value of a series (N,), of fewer at both ends."""
    from scipy.ndimage import median_filter

    places = np.arange(0, len(series) + _EVERY, _EVERY).clip(max=max(len(series) - 1, 0))
    smooth = median_filter(np.asarray(series, np.float64), size=min(width, max(1, len(series))), mode="nearest")
    return np.asarray(np.interp(np.arange(len(series)), places, smooth[places]), np.float64)


def standardised(series: NDArray[Any], width: int, floor: float) -> Series:
    """(N,) a series (N,) less its running median, in its own running spreads.

    Args:
        series: The values.
        width: How many values are looked at around each.
        floor: Least spread: what is below it counts as rest.
    """
    rest = np.asarray(series, np.float64) - running_median(series, width)
    return rest / np.maximum(_OF_A_NORMAL * running_median(np.abs(rest), width), floor)


def step(series: NDArray[Any], length: int, gap: int = 0) -> Series:
    """(N,) the mean of `length` values from `gap` behind each one on, less that of as many before; 0 near both ends."""
    frames, reach = len(series), length + gap
    sums = np.concatenate(([0.0], np.cumsum(series, dtype=np.float64)))
    means = (sums[length:] - sums[:-length]) / length if frames >= length else np.zeros(0)
    steps = np.zeros(frames)
    if frames >= 2 * reach:
        steps[reach : frames - reach + 1] = means[reach + gap :] - means[: len(means) - reach - gap]
    return steps
