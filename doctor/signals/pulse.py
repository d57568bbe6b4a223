"""The pulse of a video: the clearest even rhythm of seams in it, beats of the content taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .beats import Beat, beat_frames, find_beat, without_beat
from .flashes import Flash, flash_frames, irregular_flashes, without_flashes
from .folded import find_courses
from .recurrence import is_of_content, recurrence, without_recurrence
from .rhythm import Rhythm, Rhythms, surprise
from .robust import Series, standardised, step
from .seams import OF_AN_ENCODER, activities, course_series, levels_that_show, near, pulse_levels, seam_scores, size_of

SHORTEST_PX, LONGEST_PX = 8, 600
"""Periods that are tried: a tile advances by one latent at least."""

SURE = 4.6
"""Evidence from which on a rhythm is there: chance makes one as clear in one video of a hundred."""

_FEW_FLASHES = 2
"""So many make no rhythm by themselves, and may be a tile's step behind which the content happens to grow darker."""
_BEATS = 5
_AROUND_PX, _REST = 121, 0.05
_FEWEST_INTERVALS = 2
_ENCODERS_PX, _ENCODERS_EVIDENCE, _REGULAR = 16, 9.2, 3
_CLEAR, _PLAIN = 20.0, 60.0
"""Evidence from which on a rhythm of sharpness is less and less an encoder's, and that at which it is none: what an encoder
writes unevenly comes and goes, and what recurs as exactly as this is of short groups of frames."""


def needed(period_px: int, codec: str) -> float:
    """Evidence that is asked for: encoders have short rhythms of their own, of which frames refer to which."""
    if period_px > _ENCODERS_PX:
        return SURE
    return _ENCODERS_EVIDENCE * (1 if codec == "h264" else _REGULAR)


def _less_doubted(rhythm: Rhythm) -> float:
    """Factor of the size of a step of sharpness, of which only a share counts among frames that an encoder writes unevenly."""
    if rhythm.period_px <= _ENCODERS_PX:
        return 1.0
    doubt = float(np.interp(rhythm.evidence, (_CLEAR, _PLAIN), (OF_AN_ENCODER, 1.0)))
    return OF_AN_ENCODER / doubt


def key_interval(key: NDArray[np.bool_] | None) -> int | None:
    """Frames from each key frame to the next; None if they are not known, too few, or not evenly spaced."""
    if key is None:
        return None
    gaps = np.diff(np.flatnonzero(key))
    even = len(gaps) >= _FEWEST_INTERVALS and bool((gaps == gaps[0]).all())
    return int(gaps[0]) if even else None


@dataclass(frozen=True)
class Pulse:
    """The pulse of a video.

    Attributes:
        best: The clearest rhythm that is sure and seen, without one the clearest; None if the video is too short.
        size: How large its step is, in what is noticed.
        periods_px: (P,) the periods that were tried.
        evidence: (P,) how clear each is by single frames.
    """

    best: Rhythm | None
    size: float
    periods_px: NDArray[np.int64]
    evidence: Series


def find_pulse(frames: FrameFacts, fps: float, usable: NDArray[np.bool_], codec: str) -> Pulse:
    """The rhythm of seams of a video.

    Args:
        frames: Its numbers.
        fps: Frames a second.
        usable: (N,) frames that may be seams.
        codec: As FFmpeg names it.
    """
    levels, change = pulse_levels(frames), np.log(np.maximum(frames.change, 1e-5)).astype(np.float64)
    flashes = irregular_flashes(levels["light"], fps)
    recurs_px, interval_px = recurrence(frames), key_interval(frames.key)
    pulse = _pulse_without(flashes, levels, change, usable, recurs_px, interval_px, codec)
    if pulse.size or not 0 < len(flashes) <= _FEW_FLASHES:
        return pulse
    return _pulse_without((), levels, change, usable, recurs_px, interval_px, codec)


