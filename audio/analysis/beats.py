"""Beats by dynamic programming, and which of them begin a bar.

Beats: Ellis, "Beat tracking by dynamic programming", Journal of New Music Research 36 (2007): the row of moments with the
most onset strength, of which no step is far from the tempo's period. A hi-hat between the beats may be stronger than they are,
so the kick drum counts beside all bands, and whether the row or the one between it is the beat is asked again at the end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .chroma import CHROMA_HZ
from .onsets import FRAMES_PER_SECOND, Onsets
from .song_analysis import Beats, Tempo
from .tempo import beat_curve

_TIGHTNESS = 400.0
"""Of a step that is longer or shorter than the period. Ellis's 100 lets the row slip to the offbeat in a quiet passage."""

_FEWEST_BEATS = 4
_OTHER_PLACES = (0.25, 0.36, 0.5, 0.64, 0.75)
"""Parts of a beat by which the true row may lie behind one that is a stressed eighth, a sixteenth or a swung eighth."""

_LEAST_CLEARER = 0.05
_FOUR_PREFERRED = 1.1
"""Most songs have four beats in a bar: three must be that much clearer."""

Curve = NDArray[np.float64]


def beats_of(onsets: Onsets, tempo: Tempo, chroma: NDArray[np.float32]) -> Beats | None:
    """The beats at a tempo; None if there are fewer than four.

    Args:
        onsets: Of the song.
        tempo: Of the song.
        chroma: (frames, 12) at `CHROMA_HZ`: chords change where bars begin.
    """
    period = 60 * FRAMES_PER_SECOND / tempo.bpm
    score = _local_score(onsets, period)
    frames = _within_sound(_chain(score, period), onsets)
    if len(frames) < _FEWEST_BEATS:
        return None
    others = [_between(frames, part) for part in _OTHER_PLACES]
    clearness = [_clearness(row, onsets, chroma) for row in (frames, *others)]
    if max(clearness) > clearness[0] + _LEAST_CLEARER:
        better = others[int(np.argmax(clearness[1:]))]
        frames = _within_sound(_chain(score * _only_near(better, len(score), period), period), onsets)
    per_bar, first = _bars(_accents(frames, onsets, chroma))
    seconds = tuple(round(float(frame) / FRAMES_PER_SECOND, 3) for frame in frames)
    return Beats(seconds, tuple(range(first, len(frames), per_bar)), per_bar)


def _local_score(onsets: Onsets, period: float) -> Curve:
    from scipy import ndimage

    curve = beat_curve(onsets.flux) + beat_curve(onsets.low_flux)
    return ndimage.gaussian_filter1d(curve, max(1.0, period / 32))


def _chain(score: Curve, period: float) -> NDArray[np.int64]:
    """Frames of the best row of beats."""
    count = len(score)
    steps = np.arange(-int(2 * period), -int(period / 2))
    price = -_TIGHTNESS * np.log(-steps / period) ** 2
    total = score.copy()
    before = np.full(count, -1, np.int64)
    # Before the first beat there is nothing to step from.
    threshold = 0.01 * float(score.max()) if count else 0.0
    has_begun = False
    for frame in range(count):
        low = max(0, frame + steps[0])
        high = frame + steps[-1] + 1
        if high > low:
            candidates = total[low:high] + price[len(steps) - (high - low) :]
            best = int(candidates.argmax())
            gain = candidates[best]
            if has_begun or score[frame] >= threshold:
                total[frame] += gain
                before[frame] = low + best
        has_begun = has_begun or score[frame] >= threshold
    return _back_from(_last(total, period), before)


def _last(total: Curve, period: float) -> int:
    """The last beat: the best end of a row within the last period and a half."""
    if not len(total):
        return -1
    begin = max(0, len(total) - int(1.5 * period))
    return begin + int(total[begin:].argmax())


def _back_from(frame: int, before: NDArray[np.int64]) -> NDArray[np.int64]:
    row = []
    while frame >= 0:
        row.append(frame)
        frame = int(before[frame])
    return np.array(row[::-1], np.int64)


