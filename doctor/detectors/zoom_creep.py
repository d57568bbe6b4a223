"""A slow zoom that nobody asked for: each window creeps a little closer or farther."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from ..case import Case
from ..seen import Curve, Figure, Seen, Stretch, Symptom
from ..signals.robust import Series, spread_of
from ..signals.seams import scene_changes
from ..signals.wanted import wanted_camera_moves

NOTICED_PERCENT = 6.0
_JOIN_PX = 2
_SAME_SIGN = 0.75
_FEWEST_SECONDS = 2.0
_STEADY = 2.0
"""A creep must exceed by that factor what its mean over windows is off by, told from what the growth of seconds differs by:
people who move near and far grow too."""
_BOTH_WAYS = 0.25
"""A zoom grows across and down alike; one way may be hidden by what else moves, but not all of it."""
_OF_A_PAN = 0.2
"""Behind somebody who stays, a pan looks like a growth of up to a sixth of its speed."""
_SURE_SHIFT = 0.005
"""Shift in widths a second below which its direction is noise."""

_SOURCE = (
    "sizes that differ by 3 to 6 % are told apart in memory; a slow zoom is one of at least 6 % over ten seconds, or over the "
    "longest window if that is longer"
)


def look(case: Case) -> Seen:
    """Adds up the growth of the picture within windows and over the video."""
    frames, fps = case.video.frames, float(case.video.fps)
    if len(frames) < _FEWEST_SECONDS * fps:
        return Seen((_figure(None, f"the video is shorter than {_FEWEST_SECONDS:g} s"),))
    across, down = _growths(frames)
    counted = ~scene_changes(frames)
    counted[0] = False
    for cut in case.cuts_px:
        counted[max(0, cut - _JOIN_PX) : cut + _JOIN_PX] = False
    wanted = wanted_camera_moves(case)
    rate, both, weights, where, pans = np.zeros(len(frames)), [], [], [], []
    for window, (start, stop) in enumerate(case.windows_px()):
        inside = np.arange(start, stop)[counted[start:stop]]
        if window in wanted or not len(inside):
            continue
        sure_across, sure_down = _sureness(frames, inside, case.video.height / case.video.width)
        rate[inside] = (sure_across * across[inside] + sure_down * down[inside]) / (sure_across + sure_down)
        both.append([_usual(each[inside]) for each in (rate, across, down)])
        weights.append(len(inside))
        pans.append(_pan(frames, inside, case.video.height / case.video.width))
        where.append((window, start, stop))
    if not both:
        return Seen((_figure(None, "the schedule asks for moves of the camera in every window"),))
    usual = float(np.median([growth for growth, _, _ in both]))
    same = float(np.average([np.sign(growth) == np.sign(usual) for growth, _, _ in both], weights=weights))
    wider, taller = (np.sign(usual) * float(np.average([each[way] for each in both], weights=weights)) for way in (1, 2))
    zooms = min(wider, taller) > _BOTH_WAYS * max(wider, taller)
    steady = abs(usual) > _STEADY * _wobble(rate[counted], round(fps)) / np.sqrt(len(both))
    beyond_pan = abs(usual) > _OF_A_PAN * float(np.average(pans, weights=weights))
    creeps = zooms and steady and beyond_pan and same >= _SAME_SIGN
    creep = usual * max(10.0, max(stop - start for _, start, stop in where) / fps) if creeps else 0.0
    figure = _figure(abs(creep))
    curve = Curve(
        "Size of the picture, scene changes and joins left out",
        "%",
        tuple(number / fps for number in range(len(frames))),
        tuple(float(value) for value in 100 * (np.exp(np.cumsum(np.where(counted, rate, 0.0)) / fps / 100) - 1)),
        None,
        tuple(cut / fps for cut in case.cuts_px),
    )
    strength = abs(creep) / NOTICED_PERCENT
    if strength < 1:
        return Seen((figure,), curves=(curve,))
    words = (
        f"The picture {'grows' if usual > 0 else 'shrinks'} by {abs(usual):.2f} % a second, though no camera move is asked for."
    )
    stretches = tuple(Stretch(start / fps, stop / fps, window if case.plan else None) for window, start, stop in where)
    facts = (("zoom_percent_per_second", usual),)
    return Seen((figure,), (Symptom("zoom_creep", strength, words, stretches, (figure.name,), facts),), (curve,))


def _growths(frames: FrameFacts) -> tuple[Series, Series]:
    """Growth across and down in percent a second, (N,) both."""
    ways = (frames.growth_x_per_second, frames.growth_y_per_second)
    across, down = (100 * (frames.zoom_per_second if way is None else way).astype(np.float64) for way in ways)
    return across, down


def _sureness(frames: FrameFacts, inside: NDArray[np.int64], height: float) -> tuple[float, float]:
    """Weights of the growth across and down: behind somebody at one side, a shift looks like a growth along it, not square to
    it."""
    across, down = frames.shift_x_per_second[inside], height * frames.shift_y_per_second[inside]
    return float(np.mean(down**2)) + _SURE_SHIFT**2, float(np.mean(across**2)) + _SURE_SHIFT**2


def _pan(frames: FrameFacts, inside: NDArray[np.int64], height: float) -> float:
    """Speed at which the picture goes one way, in percent of its width a second."""
    return 100 * float(np.hypot(frames.shift_x_per_second[inside].mean(), height * frames.shift_y_per_second[inside].mean()))


def _usual(growth: Series) -> float:
    return float(np.clip(growth, *np.quantile(growth, (0.05, 0.95))).mean())


def _wobble(rate: Series, length: int) -> float:
    seconds = rate[: len(rate) // length * length].reshape(-1, length).mean(1)
    return spread_of(seconds)


def _figure(value: float | None, why: str = "") -> Figure:
    meaning = "Steady growth or shrinking of the picture in windows whose prompt asks for no move of the camera."
    return Figure("zoom_creep", value, "% in 10 s or a window", NOTICED_PERCENT, _SOURCE, meaning, why)
