"""Cells of the picture whose motion follows a voice, and by how much later.

A mouth that opens and closes changes its cell's light with the level of the voice, and moves while that level changes. Both
are compared with the sound at every shift. Shifts of more than two seconds are the null: the same picture with the same
sound, shuffled, so that whatever music and picture have in common by their rhythm counts there too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import WatchedVideo
from .heard_sound import HeardSound, at_rate

Floats = NDArray[np.float64]

ROWS, COLUMNS = slice(1, 8), slice(2, 14)
"""Cells in which a mouth is sought: faces that sing lie within the middle of the picture."""

REACH_SECONDS = 0.6
"""The greatest shift at which a mouth is still taken to belong to the sound."""

_STRETCH_SECONDS = 16.0
_SHORTEST_SECONDS = 6.0
_SHUFFLED_SECONDS = 2.0
_SLOW_SECONDS = 2.0
_SMOOTH_FRAMES = 2.0
_LOUD = 1.5
_OFTEN_PERCENT, _STRONGEST = 90.0, 2.0
"""A cell changes by no more than so many times what it seldom exceeds."""


@dataclass(frozen=True)
class FollowedStretch:
    """The part of a stretch of the video that follows the sound.

    Attributes:
        start_seconds: Where the stretch begins.
        end_seconds: Where it ends.
        strength: Standard deviations by which the best shift stands above shuffled ones.
        late_ms: By how much the picture comes later than the sound at that shift.
        cell: Its row and column.
        moves: Correlation, -1 to 1, of its motion alone with how fast the voice changes, at that shift.
    """

    start_seconds: float
    end_seconds: float
    strength: float
    late_ms: float
    cell: tuple[int, int]
    moves: float


@dataclass(frozen=True)
class Following:
    """The part of a whole video that follows the sound.

    Attributes:
        strength: As of a stretch, of all stretches together.
        late_ms: By how much the picture comes later than the sound.
        error_ms: About how exact that is: a third of a frame.
        stretches: Each by itself.
    """

    strength: float
    late_ms: float
    error_ms: float
    stretches: tuple[FollowedStretch, ...]

    @property
    def moves(self) -> float:
        """Correlation of the motion alone, in the middle one of all stretches."""
        return float(np.median([each.moves for each in self.stretches]))


def following(video: WatchedVideo, sound: HeardSound) -> Following | None:
    """Seeks what follows the sound; None if the video is too short to shuffle.

    Args:
        video: The video.
        sound: Its sound.
    """
    fps = float(video.fps)
    times, level, change = _of_sound(video, sound)
    total = len(times)
    count = max(1, round(total / fps / _STRETCH_SECONDS))
    length = total // count
    if length < _SHORTEST_SECONDS * fps:
        return None
    shown = np.searchsorted(video.frames.seconds, times + 0.5 / fps) - 1
    curves, found = [], []
    for begin in range(0, count * length, length):
        part = slice(begin, begin + length)
        curve, cells, moves = _alike(video, shown[part].clip(0), level[part], change[part], fps)
        strength, at = _peak(curve, fps)
        place = int(cells[at])
        rows, columns = ROWS.start + place // _WIDTH, COLUMNS.start + place % _WIDTH
        late = 1000 * _between(curve, at) / fps
        moved = float(moves[at, place])
        found.append(FollowedStretch(begin / fps, (begin + length) / fps, strength, late, (rows, columns), moved))
        curves.append(curve)
    whole = np.mean(curves, axis=0)
    strength, at = _peak(whole, fps)
    return Following(strength, 1000 * _between(whole, at) / fps, 1000 / fps / 3, tuple(found))


_WIDTH = COLUMNS.stop - COLUMNS.start


def _of_sound(video: WatchedVideo, sound: HeardSound) -> tuple[Floats, Floats, Floats]:
    """Seconds of frames at an even pace, the level of the voice at each, and how fast that changes on the way to it."""
    from scipy import ndimage

    fps = float(video.fps)
    times = np.arange(round((float(video.frames.seconds[-1]) if len(video.frames) else 0) * fps) + 1) / fps
    level = 10 ** (sound.voice_db.astype(np.float64) / 20)
    level = np.minimum(level / max(float(np.percentile(level, 95)), 1e-9), _LOUD)
    level = ndimage.gaussian_filter1d(level, _SMOOTH_FRAMES)
    change = np.abs(np.gradient(level))
    own = times + video.start_seconds - sound.start_seconds
    return times, at_rate(level, own), at_rate(change, own - 0.5 / fps)


def _alike(
    video: WatchedVideo, shown: NDArray[np.intp], level: Floats, change: Floats, fps: float
) -> tuple[Floats, NDArray[np.intp], Floats]:
    """How much the best cell follows at each shift, (n,), in deviations of shuffled ones; which cell it is; and (n, cells) the
    correlation of motion alone."""
    light = video.frames.cell_luma[shown, ROWS, COLUMNS].astype(np.float64).reshape(len(shown), -1)
    moved = np.sqrt(video.frames.cell_change[shown, ROWS, COLUMNS].astype(np.float64)).reshape(len(shown), -1)
    # An open mouth is darker than a face, teeth are lighter: either way counts.
    by_light = _deviations(np.abs(_correlated(light, level, fps)), fps)
    of_motion = _correlated(moved, change, fps)
    both = (by_light + _deviations(of_motion, fps)) / np.sqrt(2)
    return both.max(axis=1), both.argmax(axis=1), of_motion


def _correlated(cells: Floats, curve: Floats, fps: float) -> Floats:
    """(n, cells), correlation of each cell with a curve at each circular shift: at k the cell comes k frames later."""
    from scipy import fft, ndimage

    width = 2 * round(_SLOW_SECONDS * fps / 2) + 1
    cells = cells - ndimage.uniform_filter1d(cells, width, axis=0)
    # One cut, or a flash, weighs no more than a mouth that is wide open.
    most = _STRONGEST * np.percentile(np.abs(cells), _OFTEN_PERCENT, axis=0)
    cells = np.clip(cells, -most, most)
    curve = curve - ndimage.uniform_filter1d(curve, width)
    cross = fft.rfft(cells, axis=0) * fft.rfft(curve)[:, None].conj()
    norm = np.sqrt((cells**2).sum(axis=0) * (curve**2).sum())
    result: Floats = fft.irfft(cross, len(curve), axis=0) / np.maximum(norm, 1e-9)
    return result


def _shuffled(count: int, fps: float) -> slice:
    far = round(_SHUFFLED_SECONDS * fps)
    return slice(far, count - far)


def _deviations(curves: Floats, fps: float) -> Floats:
    null = curves[_shuffled(len(curves), fps)]
    deviations: Floats = (curves - null.mean(axis=0)) / np.maximum(null.std(axis=0), 1e-3)
    return deviations


def _peak(curve: Floats, fps: float) -> tuple[float, int]:
    """Deviations by which the best shift within reach stands above shuffled ones, and which it is, in frames."""
    null = curve[_shuffled(len(curve), fps)]
    reach = round(REACH_SECONDS * fps)
    shifts = np.arange(-reach, reach + 1)
    at = int(shifts[np.argmax(curve[shifts])])
    return float((curve[at] - null.mean()) / max(float(null.std()), 1e-3)), at


def _between(curve: Floats, at: int) -> float:
    """The place of a peak to a part of a frame, by a parabola."""
    before, here, after = (float(curve[at + step]) for step in (-1, 0, 1))
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend < 0 and here >= max(before, after) else 0.0)
