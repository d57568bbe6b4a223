"""Small pictures of a video laid on each other: what became of the colours of that which both show.

A song's picture moves: what comes into view changes the mean of a frame, and is no drift. So each picture is laid on an
earlier one that still shows the same (by phase correlation, Kuglin and Hines 1975), and only what both show is compared, less
what moves by itself. As long as the same stays in view, all are compared with one and the same; once it leaves, the next
one takes over, and the changes add up. What was seen before and comes back is compared with what it was then, so that errors
of the way between do not stay.
"""

from __future__ import annotations

import itertools
import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import SamplePicture, WatchedVideo
from ..case import Case
from ..signals.robust import weighted_median
from .lab import Floats, lab_of
from .parts import scene_changes_px

LEAST_LIKENESS = 0.6
"""Correlation of lightness from which on two pictures show the same; below, they are of different scenes."""

PLAIN = 2.0
"""Deviation of lightness below which a picture shows nothing that could be compared: it is passed over."""

KEPT_LIKENESS = 0.88
"""Correlation below which another picture takes over as the one that is compared with."""

MOVING = 0.4
"""Part of the pixels that may move by themselves; those that differ most are left out."""

MOST_SHIFT = 0.25
"""Part of the edge by which neighbours may be displaced."""

MOST_KEYS = 8
"""Earlier pictures that one is compared with which has become unlike the last."""

REGION_ROWS, REGION_COLUMNS = 3, 5
"""Regions whose majority decides what became of the whole: a person in the middle is fewer."""

LEAST_DEVIATION = 0.5
"""Of L*, a* and b*; a region with less is plain, and has no contrast to speak of."""

OWN_SHIFT = 3
"""Pixels by which the content of a region may be displaced on its own: somebody stays while the background passes behind."""

SAME_REGION = 0.8
"""Correlation of lightness from which on a region shows the same in both pictures; what is new in view has another contrast."""

_DOUBTED = 0.01
"""Share of its trust that a region keeps which shows something else: it decides only if all do."""

ZOOM_TIMES = 2.0
"""Times its measure that a zoom may be: what does not grow with the picture, such as somebody who walks away, makes it less."""

_ROUNDS = 4


@dataclass(frozen=True)
class PictureChange:
    """Changes of the common content of two samples.

    Attributes:
        shift: Mean change of (L*, a*, b*).
        luma_gain: Natural logarithm of the ratio of the deviations of lightness.
        chroma_gain: The same of chroma, around its mean.
        likeness: Correlation of lightness, -1 to 1.
        region_gains: (R,) `luma_gain` of each region; the whole's where a region shows something else.
        region_weights: (R,) how much each is to be trusted.
    """

    shift: NDArray[np.float64]
    luma_gain: float
    chroma_gain: float
    likeness: float
    region_gains: NDArray[np.floating]
    region_weights: NDArray[np.floating]

    @property
    def is_same_scene(self) -> bool:
        """Whether both show the same."""
        return self.likeness >= LEAST_LIKENESS


@dataclass(frozen=True)
class SharedContent:
    """Changes of the content over M samples, against the first; they stay level where a sample shows something else.

    Attributes:
        frames: (M,) the sample's frame.
        labs: (M,) pictures (h, w, 3) in L*a*b*, half as large as the samples.
        shift: (M, 3) change of the mean of (L*, a*, b*).
        luma_gain, chroma_gain: (M,) logarithms of the ratios of deviations.
        region_gain: (M, R) `luma_gain` of each region of the picture.
        region_weight: (R,) how much each is to be trusted.
    """

    frames: NDArray[np.int64]
    labs: tuple[Floats, ...]
    shift: NDArray[np.float64]
    luma_gain: NDArray[np.float64]
    chroma_gain: NDArray[np.float64]
    region_gain: NDArray[np.float64]
    region_weight: NDArray[np.float64]


