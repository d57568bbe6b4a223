"""The quiet noise of a room, the same for the same song: pink, as air and rooms are, and a little different in each channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEED = 13
HIGHEST = 4.5
"""The largest sample, in multiples of the RMS: what is rarer is cut, so that the peak is known beforehand."""

# J. O. Smith, Spectral Audio Signal Processing, "Example: Synthesis of 1/F Noise".
_ABOVE = (0.049922035, -0.095993537, 0.050612699, -0.004408786)
_BELOW = (1.0, -2.494956002, 2.017265875, -0.522189400)
_RESPONSE_SAMPLES = 1 << 16


class RoomTone:
    """Pink noise of a given RMS, piece by piece; the pieces' lengths change nothing.

    Args:
        rms: Root mean square of each channel, 1 is full scale.
        channels: How many, each with noise of its own.
    """

    def __init__(self, rms: float, channels: int) -> None:
        from scipy.signal import lfilter

        self._random = np.random.default_rng(SEED)
        self._state = np.zeros((3, channels))
        impulse = np.zeros(_RESPONSE_SAMPLES)
        impulse[0] = 1
        self._scale = rms / float(np.sqrt(np.sum(lfilter(_ABOVE, _BELOW, impulse) ** 2)))
        self._highest = HIGHEST * rms

    def next(self, count: int) -> NDArray[np.float32]:
        """The next `count` samples, float32 (channels, count)."""
        from scipy.signal import lfilter

        white = self._random.standard_normal((count, self._state.shape[1]))
        pink, self._state = lfilter(_ABOVE, _BELOW, white, axis=0, zi=self._state)
        return np.clip(pink.T * self._scale, -self._highest, self._highest).astype(np.float32)
