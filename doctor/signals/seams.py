"""Scores of how much each frame looks like a seam: another level of light, colour or sharpness from it on."""

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

SLOW_PX = 14
_AROUND_PX = 121
_REST = 0.05
"""Share of what a viewer notices that counts as rest; a still video has no spread of its own."""
_MOST = 12.0
_OF_A_TILE = ("light", "blue", "red", "sharpness")
LENGTHS_PX = (1, 4, 12)
"""Frames before and after a seam whose means are compared: it may be blended over as many."""

OF_AN_ENCODER = 2.0
"""How much more the sharpness must step again and again to be noticed, among frames that an encoder has written unevenly."""

_AS_LARGE = 0.95
_FEW_PERIODS = 8
"""Half of fewer is two or three, of which chance moves the median too much."""
_RISES_PX = (2, 4, 6)
_LONG_RISE_PX, _SWINGS_PX = 8, 36
"""Content that swings, as by breath or light, takes a second and a half; among shorter periods a step may be slower."""

_REST_OF_A_PERIOD = 0.2
_COURSE_PX = (1, 3)
_FAR_BELOW = 0.3
_OF_CHANGE = 0.05
_ANOTHER_PICTURE = 0.5


@dataclass(frozen=True)
class SeamScores:
    """Scores of each frame, for `rhythm.find_rhythms`; see there.

    Attributes:
        scores: By name, (N,).
        weights: By name, 1 in all.
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


def pulse_levels(frames: FrameFacts) -> dict[str, Series]:
    """The levels that an error of a whole tile moves, (N,), each in what a viewer begins to notice as a step.

    What an encoder does to a frame that it writes whole is taken out: the frame has the level of the next one, so that a step
    there that lasts is still one. Steps to another scene are taken out, too.
    """
    levels = {name: level for name, level in levels_of(frames).items() if name in _OF_A_TILE}
    if frames.key is not None:
        alone = np.flatnonzero(frames.key[1:-1]) + 1
        for level in levels.values():
            level[alone] = level[alone + 1]
    levels["sharpness"] = levels["sharpness"] / OF_AN_ENCODER
    cut = scene_changes(frames)
    for name, level in levels.items():
        steps = np.diff(level, prepend=level[:1])
        levels[name] = np.cumsum(np.where(cut, 0.0, steps))
    return levels


def activities(levels: Mapping[str, Series], length: int) -> dict[str, Series]:
    """(N,) how far light, colour and sharpness step at each frame, whichever way, and all of them together."""
    steps = {name: step(level, length) for name, level in levels.items()}
    found = {
        "light": np.abs(steps["light"]),
        "colour": np.hypot(steps["blue"], steps["red"]),
        "sharpness": np.abs(steps["sharpness"]),
    }
    together = sum((np.minimum(value / _usual(value), _MOST) ** 2 for value in found.values()), np.zeros(len(steps["light"])))
    return found | {"together": np.sqrt(together)}


def _usual(values: Series) -> Series:
    return np.maximum(running_median(values, _AROUND_PX), _REST)


def course_series(levels: Mapping[str, Series], usable: NDArray[np.bool_]) -> dict[str, Series]:
    """(N,) series whose course may repeat: steps of each level with their sign, and how far it steps whichever way."""
    found = {name: np.diff(level, prepend=level[:1]) for name, level in levels.items()}
    for length in _COURSE_PX:
        for name, activity in activities(levels, length).items():
            if name == "together":
                continue
            logs = np.log(activity + _FAR_BELOW)
            whole = ~near(~usable, length, length)
            found[f"{name} over {length}"] = np.where(whole, logs, np.median(logs[whole]) if whole.any() else 0.0)
    return found


def seam_scores(levels: Mapping[str, Series], change: Series, usable: NDArray[np.bool_]) -> SeamScores:
    """Scores of all kinds of steps: only the largest step of its surroundings counts, at its frame and the two beside.

    Args:
        levels: From `pulse_levels`.
        change: (N,) logarithm of the change from frame to frame.
        usable: (N,) frames that may be seams.
    """
    from scipy.ndimage import maximum_filter1d

    values: dict[str, Series] = {"change": standardised(change, _AROUND_PX, _REST)}
    weights = {"change": _OF_CHANGE}
    for length in LENGTHS_PX:
        for name, activity in activities(levels, length).items():
            activity = np.where(usable, activity, 0.0)
            peak = np.where(activity >= maximum_filter1d(activity, 2 * length + 1), activity, 0.0)
            values[f"{name} over {length}"] = peak if length == 1 else maximum_filter1d(peak, 3)
            weights[f"{name} over {length}"] = (1 - _OF_CHANGE) / (4 * len(LENGTHS_PX))
    return SeamScores(
        {name: surprise(value, usable) for name, value in values.items()},
        weights,
        {f"{name}{EACH}": rarity(value, usable) for name, value in values.items()},
    )


def levels_that_show(levels: Mapping[str, Series], name: str) -> dict[str, Series]:
    """Those of some levels that a score or a series is made of; what recurs in one of them does not make another visible."""
    word = name.split(" ")[0]
    shown = {"colour": ("blue", "red")}.get(word, (word,))
    return {name: level for name, level in levels.items() if name in shown} or dict(levels)


def size_of(levels: Mapping[str, Series], usable: NDArray[np.bool_], period_px: int) -> tuple[float, int]:
    """How large the step is that recurs with a period, in what is noticed, and at which frame of it.

    The frame is chosen by one half of the periods and the step is measured in the other, so that chance is not counted. Of few
    periods each is measured where all others say that the step is.
    """
    best, frames = (0.0, 0), len(usable)
    rows = -(-frames // period_px)
    for level in levels.values():
        ways = [step(level, length) for length in LENGTHS_PX[:2] if 2 * length <= period_px]
        rises = (*_RISES_PX, _LONG_RISE_PX) if period_px <= _SWINGS_PX else _RISES_PX
        ways += [_rise(level, length) for length in rises if 2 * length <= period_px]
        for way in ways:
            steps = np.full(rows * period_px, np.nan)
            steps[:frames] = np.where(usable, way, np.nan)
            folded = steps.reshape(rows, period_px)
            for worth in (_one_way, _either_way):
                if rows < _FEW_PERIODS:
                    both = worth(folded)
                    size = _by_the_others(folded, worth)
                else:
                    halves = [worth(folded[start::2]) for start in (0, 1)]
                    size = (halves[1][halves[0].argmax()] + halves[0][halves[1].argmax()]) / 2
                    both = halves[0] + halves[1]
                if _AS_LARGE * size > best[0]:
                    best = (float(size), int((both > _AS_LARGE * both.max()).argmax()))
    return best


def _rise(level: Series, length: int) -> Series:
    """(N,) by how much a level has risen since the frame before, after so many frames."""
    risen = np.zeros(len(level))
    risen[1 : len(level) - length + 1] = level[length:] - level[:-length]
    return risen


def _one_way(folded: Series) -> Series:
    return np.abs(_medians(folded))


def _either_way(folded: Series) -> Series:
    usual = _medians(np.abs(folded))
    return usual - np.quantile(usual, _REST_OF_A_PERIOD)


def _by_the_others(folded: Series, worth: Callable[[Series], Series]) -> float:
    """Median over periods of the step where the others have theirs, in their direction if they have one."""
    sizes = []
    for row in range(len(folded)):
        others = np.delete(folded, row, 0)
        phase = int(worth(others).argmax())
        if np.isfinite(folded[row, phase]):
            turned = np.sign(_medians(others)[phase]) * folded[row, phase]
            sizes.append(float(turned if worth is _one_way else worth(folded[row : row + 1])[phase]))
    return float(np.median(sizes)) if sizes else 0.0


def _medians(folded: Series) -> Series:
    """(P,) medians of columns; 0 for one with fewer than two values."""
    fit = np.isfinite(folded).sum(0) >= min(2, len(folded))
    medians = np.zeros(folded.shape[1])
    medians[fit] = np.nanmedian(folded[:, fit], 0)
    return medians