def shared_content(case: Case) -> SharedContent:
    """The chain of a video; it begins anew where the schedule changes. The last one is kept while its video lives."""
    video, changes = case.video, scene_changes_px(case)
    if _last and _last[0][0]() is video and _last[0][1] == changes:
        return _last[0][2]
    chain = _linked(video, changes)
    _last[:] = [(weakref.ref(video), changes, chain)]
    return chain


def places_of(case: Case) -> NDArray[np.int64]:
    """(M,) number of the place that each sample shows: another one behind each change, and the same if it comes back."""
    samples = case.video.samples
    sections = np.searchsorted(scene_changes_px(case), frames_of(samples), side="right")
    numbers, inside = np.unique(sections, return_inverse=True)
    shown = [lab_of(samples[int(np.median(np.flatnonzero(inside == index)))].pixels) for index in range(len(numbers))]
    lights = [_half(lab)[..., 0] for lab in shown]
    places = [0]
    for index in range(1, len(lights)):
        same = (places[earlier] for earlier in range(index - 1) if _shows_the_same(lights[earlier], lights[index]))
        places.append(next(same, max(places) + 1))
    return np.array(places, np.int64)[inside]


_last: list[tuple[weakref.ref[WatchedVideo], tuple[int, ...], SharedContent]] = []


def _linked(video: WatchedVideo, changes: tuple[int, ...]) -> SharedContent:
    labs = tuple(_half(lab_of(sample.pixels)) for sample in video.samples)
    frames = frames_of(video.samples)
    sections = np.searchsorted(changes, frames, side="right")
    regions = min(REGION_ROWS, labs[0].shape[0]) * min(REGION_COLUMNS, labs[0].shape[1])
    values, weights = np.zeros((len(labs), 5 + regions)), np.zeros(regions)
    key, earlier, joined = 0, [0], 0
    for index in range(1, len(labs)):
        if is_plain(labs[index]) or is_plain(labs[key]):
            values[index] = values[index - 1]
            key = index if is_plain(labs[key]) else key
            continue
        step = step_between(labs[key], labs[index]) if sections[index] == sections[index - 1] else None
        if step is None or step.likeness < KEPT_LIKENESS:
            back = _seen_before(labs, [each for each in earlier if each != key], index)
            if back is not None:
                key, step = back
                if key >= joined and sections[key] == sections[index]:
                    values = _closed(values, key, index, step, step_between(labs[index - 1], labs[index]))
            elif step is not None and key < index - 1 and not is_plain(labs[index - 1]):
                key = index - 1
                step = step_between(labs[key], labs[index])
        if step is None or not step.is_same_scene:
            values[index] = values[index - 1]
            key = joined = index
        else:
            values[index] = values[key] + _row(step)
            weights += step.region_weights
        if key not in earlier:
            earlier = [*earlier[-MOST_KEYS + 1 :], key]
    return SharedContent(frames, labs, values[:, :3], values[:, 3], values[:, 4], values[:, 5:], weights)


def _closed(values: NDArray[np.float64], key: int, index: int, back: PictureChange, last: PictureChange) -> NDArray[np.float64]:
    """Values of a way that leads back to what a picture showed, less what it went wrong by, which has come bit by bit.

    What is brighter at one side of every picture, as by a lamp or a lens, seems to fade on a way across, and no more than that
    is left once the same is seen again. A step that the pictures next to each other show, too, is none of the way's.
    """
    if not last.is_same_scene:
        return values
    wrong = values[key] + _row(back) - values[index - 1] - _row(last)
    share = (np.arange(key, index) - key) / (index - key)
    closed: NDArray[np.float64] = values.copy()
    closed[key:index] += share[:, None] * wrong
    return closed


def _row(step: PictureChange) -> NDArray[np.float64]:
    return np.array([*step.shift, step.luma_gain, step.chroma_gain, *step.region_gains])


def _seen_before(labs: tuple[Floats, ...], earlier: list[int], index: int) -> tuple[int, PictureChange] | None:
    """(which, change) of the earliest of some pictures that shows what this one does; None if none is alike enough."""
    for key in earlier:
        if not is_plain(labs[key]) and _shows_the_same(labs[key][..., 0], labs[index][..., 0]):
            return key, step_between(labs[key], labs[index])
    return None


