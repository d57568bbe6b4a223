"""A finished video as numbers: some for each frame, and a small picture now and then. Its frames are not kept."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CELL_ROWS, CELL_COLUMNS = 9, 16
"""A frame is told in so many cells of equal size; what is left at the right and below belongs to the last ones."""

SAMPLES_PER_SECOND = 2
"""Small pictures that are kept, for what changes over seconds: style, structure, faces, and thumbnails of a report."""

SAMPLE_LONG_EDGE_PX = 160

STILL_SECONDS = 0.5
"""A picture that is as it was so long ago stands still."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class FrameFacts:
    """Numbers of each frame of a video of N frames, in the order in which they are shown.

    Levels are of the picture as it is shown in full range: 0 black, 1 white. Chroma 0 is grey, within -0.5 to 0.5.

    Attributes:
        seconds: (N,) float64, when each frame is shown, as the file says; the first is at 0, and they never go back.
        luma: (N,) mean luma, 0 to 1.
        contrast: (N,) standard deviation of luma.
        blue: (N,) mean of the blue difference (U), -0.5 to 0.5.
        red: (N,) mean of the red difference (V).
        colourfulness: (N,) root mean square distance of the chroma from grey.
        sharpness: (N,) standard deviation of luma less its mean over 3x3 pixels, at full size: what is finer than three pixels.
        change: (N,) mean absolute difference of luma to the frame before, over the cells' pixels; 0 for the first frame.
        change_peak: (N,) the largest of that among the cells.
        zoom_per_second: (N,) relative growth of the picture, 0.01 if it grows by 1 % in a second; 0 for the first frame.
        shift_x_per_second, shift_y_per_second: (N,) how the whole picture moves, in widths and heights a second.
        cell_luma: (N, CELL_ROWS, CELL_COLUMNS) uint8, mean luma of each cell, 255 is white.
        cell_change: (N, CELL_ROWS, CELL_COLUMNS) float16, mean absolute difference of luma to the frame before.
        key: (N,) True for frames that the encoder wrote whole, which look a little sharper or softer than their neighbours.
            None if it is not known.
        half_second_change: (N,) difference of a small smoothed luma, a hundred pixels wide, to that of `STILL_SECONDS` before
            or the first frame's: mean absolute difference in the cell in which it is largest. A change of light of the whole
            picture is taken out. Grain and the work of encoders leave little of it, the slowest motion some. None if unknown.
        smooth_change: (N,) mean absolute difference of that small smoothed luma to the frame before, without a change of light:
            motion, with little of grain and of the encoder's work; 0 for the first frame. None if unknown.
        light_step: (N,) rise of the light of the whole picture since the frame before, its motion taken out; what moves by
            itself counts for little. 0 for the first frame. None if unknown.
        blue_step, red_step: (N,) the same of the blue and the red difference: the mean of the middle half of all places' steps.
        growth_x_per_second, growth_y_per_second: (N,) relative growth across and down, which differ where a part of the picture
            moves otherwise than the rest; `zoom_per_second` is their mean. None if unknown.
    """

    seconds: NDArray[np.float64]
    luma: Floats
    contrast: Floats
    blue: Floats
    red: Floats
    colourfulness: Floats
    sharpness: Floats
    change: Floats
    change_peak: Floats
    zoom_per_second: Floats
    shift_x_per_second: Floats
    shift_y_per_second: Floats
    cell_luma: NDArray[np.uint8]
    cell_change: NDArray[np.float16]
    key: NDArray[np.bool_] | None = None
    half_second_change: Floats | None = None
    smooth_change: Floats | None = None
    light_step: Floats | None = None
    blue_step: Floats | None = None
    red_step: Floats | None = None
    growth_x_per_second: Floats | None = None
    growth_y_per_second: Floats | None = None

    def __len__(self) -> int:
        return len(self.seconds)


@dataclass(frozen=True)
class SamplePicture:
    """A small picture out of the video.

    Attributes:
        frame: Number of its frame, from 0.
        pixels: (h, w, 3) uint8 RGB; the longer edge is `SAMPLE_LONG_EDGE_PX` at most.
    """

    frame: int
    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class WatchedVideo:
    """A video, watched.

    Attributes:
        path: Its file.
        width: In pixels.
        height: In pixels.
        fps: Frames per second that it was made for: the rate that most frames keep.
        codec: As FFmpeg names it.
        frames: The numbers of its frames.
        samples: Small pictures, `SAMPLES_PER_SECOND` a second, in order; the first and the last frame are among them.
        has_sound: Whether there is a sound track.
        start_seconds: Time of the first frame as the file says it, from which `FrameFacts.seconds` count; sound has its own.
        damage: What is wrong with the file itself, such as that it ends too early; "" if nothing.
    """

    path: Path
    width: int
    height: int
    fps: Fraction
    codec: str
    frames: FrameFacts
    samples: tuple[SamplePicture, ...]
    has_sound: bool
    start_seconds: float = 0.0
    damage: str = ""

    @property
    def duration_seconds(self) -> float:
        """Length by its number of frames."""
        return float(len(self.frames) / self.fps)
