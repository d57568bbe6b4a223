"""A small part of the picture that moves as a mouth does, whatever is heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...watching.watched_video import WatchedVideo
from .following import COLUMNS, ROWS

SYLLABLES_HZ = (1.0, 8.0)
"""Speech opens and closes the mouth two to eight times a second (Chandrasekaran et al., "The natural statistics of audiovisual
speech", 2009); slower singing from once on."""

LEAST_LIVELY = 4.0
"""Times the middle of all cells. People that hold their mouths still and things that drift stay below 3.5."""

MOST_CELLS = 14
"""A face fills the picture in a close-up, a mouth still but some of its cells; what moves more of them is no mouth."""


@dataclass(frozen=True)
class SpeakingRegion:
    """A region that moves at the pace of syllables.

    Attributes:
        cell: Row and column of its liveliest cell.
        lively: How much the motion of that cell comes and goes, times the middle of all cells.
        cells: How many cells are at least half as lively.
    """

    cell: tuple[int, int]
    lively: float
    cells: int

    @property
    def is_mouth_like(self) -> bool:
        """Whether it stands out and is small."""
        return self.lively >= LEAST_LIVELY and self.cells <= MOST_CELLS


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
    return SpeakingRegion(cell, highest, int((lively >= highest / 2).sum()))
