"""A small part of the picture that moves as a mouth does, whatever is heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import WatchedVideo
from .following import COLUMNS, ROWS

SYLLABLES_HZ = (1.0, 8.0)
"""Speech opens and closes the mouth two to eight times a second (Chandrasekaran et al., "The natural statistics of audiovisual
speech", 2009); slower singing from once on."""

LEAST_LIVELY, LEAST_LIVELY_SINGING = 4.0, 10.0
"""Times the middle of all cells. Mouths lie above 5; people that hold theirs still and things that drift stay below 6. In music
a voice is heard now and then where nobody sings, so that only what moves much more is taken for a singer's mouth."""

MOST_REPEATED = 0.45
"""Autocorrelation over 0.25 to 2 s: a mouth stays below 0.3, what swings with the beat lies above."""

MOST_CELLS = 14
"""A face fills the picture in a close-up, a mouth still but some of its cells; what moves more of them is no mouth."""


@dataclass(frozen=True)
class SpeakingRegion:
    """A region that moves at the pace of syllables.

    Attributes:
        cell: Row and column of its liveliest cell.
        lively: How much the motion of that cell comes and goes, times the middle of all cells.
        cells: How many cells are at least half as lively.
        repeated: How much its motion repeats itself, its highest autocorrelation over 0.25 to 2 s.
    """

    cell: tuple[int, int]
    lively: float
    cells: int
    repeated: float

    def is_mouth_like(self, is_speech: bool) -> bool:
        """Whether it stands out, is small, and does not swing; of speech it is known better that there is a voice."""
        least = LEAST_LIVELY if is_speech else LEAST_LIVELY_SINGING
        return self.lively >= least and self.cells <= MOST_CELLS and self.repeated <= MOST_REPEATED


def speaking_region(video: WatchedVideo) -> SpeakingRegion | None:
    """The liveliest cell of the middle of the picture; None if the video is too short or shown too slowly."""
    from scipy.signal import butter, sosfiltfilt

    fps = float(video.fps)
    if len(video.frames) < 2 * fps or fps < 2.5 * SYLLABLES_HZ[1]:
        return None
    moved = np.sqrt(video.frames.cell_change.astype(np.float64))
    # A cut, a flash or a camera moves all cells at once.
    moved -= np.median(moved.reshape(len(moved), -1), axis=1)[:, None, None]
    of_syllables = sosfiltfilt(butter(2, SYLLABLES_HZ, "bandpass", fs=fps, output="sos"), moved, axis=0)
    comes_and_goes = np.sqrt(np.mean(of_syllables**2, axis=0))
    lively = comes_and_goes / max(float(np.median(comes_and_goes)), 1e-6)
    middle = lively[ROWS, COLUMNS]
    row, column = np.unravel_index(int(middle.argmax()), middle.shape)
    cell = (ROWS.start + int(row), COLUMNS.start + int(column))
    highest = float(lively[cell])
    return SpeakingRegion(cell, highest, int((lively >= highest / 2).sum()), _repeated(moved[:, cell[0], cell[1]], fps))


def _repeated(curve: NDArray[np.float64], fps: float) -> float:
    from scipy import fft

    curve = curve - curve.mean()
    size = fft.next_fast_len(2 * len(curve), real=True)
    alike = fft.irfft(np.abs(fft.rfft(curve, size)) ** 2, size)
    return float(alike[round(0.25 * fps) : round(2 * fps)].max() / max(float(alike[0]), 1e-12))
