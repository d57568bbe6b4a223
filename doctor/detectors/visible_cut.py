"""The joins of windows: whether they jump more than ordinary frames of the same video do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from ..seen import Curve, Figure, Seen, Stretch, Symptom
from ..signals.dead_windows import dead_windows
from ..signals.jumps import LEVEL_NAMES, jumps, largest_around
from ..signals.seams import near
from ..signals.wanted import wanted_scene_changes
from ..signals.window_looks import odd_windows

_BEFORE_PX, _AFTER_PX = 1, 8
"""A join begins at its frame and may be smeared over the frames of one latent."""

_ORDINARY = 0.97
_MORE = 1.4
"""Quantile of stretches of the same length that hold no join, and by what factor a join must exceed it: one of thirty is as
wild as that by itself, and the wildest is about a third wilder."""

_LEAST_SECONDS = 0.5
"""Time that must follow a join for what begins there to be seen as another look."""
_PLAIN = 3.0
"""A cut of so many times what is noticed is seen by everybody; from there on strength grows with its logarithm."""

_SOURCE = (
    "a step of 5 of 255 levels of light, 3 of colour, 24 % of sharpness, a jump of 1 % of the width or 4 % a second of "
    "other motion is noticed in a calm video; in a lively one, a join must stand out from 97 % of its stretches of the "
    "same length"
)


def look(case: Case) -> Seen:
    """Looks at each join."""
    cuts = np.array(case.cuts_px, np.int64)
    if case.plan is None or not len(cuts):
        why = "it is not known where the windows lie" if case.plan is None else "the video has one window, and no join"
        return Seen((_figure("cut_visibility", None, why), _figure("cut_visibility_mean", None, why)))
    frames, fps = case.video.frames, float(case.video.fps)
    measures = jumps(frames, fps)
    visible = np.zeros(len(cuts))
    everywhere = np.zeros(len(frames))
    strongest = [""] * len(cuts)
    for name, values in measures.items():
        ordinary = max(1.0, _MORE * _ordinary(values, cuts))
        here = largest_around(values, cuts, _BEFORE_PX, _AFTER_PX) / ordinary
        strongest = [name if new > old else kept for new, old, kept in zip(here, visible, strongest, strict=True)]
        visible = np.maximum(visible, here)
        everywhere = np.maximum(everywhere, values / ordinary)
    wanted, dead = wanted_scene_changes(case), dead_windows(case)
    # Both joins of an odd window are seen, and the window is what is wrong.
    dead |= frozenset(np.flatnonzero(odd_windows(case)[0] >= 1).tolist())
    lasts = len(frames) - cuts >= _LEAST_SECONDS * fps
    judged = [row for row in range(len(cuts)) if lasts[row] and row + 1 not in wanted and not {row, row + 1} & dead]
    curve = Curve(
        "Jump of each frame",
        "times what is noticed",
        tuple(float(number / fps) for number in range(len(frames))),
        tuple(float(value) for value in everywhere),
        1.0,
        tuple(float(cut / fps) for cut in cuts),
    )
    if not judged:
        why = (
            "every join begins a scene that the schedule wants, lies at the very end, or beside a window that is black, stands "
            "still or is odd"
        )
        return Seen((_figure("cut_visibility", None, why), _figure("cut_visibility_mean", None, why)), curves=(curve,))
    largest = float(visible[judged].max())
    figures = (_figure("cut_visibility", largest), _figure("cut_visibility_mean", float(visible[judged].mean())))
    found = sorted((row for row in judged if visible[row] >= 1), key=lambda row: -visible[row])
    if not found:
        return Seen(figures, curves=(curve,))
    worst = found[0]
    by = LEVEL_NAMES.get(strongest[worst], strongest[worst])
    words = (
        f"{len(found)} of {len(judged)} joins of windows {'is' if len(found) == 1 else 'are'} seen, the worst at "
        f"{cuts[worst] / fps:.2f} s: {largest:.1f} times what is noticed, in {by}."
    )
    stretches = tuple(
        Stretch(float(cuts[row] / fps), float(min(cuts[row] + _AFTER_PX, len(frames)) / fps), row + 1) for row in found
    )
    facts = (("joins", float(len(found))), ("window", float(worst + 1)))
    strength = largest if largest < _PLAIN else _PLAIN * (1 + float(np.log(largest / _PLAIN)))
    symptom = Symptom("visible_cut", strength, words, stretches, tuple(figure.name for figure in figures), facts)
    return Seen(figures, (symptom,), (curve,))


def _ordinary(values: NDArray[np.float64], cuts: NDArray[np.int64]) -> float:
    """The jumps of stretches as long as a join that hold none."""
    joins = np.zeros(len(values), np.bool_)
    joins[cuts] = True
    calm = np.where(near(joins, _BEFORE_PX + 2, _AFTER_PX + 2), -1.0, values)
    length = _BEFORE_PX + _AFTER_PX + 1
    blocks = calm[: len(calm) // length * length].reshape(-1, length)
    whole = blocks[(blocks >= 0).all(1)].max(1, initial=0.0)
    return float(np.quantile(whole, _ORDINARY)) if len(whole) else 0.0


def _figure(name: str, value: float | None, why: str = "") -> Figure:
    which = "The largest jump at a join" if name == "cut_visibility" else "The mean jump at all joins"
    return Figure(
        name,
        value,
        "times what is noticed",
        1.0 if name == "cut_visibility" else None,
        _SOURCE,
        f"{which} that the schedule does not want: light, colour, detail, place and motion, the largest of them.",
        why,
    )