def _pulse_without(
    flashes: tuple[Flash, ...],
    levels: Mapping[str, Series],
    change: Series,
    usable: NDArray[np.bool_],
    recurs_px: int | None,
    interval_px: int | None,
    codec: str,
) -> Pulse:
    """The rhythm of what is left of the levels and of the change without these flashes."""
    if flashes:
        levels = {name: without_flashes(level, flashes) for name, level in levels.items()}
        change = without_flashes(change, flashes)
        usable = usable & ~near(flash_frames(flashes, len(usable)), 1, 1)
    whole = dict(levels)
    if recurs_px is not None:
        levels = {name: without_recurrence(level, recurs_px) for name, level in levels.items()}
    beats: list[Beat] = []
    for _ in range(_BEATS):
        beat = find_beat(_events(levels, change, usable))
        if beat is None:
            break
        levels, whole = ({name: without_beat(level, beat) for name, level in each.items()} for each in (levels, whole))
        change = without_beat(change, beat)
        beats.append(beat)
    by_frames, found = _found(levels, change, usable)
    if by_frames.best is None:
        return Pulse(None, 0.0, by_frames.periods_px, by_frames.evidence)
    # Flashes of uneven strength are still there when the usual one is taken away.
    for beat in beats:
        if any(rhythm.evidence > SURE and beat.has_multiple(rhythm.period_px, len(usable)) for rhythm in found):
            usable = usable & ~beat_frames(beat, len(usable))
            by_frames, found = _found(levels, change, usable)
    sized: list[tuple[Rhythm, float]] = []
    for rhythm in found:
        if rhythm.evidence < needed(rhythm.period_px, codec):
            continue
        shown = levels_that_show(whole, rhythm.name)
        # An encoder blurs and tints what it writes until the next key frame, but keeps the light of the whole picture.
        if rhythm.period_px == interval_px and set(shown) != {"light"}:
            continue
        if is_of_content(rhythm.period_px, recurs_px, shown.values(), usable):
            continue
        size, phase_px = size_of(shown, usable, rhythm.period_px)
        size *= _less_doubted(rhythm) if set(shown) == {"sharpness"} else 1
        sized.append((_with_frames(rhythm, phase_px, usable), size))
    seen = [pair for pair in sized if pair[1] >= 1]
    best, size = (seen or sized or [(_unsure(found[0]), 0.0)])[0]
    return Pulse(best, size, by_frames.periods_px, by_frames.evidence)


def _found(levels: Mapping[str, Series], change: Series, usable: NDArray[np.bool_]) -> tuple[Rhythms, list[Rhythm]]:
    """Rhythms by single frames, and the clearest of every score and every course, the clearest first."""
    by_frames = seam_scores(levels, change, usable).rhythms(usable, SHORTEST_PX, LONGEST_PX)
    found = list(by_frames.of_each)
    for course in find_courses(course_series(levels, usable), SHORTEST_PX, LONGEST_PX):
        found.append(Rhythm(course.name, course.period_px, 0, course.evidence, np.zeros(0, np.int64)))
    return by_frames, sorted(found, key=lambda rhythm: -rhythm.evidence)


def _events(levels: Mapping[str, Series], change: Series, usable: NDArray[np.bool_]) -> list[Series]:
    """Scores of what flashes to a beat: light that rises, steps of any level, and change."""
    steps = activities(levels, 1)
    values = (step(levels["light"], 1), steps["light"], steps["together"], change)
    return [surprise(standardised(value, _AROUND_PX, _REST), usable) for value in values]


def _with_frames(rhythm: Rhythm, phase_px: int, usable: NDArray[np.bool_]) -> Rhythm:
    places = np.arange(phase_px, len(usable), rhythm.period_px)
    return Rhythm(rhythm.name, rhythm.period_px, phase_px, rhythm.evidence, places[usable[places]])


def _unsure(rhythm: Rhythm) -> Rhythm:
    """A rhythm that is the encoder's or the content's, or none."""
    return Rhythm(rhythm.name, rhythm.period_px, rhythm.phase_px, min(rhythm.evidence, 0.0), rhythm.frames)
