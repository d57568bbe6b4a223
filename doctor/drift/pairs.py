"""Small pictures one after the other: what became of the colours of that which both show.

A song's picture moves: what comes into view changes the mean of a frame, and is no drift. So neighbours half a second apart
are laid on each other (by phase correlation, Kuglin and Hines 1975), and only what both show is compared. The changes add
up over the video to what became of one and the same content.
"""

from __future__ import annotations

import itertools
import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import SamplePicture, WatchedVideo
from .lab import Floats, lab_of

LEAST_LIKENESS = 0.6
"""Correlation of lightness from which on two pictures show the same; below, they are of different scenes."""

MOST_SHIFT = 0.25
"""Part of the edge by which neighbours may be displaced."""


@dataclass(frozen=True)
class Step:
    """What became of the common content from one sample to the next.

    Attributes:
        shift: Mean change of (L*, a*, b*).
        luma_gain: Natural logarithm of the ratio of the deviations of lightness.
        chroma_gain: The same of chroma, around its mean.
        likeness: Correlation of lightness, -1 to 1.
    """

    shift: NDArray[np.float64]
    luma_gain: float
    chroma_gain: float
    likeness: float

    @property
    def is_same_scene(self) -> bool:
        """Whether both show the same."""
        return self.likeness >= LEAST_LIKENESS


@dataclass(frozen=True)
class Chain:
    """The steps of a video of M samples.

    Attributes:
        frames: (M,) the sample's frame.
        labs: (M,) pictures (h, w, 3) in L*a*b*, half as large as the samples.
        steps: (M - 1,) from each to the next.
    """

    frames: NDArray[np.int64]
    labs: tuple[Floats, ...]
    steps: tuple[Step, ...]


_last: list[tuple[weakref.ref[WatchedVideo], Chain]] = []


def chain_of(video: WatchedVideo) -> Chain:
    """The steps between a video's samples. The last answer is kept while its video lives: three detectors ask for it."""
    if _last and _last[0][0]() is video:
        return _last[0][1]
    labs = tuple(_half(lab_of(sample.pixels)) for sample in video.samples)
    steps = tuple(step_between(one, other) for one, other in itertools.pairwise(labs))
    chain = Chain(frames_of(video.samples), labs, steps)
    _last[:] = [(weakref.ref(video), chain)]
    return chain


def frames_of(samples: tuple[SamplePicture, ...]) -> NDArray[np.int64]:
    """(M,) frames of samples."""
    return np.array([sample.frame for sample in samples], np.int64)


def step_between(one: Floats, other: Floats) -> Step:
    """What became of the content that two (h, w, 3) pictures in L*a*b* share."""
    down, right = displacement(one[..., 0], other[..., 0])
    before, after = _common(one, other, down, right)
    shift = np.array([_trimmed_mean((after - before)[..., plane]) for plane in range(3)])
    light_before, light_after = before[..., 0], after[..., 0]
    chroma_before, chroma_after = before[..., 1:], after[..., 1:]
    return Step(
        shift=shift,
        luma_gain=_log_ratio(float(light_after.std()), float(light_before.std()), 0.5),
        chroma_gain=_log_ratio(_spread(chroma_after), _spread(chroma_before), 0.5),
        likeness=_correlation(light_before, light_after),
    )


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
    stay = _correlation(one, other)
    moved = _correlation(*_common(one, other, *found))
    return found if moved > stay else (0, 0)


def _common(one: NDArray[np.floating], other: NDArray[np.floating], down: int, right: int) -> tuple[NDArray, NDArray]:
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


def _trimmed_mean(values: NDArray[np.floating]) -> float:
    """Mean of the middle eight tenths: what moves by itself is in the rest."""
    low, high = np.quantile(values, (0.1, 0.9))
    kept = values[(values >= low) & (values <= high)]
    return float(kept.mean()) if len(kept) else 0.0


def _log_ratio(after: float, before: float, least: float) -> float:
    return float(np.log(max(after, least) / max(before, least)))


def _spread(chroma: NDArray[np.floating]) -> float:
    return float(np.sqrt(chroma.reshape(-1, chroma.shape[-1]).var(0).sum()))


def _correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    first, second = one - one.mean(), other - other.mean()
    scale = float(np.sqrt(np.square(first).sum() * np.square(second).sum()))
    return float((first * second).sum() / scale) if scale > 1e-9 else 1.0
