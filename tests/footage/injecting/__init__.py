"""Defects, put into a take by their definition: what happens to its pictures or sounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from audio_loop.doctor.kinds import Kind

from ..takes import Take
from ..values import Defect, Injected
from . import drifts, hearing, joins, rhythm, tiles, timing

Inject = Callable[[Take, Defect, np.random.Generator], Injected]

WAYS: Mapping[Kind, tuple[str, ...]] = {
    "decode_tile_pulse": tiles.WAYS,
    "visible_cut": joins.CUT_WAYS,
    "odd_window": joins.ODD_WAYS,
    "frozen_start": rhythm.START_WAYS,
    "frozen_window": rhythm.WINDOW_WAYS,
    "black_window": joins.BLACK_WAYS,
    "duplicated_frames": rhythm.TWICE_WAYS,
    "missing_frames": rhythm.MISSING_WAYS,
    "colour_drift": drifts.COURSES,
    "contrast_drift": drifts.COURSES,
    "sharpness_drift": drifts.SHARPNESS_WAYS,
    "style_drift": drifts.COURSES,
    "identity_drift": drifts.COURSES,
    "zoom_creep": drifts.ZOOM_WAYS,
    "audio_offset": hearing.OFFSET_WAYS,
    "audio_drift": hearing.RATE_WAYS,
    "lip_sync": hearing.LIP_WAYS,
    "dull_audio": hearing.DULL_WAYS,
    "schedule_timing": timing.WAYS,
}
"""Kind -> ways in which it shows."""

_INJECT: Mapping[Kind, Inject] = {
    "decode_tile_pulse": tiles.pulse,
    "visible_cut": joins.visible_cut,
    "odd_window": joins.odd_window,
    "frozen_start": rhythm.frozen_start,
    "frozen_window": rhythm.frozen_window,
    "black_window": joins.black_window,
    "duplicated_frames": rhythm.duplicated,
    "missing_frames": rhythm.missing,
    "colour_drift": drifts.colour,
    "contrast_drift": drifts.contrast,
    "sharpness_drift": drifts.sharpness,
    "style_drift": drifts.style,
    "identity_drift": drifts.identity,
    "zoom_creep": drifts.zoom,
    "audio_offset": hearing.offset,
    "audio_drift": hearing.rate,
    "lip_sync": hearing.lips,
    "dull_audio": hearing.dull,
    "schedule_timing": timing.written_off,
}


def inject(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    """Puts a defect into a take, which is changed."""
    return _INJECT[defect.kind](take, defect, random)


def with_way(defect: Defect, random: np.random.Generator) -> str:
    """The way that a defect shows in: its own, or one by chance.

    Raises:
        ValueError: Its kind has no such way.
    """
    ways = WAYS[defect.kind]
    if defect.way and defect.way not in ways:
        raise ValueError(f"{defect.kind} has no way {defect.way!r}; it has {', '.join(ways)}")
    return defect.way or str(random.choice(ways))
