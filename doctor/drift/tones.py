"""The drift of a video's tones, split into lightness, hue and colourfulness on one side and contrast on the other.

Each is what the other does not explain: contrast around a middle grey moves lightness and colourfulness too, and an
exposure moves contrast. Whatever is explained by the other is not counted a second time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .lab import Floats, difference
from .pairs import chain_of
from .parts import Part, parts_of, scene_changes_px

PIVOTS = 35.0, 65.0
"""Lightness around which contrast turns in some tool or other."""


@dataclass(frozen=True)
class Tones:
    """Curves over M samples, relative to the first, of the content that neighbours share.

    Attributes:
        frames: (M,) the sample's frame.
        parts: Pieces of the video.
        lab: (M, 3) change of the mean of (L*, a*, b*).
        contrast: (M,) logarithm of the ratio of contrasts.
        chroma: (M,) logarithm of the ratio of the deviations of chroma.
        broken: Number of neighbours that show different things, within a section.
        reference: (K, 3) pixels of the first sample in L*a*b*.
    """

    frames: NDArray[np.int64]
    parts: tuple[Part, ...]
    lab: NDArray[np.float64]
    contrast: NDArray[np.float64]
    chroma: NDArray[np.float64]
    broken: int
    reference: Floats


def tones_of(case: Case) -> Tones:
    """The curves of a video. Over a change that the schedule wants, and over one of scene, they stay level."""
    chain = chain_of(case.video)
    changes = np.searchsorted(scene_changes_px(case), chain.frames, side="right")
    count = len(chain.frames)
    lab, contrast, chroma = np.zeros((count, 3)), np.zeros(count), np.zeros(count)
    broken = 0
    for index, step in enumerate(chain.steps, 1):
        wanted = changes[index] != changes[index - 1]
        counts = step.is_same_scene and not wanted
        broken += not (step.is_same_scene or wanted)
        lab[index] = lab[index - 1] + (step.shift if counts else 0)
        contrast[index] = contrast[index - 1] + (step.luma_gain if counts else 0)
        chroma[index] = chroma[index - 1] + (step.chroma_gain if counts else 0)
    return Tones(chain.frames, parts_of(case), lab, contrast, chroma, broken, chain.labs[0].reshape(-1, 3)[::7])


def colour_alone(lab: NDArray[np.float64], contrast: float, chroma: float, reference: Floats) -> tuple[NDArray, float]:
    """(change of L*, a*, b*), log ratio of chroma that a change of contrast does not explain."""
    light = float(reference[:, 0].mean())
    turned = sorted((light - pivot) * (np.exp(contrast) - 1) for pivot in PIVOTS)
    shift = lab.copy()
    shift[0] = _less(lab[0], *turned)
    middle = reference[:, 1:].mean(0).astype(np.float64)
    share = float(lab[1:] @ middle) / max(float(middle @ middle), 1.0)
    shift[1:] -= middle * np.clip(share, *sorted((0.0, float(np.expm1(contrast)))))
    return shift, _less(chroma, *sorted((0.0, contrast)))


def contrast_alone(contrast: float, light_shift: float, reference: Floats) -> float:
    """Log ratio of contrast that a change of exposure does not explain."""
    light = max(float(reference[:, 0].mean()), 1.0)
    exposure = float(np.log(max(1 + light_shift / light, 0.05)))
    return _less(contrast, *sorted((0.0, exposure)))


def distance_of(shift: NDArray[np.floating], chroma: float, reference: Floats) -> float:
    """Mean CIEDE2000 over the reference's pixels of a shift of (L*, a*, b*) and a log ratio of chroma."""
    changed = reference.astype(np.float64)
    middle = changed[:, 1:].mean(0)
    changed[:, 1:] = middle + (changed[:, 1:] - middle) * np.exp(chroma)
    changed = changed + shift
    changed[:, 0] = np.clip(changed[:, 0], 0, 100)
    return float(difference(reference, changed).mean())


def _less(value: float, low: float, high: float) -> float:
    """A value less the nearest of what is explained: 0 within [low, high]."""
    return float(value - np.clip(value, low, high))