def _shows_the_same(one: NDArray[np.floating], other: NDArray[np.floating]) -> bool:
    """Whether two (h, w) lightnesses are of one place."""
    return correlation(*_common(one, other, *displacement(one, other))) >= KEPT_LIKENESS


def is_plain(lab: Floats) -> bool:
    """Whether a picture (h, w, 3) in L*a*b* shows nothing, as a black one."""
    return float(lab[..., 0].std()) < PLAIN


def frames_of(samples: tuple[SamplePicture, ...]) -> NDArray[np.int64]:
    """(M,) frames of samples."""
    return np.array([sample.frame for sample in samples], np.int64)


def zoom_until(video: WatchedVideo) -> NDArray[np.float64]:
    """(M,) logarithm of how much the picture has grown until each sample."""
    grown = np.cumsum(video.frames.zoom_per_second.astype(np.float64)) / float(video.fps)
    until: NDArray[np.float64] = grown[frames_of(video.samples)]
    return until


def step_between(one: Floats, other: Floats) -> PictureChange:
    """Changes of the content that two (h, w, 3) pictures in L*a*b* share."""
    down, right = displacement(one[..., 0], other[..., 0])
    before, after = _common(one, other, down, right)
    likeness = correlation(before[..., 0], after[..., 0])
    first, second = _regions(before), _regions(after)
    shift, gains, structure = _changes(first, second)
    trust = _trust(first[:, 0], second[:, 0])
    luma_gain, region_gains, region_weights = _luma_gains(first, _found_again(first, after))
    return PictureChange(
        np.array([weighted_median(shift[:, plane], trust) for plane in range(3)]),
        luma_gain,
        weighted_median(gains[:, 1], trust * structure[:, 1]),
        likeness,
        region_gains,
        region_weights,
    )


def _luma_gains(before: Floats, after: Floats) -> tuple[float, Floats, Floats]:
    """Log gain of lightness of the whole, (R,) those of regions (R, 3, P), and (R,) how much each is to be trusted."""
    _, gains, structure = _changes(before, after)
    trust = _trust(before[:, 0], after[:, 0])
    same = trust >= SAME_REGION
    weights = np.where(same, trust, _DOUBTED * trust) * structure[:, 0]
    whole = weighted_median(gains[:, 0], weights)
    return whole, np.where(same, gains[:, 0], whole), weights


def _found_again(before: Floats, picture: NDArray[np.floating]) -> Floats:
    """(R, 3, P) what regions show in another picture (h, w, 3), each moved by itself to where it is most alike."""
    height, width = picture.shape[:2]
    ways = range(-OWN_SHIFT, OWN_SHIFT + 1)
    padded = np.pad(picture, ((OWN_SHIFT, OWN_SHIFT), (OWN_SHIFT, OWN_SHIFT), (0, 0)), mode="reflect")
    found, best = _regions(picture), np.full(len(before), -np.inf)
    for down, right in sorted(itertools.product(ways, ways), key=lambda way: way[0] ** 2 + way[1] ** 2):
        moved = _regions(padded[OWN_SHIFT + down :, OWN_SHIFT + right :][:height, :width])
        same = _trust(before[:, 0], moved[:, 0])
        better = same > best
        found = np.where(better[:, None, None], moved, found)
        best = np.maximum(best, same)
    return found


def _regions(picture: NDArray[np.floating]) -> Floats:
    """(R, 3, P) the pixels of the regions of a picture (h, w, 3)."""
    rows, columns = min(REGION_ROWS, picture.shape[0]), min(REGION_COLUMNS, picture.shape[1])
    height, width = picture.shape[0] // rows, picture.shape[1] // columns
    cut = picture[: rows * height, : columns * width].reshape(rows, height, columns, width, 3)
    regions: Floats = cut.transpose(0, 2, 4, 1, 3).reshape(rows * columns, 3, height * width)
    return regions


