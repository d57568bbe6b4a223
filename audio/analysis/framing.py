"""A song as the analysis hears it: one channel at 16 kHz, which is what the LTX audio encoder hears, in overlapping frames.

Samples come in pieces of any length and are not kept, so that an hour takes no more memory than a minute.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

LISTENING_HZ = 16_000
"""Sample rate of the LTX audio encoder's spectrogram, and of all analysis."""

HOP_SAMPLES = 160
"""10 ms: hop of the LTX audio encoder's spectrogram, so 100 frames a second."""

WINDOW_SAMPLES = 1024
"""64 ms: window of the LTX audio encoder's spectrogram."""

Samples = NDArray[np.float32]


class Listener(Protocol):
    """Hears a song in pieces, and keeps what it needs of it."""

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""


class Framer:
    """Cuts samples that come in pieces into overlapping frames.

    Frame k holds samples `[k * hop - window // 2, k * hop + window // 2)`, so its middle lies at `k * hop`; before the first
    sample and behind the last it is silent. A song of N samples has `N // hop + 1` frames.

    Args:
        window: Samples of a frame, even.
        hop: Samples from one frame to the next.
    """

    def __init__(self, window: int = WINDOW_SAMPLES, hop: int = HOP_SAMPLES) -> None:
        self._window, self._hop = window, hop
        self._kept: Samples = np.zeros(window // 2, np.float32)

    def add(self, samples: Samples) -> Samples:
        """The frames (k, window) that are whole with these samples; a view, not to be written to."""
        self._kept = np.concatenate([self._kept, samples])
        count = (len(self._kept) - self._window) // self._hop + 1
        if count <= 0:
            return np.empty((0, self._window), np.float32)
        frames = np.lib.stride_tricks.sliding_window_view(self._kept, self._window)[:: self._hop][:count]
        self._kept = self._kept[count * self._hop :]
        return frames

    def finish(self) -> Samples:
        """The last frames (k, window), with silence behind the song's end."""
        return self.add(np.zeros(self._window // 2, np.float32))
