"""How loud each second is."""

from __future__ import annotations

import numpy as np

from .framing import LISTENING_HZ, Samples

SILENCE_DB = -120.0


class LevelListener:
    """Hears samples in pieces, and keeps one number of each second."""

    def __init__(self) -> None:
        self._kept: Samples = np.empty(0, np.float32)
        self._levels: list[float] = []

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._kept = np.concatenate([self._kept, samples])
        seconds = len(self._kept) // LISTENING_HZ
        for second in range(seconds):
            self._levels.append(level_db(self._kept[second * LISTENING_HZ : (second + 1) * LISTENING_HZ]))
        self._kept = self._kept[seconds * LISTENING_HZ :]

    def result(self) -> tuple[float, ...]:
        """RMS of each second, dB relative to full scale; the last may be shorter."""
        return (*self._levels, *([level_db(self._kept)] if len(self._kept) else []))


def level_db(samples: Samples) -> float:
    """RMS of samples, dB relative to full scale, -120 at least."""
    power = float(np.mean(samples.astype(np.float64) ** 2))
    return round(max(SILENCE_DB, 10 * float(np.log10(max(power, 1e-30)))), 2)
