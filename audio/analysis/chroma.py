"""The notes that sound, folded into one octave, in the song's own tuning.

After Gómez, "Tonal description of music audio signals" (2006): peaks of the spectrum count for the note that they are and,
less, for the notes of which they would be the third or fifth partial.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, Framer, Samples

CHROMA_HZ = 10
WINDOW_SAMPLES = 8192
"""0.5 s: semitones can be told apart from 100 Hz on."""

_LOWEST_HZ, _HIGHEST_HZ = 80.0, 2000.0
_FINE = 5
"""Steps of a semitone that are kept until the tuning is known."""
_PARTIALS = {1: 1.0, 2: 0.5, 3: 0.35, 5: 0.2}
_A4_HZ = 440.0

Chroma = NDArray[np.float32]


class ChromaListener:
    """Hears samples in pieces, and keeps 60 numbers of each 0.1 s."""

    def __init__(self) -> None:
        self._framer = Framer(WINDOW_SAMPLES, LISTENING_HZ // CHROMA_HZ)
        self._fine: list[Chroma] = []

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._hear(self._framer.add(samples))

    def result(self) -> Chroma:
        """(frames, 12) at `CHROMA_HZ`, C first, not normalised: louder notes weigh more, by the root of their magnitude."""
        self._hear(self._framer.finish())
        fine = np.concatenate(self._fine)
        # The tuning is the step of a semitone on which most of all peaks lie; it is moved to the middle of a note.
        tuning = _tuning(fine)
        turned = np.roll(fine, _FINE // 2 - tuning, axis=1).reshape(len(fine), 12, _FINE)
        weights = 1 - np.abs(np.arange(_FINE) - _FINE // 2) / (_FINE / 2 + 0.5)
        return (turned @ weights.astype(np.float32)).astype(np.float32)

    def _hear(self, frames: Samples) -> None:
        from scipy import fft

        # A piece may hold many overlapping frames.
        for begin in range(0, len(frames), 64):
            magnitude = np.abs(fft.rfft(frames[begin : begin + 64] * _window(), axis=1))
            inside = magnitude[:, 1:-1]
            is_peak = (inside >= magnitude[:, :-2]) & (inside > magnitude[:, 2:])
            # A peak that is 50 dB below the loudest is none.
            is_peak &= inside > 0.003 * np.maximum(magnitude.max(axis=1, keepdims=True), 0.01)
            strength = np.sqrt(np.where(is_peak, inside, 0)).astype(np.float32)
            self._fine.append(self._folded(strength, magnitude))

    @staticmethod
    def _folded(strength: Chroma, magnitude: NDArray[np.float32]) -> Chroma:
        frame, peak = np.nonzero(strength)
        left, here, right = (magnitude[frame, peak + offset] for offset in (0, 1, 2))
        bend = left - 2 * here + right
        place = peak + 1 + np.where(bend < 0, 0.5 * (left - right) / np.where(bend < 0, bend, 1), 0)
        hz = place * (LISTENING_HZ / WINDOW_SAMPLES)
        fine = np.zeros((len(strength), 12 * _FINE), np.float32)
        for partial, weight in _PARTIALS.items():
            note_hz = hz / partial
            is_heard = (note_hz >= _LOWEST_HZ) & (hz <= _HIGHEST_HZ)
            # A4 is the tenth note of an octave that begins with C.
            step = np.floor((12 * np.log2(np.maximum(note_hz, 1) / _A4_HZ) + 9 + 0.5) * _FINE).astype(int) % (12 * _FINE)
            np.add.at(fine, (frame[is_heard], step[is_heard]), weight * strength[frame[is_heard], peak[is_heard]])
        return fine


def _tuning(fine: Chroma) -> int:
    """The step of a semitone, 0 to 4, around which the notes lie; 2 if they are tuned to 440 Hz."""
    steps = fine.sum(axis=0, dtype=np.float64).reshape(12, _FINE).sum(axis=0)
    smooth = steps + 0.5 * (np.roll(steps, 1) + np.roll(steps, -1))
    return int(smooth.argmax()) if steps.any() else _FINE // 2


@functools.cache
def _window() -> Samples:
    window = np.hanning(WINDOW_SAMPLES + 1)[:-1]
    return (window / (window.sum() / 2)).astype(np.float32)