def _within_sound(frames: NDArray[np.int64], onsets: Onsets) -> NDArray[np.int64]:
    """Without beats before the first onset and behind the last: there is no music."""
    found = onsets.seconds()
    if not found or not len(frames):
        return frames[:0]
    first, last = found[0] * FRAMES_PER_SECOND, found[-1] * FRAMES_PER_SECOND
    slack = 0.1 * FRAMES_PER_SECOND
    return frames[(frames >= first - slack) & (frames <= last + slack)]


def _clearness(frames: NDArray[np.int64], onsets: Onsets, chroma: NDArray[np.float32]) -> float:
    """How much speaks for a row to be the beat: strokes, above all low ones, and chords that change on it, not around it."""
    strokes = (float(_near(beat_curve(flux), frames).mean()) for flux in (onsets.flux, onsets.low_flux))
    all_bands, low = (np.log(max(each, 1e-3)) for each in strokes)
    change = _chord_changes(frames, chroma)
    # The same change counts more in one place than spread over two beats.
    at_once = float((change**2).mean() / max(change.mean(), 1e-9))
    return float(0.5 * all_bands + low + 4 * np.log(max(at_once, 1e-3)))


def _between(frames: NDArray[np.int64], part: float) -> NDArray[np.int64]:
    """The row that lies behind each beat by a part of the way to the next."""
    return np.round(frames[:-1] + part * np.diff(frames)).astype(np.int64)


def _only_near(frames: NDArray[np.int64], count: int, period: float) -> Curve:
    """(count,) 1 at the frames, nearly 0 half a period off."""
    from scipy import ndimage

    distance = ndimage.distance_transform_edt(~np.isin(np.arange(count), frames))
    return np.exp(-0.5 * (distance / (period / 8)) ** 2)


def _accents(frames: NDArray[np.int64], onsets: Onsets, chroma: NDArray[np.float32]) -> Curve:
    """How much speaks for each beat to begin a bar."""
    low = _near(onsets.low_flux, frames)
    change = _chord_changes(frames, chroma)
    return _spread(low) + 1.5 * _spread(change)


def _near(flux: NDArray[np.floating], frames: NDArray[np.int64]) -> Curve:
    from scipy import ndimage

    return ndimage.maximum_filter1d(flux, 9)[np.minimum(frames, len(flux) - 1)].astype(np.float64)


def _chord_changes(frames: NDArray[np.int64], chroma: NDArray[np.float32]) -> Curve:
    """How unlike the notes before and behind each beat are, 0 to 1."""
    if not len(chroma):
        return np.zeros(len(frames))
    edges = np.clip(np.round(frames * (CHROMA_HZ / FRAMES_PER_SECOND)).astype(int), 0, len(chroma))
    sums = np.concatenate([np.zeros((1, chroma.shape[1])), np.cumsum(chroma, axis=0, dtype=np.float64)])
    bounds = np.concatenate([[max(0, 2 * edges[0] - edges[1])], edges, [min(len(chroma), 2 * edges[-1] - edges[-2])]])
    between = np.diff(sums[bounds], axis=0)
    between /= np.maximum(np.linalg.norm(between, axis=1, keepdims=True), 1e-9)
    return 1 - (between[1:] * between[:-1]).sum(axis=1)


def _spread(values: Curve) -> Curve:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)


def _bars(accents: Curve) -> tuple[int, int]:
    """Beats in a bar, and the first beat that begins one."""
    best = {
        per_bar: max(
            (float(accents[first::per_bar].mean()) * (per_bar / (per_bar - 1)) ** 0.5, first) for first in range(per_bar)
        )
        for per_bar in (3, 4)
        if len(accents) >= per_bar
    }
    if 3 not in best or 4 not in best:
        return 4, 0
    per_bar = 3 if best[3][0] > _FOUR_PREFERRED * best[4][0] else 4
    return per_bar, best[per_bar][1]
