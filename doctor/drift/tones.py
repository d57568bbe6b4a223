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
from .pairs import is_plain, shared_content
from .parts import DriftPiece, parts_of
from .trend import trend_of

PIVOTS = 35.0, 65.0
"""Lightness around which contrast turns in some tool or other."""


@dataclass(frozen=True)
class Tones:
    """Curves over M samples, relative to the first, of the content that is shared.

    Attributes:
        frames: (M,) the sample's frame.
        parts: Pieces of the video.
        lab: (M, 3) change of the mean of (L*, a*, b*).
        contrast: (M,) logarithm of the ratio of contrasts.
        chroma: (M,) logarithm of the ratio of the deviations of chroma.
        region_contrast: (M, R) `contrast` of each region of the picture.
        region_weight: (R,) how much each is to be trusted.
        reference: (K, 3) pixels of the first sample that shows anything, in L*a*b*.
    """

    frames: NDArray[np.int64]
    parts: tuple[DriftPiece, ...]
    lab: NDArray[np.float64]
    contrast: NDArray[np.float64]
    chroma: NDArray[np.float64]
    region_contrast: NDArray[np.float64]
    region_weight: NDArray[np.float64]
    reference: Floats


def tones_of(case: Case) -> Tones:
    """The curves of a video. Over a change that the schedule wants, and over one of scene, they stay level."""
    chain = shared_content(case)
    first = next((lab for lab in chain.labs if not is_plain(lab)), chain.labs[0])
    reference = first.reshape(-1, 3)[::7]
    return Tones(
        chain.frames,
        parts_of(case),
        chain.shift,
        chain.luma_gain,
        chain.chroma_gain,
        chain.region_gain,
        chain.region_weight,
        reference,
    )


def colour_alone(
    lab: NDArray[np.float64], contrast: float, chroma: float, reference: Floats
) -> tuple[NDArray[np.float64], float]:
    """(change of L*, a*, b*), log ratio of chroma that a change of contrast does not explain."""
    light = float(reference[:, 0].mean())
    turned = sorted((light - pivot) * (np.exp(contrast) - 1) for pivot in PIVOTS)
    shift = lab.copy()
    shift[0] = _less(lab[0], *turned)
    middle = reference[:, 1:].mean(0).astype(np.float64)
    share = float(lab[1:] @ middle) / max(float(middle @ middle), 1.0)
    low, high = sorted((0.0, float(np.expm1(contrast))))
    shift[1:] -= middle * min(max(share, low), high)
    return shift, _less(chroma, *sorted((0.0, contrast)))


def contrast_alone(contrast: float, light_shift: float, reference: Floats) -> float:
    """Log ratio of contrast that a change of exposure does not explain."""
    light = max(float(reference[:, 0].mean()), 1.0)
    turned = sorted((light - pivot) * float(np.expm1(contrast)) for pivot in PIVOTS)
    exposure = float(np.log(max(1 + _less(light_shift, *turned) / light, 0.05)))
    return _less(contrast, *sorted((0.0, exposure)))


def agreement(tones: Tones, total: float, fps: float) -> float:
    """Part of the picture, 0 to 1, whose contrast changes as much as `total`, a log ratio: by half to one and a half of it."""
    if not tones.region_weight.sum():
        return 0.0
    changes = [trend_of(tones.frames, gains, tones.parts, fps).total for gains in tones.region_contrast.T]
    joins = np.abs(np.array(changes) - total) <= abs(total) / 2
    return float((tones.region_weight * joins).sum() / tones.region_weight.sum())


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