def _changes(before: Floats, after: Floats) -> tuple[Floats, Floats, Floats]:
    """Changes of R regions (R, 3, P), of those pixels that do not move by themselves.

    Returns:
        (R, 3) shift of L*, a*, b*; (R, 2) log gains of light and of chroma; (R, 2) deviations before of both.
    """
    count = before.shape[-1]
    keep = max(1, round(count * (1 - MOVING)))
    stays: Floats = np.full((len(before), 1, count), np.float32(1 / count))
    for round_ in range(_ROUNDS):
        first, second = ((picture * stays).sum(-1, keepdims=True) for picture in (before, after))
        spreads = [
            np.maximum((np.square(picture - middle) * stays).sum(-1), 1e-6)
            for picture, middle in ((before, first), (after, second))
        ]
        light = [np.maximum(np.sqrt(spread[:, 0]), LEAST_DEVIATION) for spread in spreads]
        chroma = [np.maximum(np.sqrt(spread[:, 1] + spread[:, 2]), LEAST_DEVIATION) for spread in spreads]
        gains = np.log(np.stack((light[1] / light[0], chroma[1] / chroma[0]), -1))
        if round_ == _ROUNDS - 1:
            break
        slope = np.exp(gains)[:, (0, 1, 1), None]
        far = np.square(after - second - (before - first) * slope).sum(1)
        limit = np.partition(far, keep - 1, axis=1)[:, keep - 1 : keep]
        chosen = (far <= limit)[:, None].astype(np.float32)
        stays = chosen / chosen.sum(-1, keepdims=True)
    return (second - first)[..., 0], gains, np.stack((light[0], chroma[0]), -1)


def _trust(before: Floats, after: Floats) -> Floats:
    """(R,) 0 to 1: how much regions of lightness (R, P) show the same; what moves in another way does not."""
    first, second = (picture - picture.mean(1, keepdims=True) for picture in (before, after))
    scale = np.sqrt(np.square(first).sum(1) * np.square(second).sum(1))
    same: Floats = np.maximum((first * second).sum(1) / np.maximum(scale, 1e-6), 0.0)
    return same


def displacement(one: NDArray[np.floating], other: NDArray[np.floating]) -> tuple[int, int]:
    """Rows down and columns to the right by which the (h, w) picture `other` shows the content of `one`."""
    height, width = one.shape
    window = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    first, second = (np.fft.rfft2((picture - picture.mean()) * window) for picture in (one, other))
    cross = second * np.conj(first)
    peaks = np.fft.irfft2(cross / (np.abs(cross) + 1e-3 * np.abs(cross).max() + 1e-12), s=one.shape)
    rows, columns = np.fft.fftfreq(height) * height, np.fft.fftfreq(width) * width
    allowed = (np.abs(rows) <= height * MOST_SHIFT)[:, None] & (np.abs(columns) <= width * MOST_SHIFT)[None]
    row, column = np.unravel_index(int(np.argmax(np.where(allowed, peaks, -np.inf))), one.shape)
    found = int(rows[row]), int(columns[column])
    stay = correlation(one, other)
    moved = correlation(*_common(one, other, *found))
    return found if moved > stay else (0, 0)


def _common(
    one: NDArray[np.floating], other: NDArray[np.floating], down: int, right: int
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    height, width = one.shape[:2]
    top, left = max(0, down), max(0, right)
    bottom, end = height + min(0, down), width + min(0, right)
    return one[top - down : bottom - down, left - right : end - right], other[top:bottom, left:end]


def _half(picture: Floats) -> Floats:
    height, width = (max(1, edge // 2) for edge in picture.shape[:2])
    if min(picture.shape[:2]) < 2:
        return picture
    cut = picture[: 2 * height, : 2 * width]
    halves: Floats = cut.reshape(height, 2, width, 2, 3).mean((1, 3))
    return halves


def correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Correlation of two pictures of one size, -1 to 1; 1 if either is plain."""
    first, second = one - one.mean(), other - other.mean()
    scale = float(np.sqrt(np.square(first).sum() * np.square(second).sum()))
    return float((first * second).sum() / scale) if scale > 1e-9 else 1.0
