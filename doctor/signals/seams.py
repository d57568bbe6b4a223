"""Scores of how much each frame looks like a seam: another level of luma, colour, contrast or sharpness from it on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .rhythm import surprise
from .robust import Series, running_median, standardised, step

NOTICED = {"luma": 0.008, "contrast": 0.006, "blue": 0.004, "red": 0.004, "colourfulness": 0.005, "sharpness": 0.08}
"""Step from one frame to the next that a viewer begins to notice: of the level, for sharpness a share of it."""

SMEARED_PX = 6
"""Frames over which a seam may be blended and still be found: the step is taken between the means of so many."""

_AROUND_PX = 121
_REST = 0.05
"""Share of what a viewer notices that counts as rest; a still video has no spread of its own."""
_MOST = 12.0
_ANOTHER_PICTURE = 0.5


def levels_of(frames: FrameFacts) -> dict[str, Series]:
    """The levels by name, (N,), each in what a viewer begins to notice as a step."""
    levels: dict[str, NDArray[Any]] = {name: getattr(frames, name) for name in NOTICED}
    levels["sharpness"] = np.log(np.maximum(frames.sharpness, 1e-4))
    return {name: np.asarray(values, np.float64) / NOTICED[name] for name, values in levels.items()}


def scene_changes(frames: FrameFacts) -> NDArray[np.bool_]:
    """(N,) True for the first frame of another picture: what two pictures differ by if they have nothing in common."""
    usual = running_median(frames.change, 25)
    return np.asarray((frames.change > _ANOTHER_PICTURE * frames.contrast) & (frames.change > 3 * usual))


def near(marks: NDArray[np.bool_], before: int, after: int) -> NDArray[np.bool_]:
    """(N,) True from `before` frames before each mark to `after` behind it."""
    widened = np.zeros_like(marks)
    for place in np.flatnonzero(marks):
        widened[max(0, place - before) : place + after + 1] = True
    return widened


def seam_scores(
    levels: Mapping[str, Series], change: Series, usable: NDArray[np.bool_]
) -> tuple[dict[str, Series], dict[str, float]]:
    """Scores of `rhythm.surprise` by name, (N,), and the share of the accepted error that each may use up.

    All levels together use up more than half: a seam moves several. The rest is shared by single ones, up, down or both.

    Args:
        levels: From `levels_of`.
        change: (N,) logarithm of the change from frame to frame.
        usable: (N,) frames that may be seams.
    """
    values: dict[str, Series] = {}
    together: list[str] = []
    for length in (1, SMEARED_PX):
        square = np.zeros(len(change))
        for name, level in levels.items():
            z = standardised(step(level, length), _AROUND_PX, _REST)
            square += np.minimum(np.abs(z), _MOST) ** 2
            values |= {f"{name} up {length}": z, f"{name} down {length}": -z, f"{name} {length}": np.abs(z)}
        together.append(f"levels {length}")
        values[together[-1]] = square
    values["change"] = standardised(change, _AROUND_PX, _REST)
    weights = {name: 0.4 / (len(values) - len(together)) for name in values} | dict(zip(together, (0.4, 0.2), strict=True))
    whole = ~near(~usable, SMEARED_PX, SMEARED_PX)
    return {
        name: surprise(value, whole if name.endswith(f" {SMEARED_PX}") else usable) for name, value in values.items()
    }, weights
