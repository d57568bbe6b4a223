"""A decoder's tiles in time: the same small step every so many frames, all the way through the video."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from ..case import Case
from ..seen import Curve, Figure, Seen, Stretch, Symptom
from ..signals.pulse import LONGEST_PX, SHORTEST_PX, SURE, Pulse, find_pulse, needed
from ..signals.rhythm import Rhythm
from ..signals.robust import Series, step
from ..signals.seams import SLOW_PX, levels_of, near, scene_changes

_EDGE_PX = 6
_JOIN_PX = 8
"""A window's first new latent: steps there are its cut."""
_OF_JOINS_PX = 3 * SLOW_PX
"""Shorter periods meet a join somewhere anyway."""

_SOURCE_SURE = "chance makes a rhythm as clear as that in one video of a hundred, all periods and phases counted"
_SOURCE_STEP = "steps that recur are noticed from about 2 of 255 levels of light, 1 of colour and 16 % of sharpness on"


def look(case: Case) -> Seen:
    """Looks for a rhythm of steps and says how large they are."""
    frames, fps = case.video.frames, float(case.video.fps)
    pulse = find_pulse(frames, fps, _usable(case), case.video.codec)
    best = pulse.best
    if best is None:
        why = f"the video has {len(frames)} frames; a rhythm must fit four times, {4 * SHORTEST_PX} frames at least"
        return Seen((_evidence(None, why), _visibility(None, why), _period(None, why)))
    sure = best.evidence >= needed(best.period_px, case.video.codec)
    visible = pulse.size if sure else 0.0
    nothing = "" if sure else "no rhythm is clear enough"
    figures = (
        _evidence(best.evidence),
        _visibility(visible if sure else None, nothing),
        _period(best.period_px / fps if sure else None, nothing),
    )
    curves = _curves(frames, pulse, best, fps)
    if not sure or visible < 1 or _is_of_joins(case, best):
        return Seen(figures, curves=curves)
    words = (
        f"A small step every {best.period_px} frames ({best.period_px / fps:.2f} s), {len(best.frames)} times, "
        f"{visible:.1f} times what is noticed."
    )
    symptom = Symptom(
        kind="decode_tile_pulse",
        strength=visible,
        words=words,
        stretches=(Stretch(0.0, case.video.duration_seconds),),
        figures=tuple(figure.name for figure in figures),
        facts=(("period_px", float(best.period_px)), ("phase_px", float(best.phase_px))),
    )
    return Seen(figures, (symptom,), curves)


def _is_of_joins(case: Case, rhythm: Rhythm) -> bool:
    """Whether it is the joins of windows that recur: their period, its multiples and parts, and what is smeared."""
    if case.plan is None or not case.cuts_px:
        return False
    longer, shorter = sorted((rhythm.period_px, case.plan.stride_px), reverse=True)
    if longer % shorter:
        return False
    behind = (rhythm.phase_px - case.cuts_px[0]) % shorter
    return shorter > _OF_JOINS_PX and min(behind, shorter - behind) <= SLOW_PX


def _usable(case: Case) -> NDArray[np.bool_]:
    frames = case.video.frames
    usable = ~near(scene_changes(frames), 1, 1)
    usable[:_EDGE_PX] = False
    usable[max(0, len(frames) - _EDGE_PX) :] = False
    joins = np.zeros(len(frames), np.bool_)
    joins[list(case.cuts_px)] = True
    return usable & ~near(joins, 1, _JOIN_PX)


def _curves(frames: FrameFacts, pulse: Pulse, best: Rhythm, fps: float) -> tuple[Curve, ...]:
    steps = np.sqrt(sum((step(level, 1) ** 2 for level in levels_of(frames).values()), np.zeros(len(frames))))
    folded = [float(np.median(steps[phase :: best.period_px])) for phase in range(best.period_px)]
    seconds = tuple(phase / fps for phase in range(best.period_px))
    mark = (best.phase_px / fps,) if best.evidence >= SURE else ()
    return (
        Curve("Usual step at each moment of the clearest period", "times noticed", seconds, tuple(folded), None, mark),
        Curve(
            "How clear each period is, by its seconds",
            "-ln of chance",
            tuple(float(period) / fps for period in pulse.periods_px),
            tuple(_plain(pulse.evidence)),
            SURE,
            (best.period_px / fps,),
        ),
    )


def _plain(values: Series) -> list[float]:
    return [float(value) if np.isfinite(value) else float("nan") for value in values]


def _evidence(value: float | None, why: str = "") -> Figure:
    meaning = f"How sure it is that the steps of a rhythm of {SHORTEST_PX} to {LONGEST_PX} frames are none by chance."
    return Figure("pulse_evidence", value, "-ln of chance", SURE, _SOURCE_SURE, meaning, why)


def _visibility(value: float | None, why: str = "") -> Figure:
    meaning = "Size of the step in light, colour or sharpness that recurs."
    return Figure("pulse_visibility", value, "times what is noticed", 1.0, _SOURCE_STEP, meaning, why)


def _period(value: float | None, why: str = "") -> Figure:
    return Figure("pulse_period", value, "s", None, "", "Time from one step of the rhythm to the next.", why)
