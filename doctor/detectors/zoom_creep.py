"""A slow zoom that nobody asked for: each window creeps a little closer or farther."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from ..case import Case
from ..seen import Curve, Figure, Seen, Stretch, Symptom
from ..signals.robust import Series, weighted_median, weighted_spread
from ..signals.seams import scene_changes
from ..signals.wanted import wanted_camera_moves

NOTICED_PERCENT = 6.0
_JOIN_PX = 2
_SAME_SIGN = 0.75
_FEWEST_SECONDS = 2.0
_STEADY = 2.0
"""A creep must exceed by that factor what its mean over windows is off by, told from what the growth of seconds differs by:
people who move near and far grow too."""
_BOTH_WAYS = 0.5
"""A zoom grows across and down alike; one way may be hidden by what else moves, but not half of it."""
_UNSURE_PERCENT = 0.5
"""Difference of growth across and down, a second, from which on a moment tells less of a zoom: something else moves then."""
_OF_A_PAN = 0.2
"""Share of a pan's speed up to which growth is none: behind somebody who stays, a pan looks like one of a tenth of it."""
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
    told = np.where(counted, _told(across - down, counted, fps), 0.0)
    wanted, height = wanted_camera_moves(case), case.video.height / case.video.width
    rate, both, weights, where, pans = np.zeros(len(frames)), [], [], [], []
    for window, (start, stop) in enumerate(case.windows_px()):
        inside = np.arange(start, stop)[counted[start:stop]]
        if window in wanted or not len(inside):
            continue
        sure_across, sure_down = _sureness(frames, inside, height)
        rate[inside] = (sure_across * across[inside] + sure_down * down[inside]) / (sure_across + sure_down)
        both.append([_usual(each[inside], told[inside]) for each in (rate, across, down)])
        weights.append(float(told[inside].sum()))
        pans.append(_pan(frames, inside, height))
        where.append((window, start, stop))
    if not both:
        return Seen((_figure(None, "the schedule asks for moves of the camera in every window"),))
    usual = weighted_median([growth for growth, _, _ in both], weights)
    same = float(np.average([np.sign(growth) == np.sign(usual) for growth, _, _ in both], weights=weights))
    wider, taller = (np.sign(usual) * float(np.average([each[way] for each in both], weights=weights)) for way in (1, 2))
    zooms = min(wider, taller) > _BOTH_WAYS * max(wider, taller)
    steady = abs(usual) > _STEADY * _off_by(rate, told, round(fps), len(both))
    beyond_pan = abs(usual) > _OF_A_PAN * float(np.mean(pans))
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


def _told(difference: Series, counted: NDArray[np.bool_], fps: float) -> Series:
    """(N,) how much each moment tells of a zoom, by how far growth across and down differ for half a second around it."""
    length = max(1, round(fps / 2))
    differs = np.convolve(np.where(counted, difference, 0.0), np.ones(length) / length, "same")[: len(difference)]
    return np.asarray(1 / (_UNSURE_PERCENT**2 + differs**2), np.float64)


def _usual(growth: Series, told: Series) -> float:
    return float(np.average(np.clip(growth, *np.quantile(growth, (0.05, 0.95))), weights=told))


def _off_by(rate: Series, told: Series, length: int, windows: int) -> float:
    """By how much the mean of so many windows is off, from how its seconds differ and on how many of them it rests."""
    whole = len(rate) // length * length
    weights = told[:whole].reshape(-1, length).sum(1)
    if not weights.any():
        return np.inf
    seconds = (rate * told)[:whole].reshape(-1, length).sum(1) / np.maximum(weights, 1e-12)
    wobble = weighted_spread(seconds, weights)
    share = weights.sum() ** 2 / (weights**2).sum() / len(weights)
    return float(wobble / np.sqrt(share * windows))


def _figure(value: float | None, why: str = "") -> Figure:
    meaning = "Steady growth or shrinking of the picture in windows whose prompt asks for no move of the camera."
    return Figure("zoom_creep", value, "% in 10 s or a window", NOTICED_PERCENT, _SOURCE, meaning, why)
