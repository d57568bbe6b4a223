"""Energy in bands that are as wide as the ear's, of frames as the LTX audio encoder cuts them."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, WINDOW_SAMPLES, Samples

BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 30.0, 8000.0
FLOOR = 1e-7
"""Power of a band below which nothing is heard: 70 dB below a full-scale sine."""


def mel_db(frames: Samples) -> NDArray[np.float32]:
    """Level of each band (k, `BANDS`) of frames (k, `WINDOW_SAMPLES`), dB relative to a full-scale sine, -70 at least."""
    from scipy import fft

    spectrum = fft.rfft(frames * _window(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    levels: NDArray[np.float32] = 10 * np.log10(power @ _filters() + np.float32(FLOOR))
    return levels


def band_hz() -> NDArray[np.float64]:
    """Middle of each band (`BANDS`,)."""
    return _edges_hz()[1:-1]


@functools.cache
def _window() -> Samples:
    window = np.hanning(WINDOW_SAMPLES + 1)[:-1]
    # A full-scale sine has power 1 in the bin that it falls into.
    return (window / (window.sum() / 2)).astype(np.float32)


@functools.cache
def _edges_hz() -> NDArray[np.float64]:
    """Edges of triangles on the mel scale of O'Shaughnessy, 2595 log10(1 + f / 700)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (LOWEST_HZ, HIGHEST_HZ))
    return 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)


@functools.cache
def _filters() -> Samples:
    bins = np.fft.rfftfreq(WINDOW_SAMPLES, 1 / LISTENING_HZ)[:, None]
    edges = _edges_hz()
    below, middle, above = edges[:-2], edges[1:-1], edges[2:]
    # Low bands are narrower than a bin: each is at least one bin wide on either side.
    width = LISTENING_HZ / WINDOW_SAMPLES
    rising = (bins - np.minimum(below, middle - width)) / np.maximum(middle - below, width)
    falling = (np.maximum(above, middle + width) - bins) / np.maximum(above - middle, width)
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
