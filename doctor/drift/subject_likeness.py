"""Likeness of the subject at the end of a place to the one at its beginning, by a model if one is here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...watching.subject_embedding import embedding_model, likeness_to_first
from ...watching.watched_video import SamplePicture
from .subject import BOTTOM, LEFT, RIGHT, TOP

_LAST = 8
"""Samples at the end of which the median is taken: four seconds."""


def likeness_at_end(samples: Sequence[SamplePicture], there: NDArray[np.bool_]) -> float | str:
    """Median cosine of the middle of the last pictures of a place to that of its first, or why there is none.

    Args:
        samples: The small pictures of a video.
        there: (M,) True for those of the place.
    """
    folder = embedding_model()
    if isinstance(folder, str):
        return f"model_unavailable: {folder}"
    middles = [_middle(sample.pixels) for sample, is_there in zip(samples, there, strict=True) if is_there]
    likeness = likeness_to_first([middles[0], *middles[1:][-_LAST:]], folder)
    return f"model_unavailable: {likeness}" if isinstance(likeness, str) else float(np.median(likeness))


def _middle(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    return pixels[round(TOP * height) : round(BOTTOM * height), round(LEFT * width) : round(RIGHT * width)]
