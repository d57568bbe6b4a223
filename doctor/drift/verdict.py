"""A drift as a symptom: how strong, where, and as a plot."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from ..seen import Curve, Stretch
from .parts import DriftPiece, scene_changes_px

SHORTEST_SECONDS = 8.0
"""A video shorter than this has no drift to speak of."""


def too_short(case: Case, parts: Sequence[DriftPiece]) -> str:
    """Why no drift can be told of a video; "" if it can."""
    if case.video.duration_seconds < SHORTEST_SECONDS or len(parts) < 4:
        return f"the video is shorter than {SHORTEST_SECONDS:g} s"
    return ""


def stretches_beyond(
    case: Case, parts: Sequence[DriftPiece], sizes: NDArray[np.floating], threshold: float
) -> tuple[Stretch, ...]:
    """Windows, or without a plan pieces next to each other, whose size is beyond the threshold, the worst first."""
    fps = float(case.video.fps)
    groups: list[tuple[float, int, int, int | None]] = []
    for part, size in zip(parts, sizes, strict=True):
        if not (math.isfinite(size) and size >= threshold):
            continue
        joins = groups and groups[-1][2] == part.start_px and groups[-1][3] == part.window
        if joins:
            worst, start, _, window = groups.pop()
            groups.append((max(worst, float(size)), start, part.stop_px, window))
        else:
            groups.append((float(size), part.start_px, part.stop_px, part.window))
    groups.sort(key=lambda group: (-group[0], group[1]))
    return tuple(Stretch(start / fps, stop / fps, window) for _, start, stop, window in groups)


def whole_windows(case: Case) -> tuple[Stretch, ...]:
    """Every window, or the whole video without a plan."""
    fps = float(case.video.fps)
    known = case.plan is not None
    return tuple(Stretch(a / fps, b / fps, n if known else None) for n, (a, b) in enumerate(case.windows_px()))


def curve_of(
    case: Case, title: str, unit: str, parts: Sequence[DriftPiece], values: NDArray[np.floating], threshold: float | None
) -> Curve:
    """A plot with one value for each piece, marked where the schedule changes the scene."""
    fps = float(case.video.fps)
    middles = tuple((part.start_px + part.stop_px) / 2 / fps for part in parts)
    marks = tuple(change / fps for change in scene_changes_px(case))
    return Curve(title, unit, middles, tuple(float(value) for value in values), threshold, marks)


def chance_words(chance: float) -> str:
    """A probability, rounded so that it is not 0."""
    return "less than 1 in 1000" if chance < 0.001 else f"{chance:.3f}"
