"""Scores of how much each frame looks like a seam: another level of luma, colour, contrast or sharpness from it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .rhythm import EACH, Rhythms, find_rhythms, rarity, surprise
from .robust import Series, running_median, standardised, step

NOTICED = {
    "light": 0.006,
    "luma": 0.008,
    "contrast": 0.006,
    "blue": 0.004,
    "red": 0.004,
    "colourfulness": 0.005,
    "sharpness": 0.08,
}
"""Step from one frame to the next that a viewer begins to notice: of the level, for sharpness a share of it."""

SMEARED_PX = 6
"""Frames over which a seam may be blended and still be found: the step is taken between the means of so many."""

SLOW_PX = 14
_AROUND_PX = 121
_REST = 0.05
"""Share of what a viewer notices that counts as rest; a still video has no spread of its own."""
_MOST = 12.0
_FLASH_PX, _LASTS_PX = 6, 8
_TOGETHER = {"at once": 0.3, "lasting": 0.2, "smeared": 0.15, "slow": 0.05}
"""Kinds of steps, and the share of the accepted error that all levels together may use up with each."""
_ANOTHER_PICTURE = 0.5


@dataclass(frozen=True)
class SeamScores:
    """Scores of each frame, for `rhythm.find_rhythms`; see there.

    Attributes:
        scores: By name, (N,).
        weights: By name. All levels together use up more than half: a seam moves several.
        rarities: By name, (N,).
    """

    scores: Mapping[str, Series]
    weights: Mapping[str, float]
    rarities: Mapping[str, Series]

    def rhythms(self, usable: NDArray[np.bool_], shortest_px: int, longest_px: int) -> Rhythms:
        """The rhythms of these scores."""
        return find_rhythms(self.scores, self.weights, self.rarities, usable, shortest_px, longest_px)


def levels_of(frames: FrameFacts) -> dict[str, Series]:
    """The levels by name, (N,), each in what a viewer begins to notice as a step."""
    levels: dict[str, NDArray[Any]] = {name: getattr(frames, name) for name in NOTICED if name != "light"}
    levels["light"] = np.cumsum(light_steps(frames))
    if frames.blue_step is not None and frames.red_step is not None:
        levels["blue"], levels["red"] = np.cumsum(frames.blue_step), np.cumsum(frames.red_step)
    levels["sharpness"] = np.log(np.maximum(frames.sharpness, 1e-4))
    return {name: np.asarray(values, np.float64) / NOTICED[name] for name, values in levels.items()}


def light_steps(frames: FrameFacts) -> Series:
    """(N,) by how much the light of the whole picture rises at each frame: the mean of the middle half of all cells' steps.

    What moves brightens some cells and darkens others, and is not among them.
    """
    if frames.light_step is not None:
        return np.asarray(frames.light_step, np.float64)
    cells = frames.cell_luma.reshape(len(frames), -1).astype(np.int16)
    steps = np.sort(np.diff(cells, axis=0, prepend=cells[:1]), axis=1)
    quarter = steps.shape[1] // 4
    return np.asarray(steps[:, quarter : steps.shape[1] - quarter].mean(1) / 255, np.float64)


def lasting(series: Series) -> Series:
    """(N,) steps of a series from one frame to the next, as far as they are still there some frames later, unlike a flash's."""
    at_once, later = step(series, 1), step(series, _LASTS_PX, _FLASH_PX)
    same = at_once * later > 0
    return np.asarray(np.where(same, np.sign(at_once) * np.minimum(np.abs(at_once), np.abs(later)), 0.0))


_STEPS: dict[str, Callable[[Series], Series]] = {
    "at once": lambda series: step(series, 1),
    "lasting": lasting,
    "smeared": lambda series: step(series, SMEARED_PX),
    "slow": lambda series: step(series, SLOW_PX),
}


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


def seam_scores(levels: Mapping[str, Series], change: Series, usable: NDArray[np.bool_]) -> SeamScores:
    """Scores of all kinds of steps.

    Args:
        levels: From `levels_of`.
        change: (N,) logarithm of the change from frame to frame.
        usable: (N,) frames that may be seams.
    """
    values: dict[str, Series] = {}
    for name in _TOGETHER:
        square = np.zeros(len(change))
        for level_name, level in levels.items():
            z = standardised(_STEPS[name](level), _AROUND_PX, _REST)
            square += np.minimum(np.abs(z), _MOST) ** 2
            values |= {f"{level_name} up {name}": z, f"{level_name} down {name}": -z, f"{level_name} {name}": np.abs(z)}
        values[f"levels {name}"] = np.sqrt(square)
    values["change"] = standardised(change, _AROUND_PX, _REST)
    together = {f"levels {name}": weight for name, weight in _TOGETHER.items()}
    rest = (1 - sum(together.values())) / (len(values) - len(together))
    whole = ~near(~usable, SMEARED_PX, SMEARED_PX)
    fit = {name: usable if name.endswith("at once") or name == "change" else whole for name in values}
    both_ways = [name for name in values if " up " not in name and " down " not in name]
    return SeamScores(
        {name: surprise(value, fit[name]) for name, value in values.items()},
        {name: together.get(name, rest) for name in values},
        {f"{name}{EACH}": rarity(values[name], usable) for name in both_ways},
    )
