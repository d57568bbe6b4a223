"""The pulse of a video: the clearest even rhythm of seams in it, beats of the content taken away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .beats import Beat, beat_frames, find_beat, without_beat
from .rhythm import Rhythms
from .seams import levels_of, seam_scores

SHORTEST_PX, LONGEST_PX = 8, 600
"""Periods that are tried: a tile advances by one latent at least."""

SURE = 4.6
"""Evidence from which on a rhythm is there: chance makes one as clear in one video of a hundred."""

_BEATS = 5
_ENCODERS_PX, _ENCODERS_EVIDENCE, _REGULAR = 16, 9.2, 3


def needed(period_px: int, codec: str) -> float:
    """Evidence that is asked for: encoders have short rhythms of their own, of which frames refer to which."""
    if period_px > _ENCODERS_PX:
        return SURE
    return _ENCODERS_EVIDENCE * (1 if codec == "h264" else _REGULAR)


def find_pulse(frames: FrameFacts, usable: NDArray[np.bool_], codec: str) -> Rhythms:
    """The rhythms of seams of a video.

    Args:
        frames: Its numbers.
        usable: (N,) frames that may be seams.
        codec: As FFmpeg names it.
    """
    levels, change = levels_of(frames), np.log(np.maximum(frames.change, 1e-5)).astype(np.float64)
    beats: list[Beat] = []
    for _ in range(_BEATS):
        scores = seam_scores(levels, change, usable)
        beat = find_beat([scores.scores[name] for name in ("luma up at once", "luma at once", "levels at once", "change")])
        if beat is None:
            break
        levels = {name: without_beat(level, beat) for name, level in levels.items()}
        change = without_beat(change, beat)
        beats.append(beat)
    found = scores.rhythms(usable, SHORTEST_PX, LONGEST_PX)
    if found.best is not None and SURE <= found.best.evidence < needed(found.best.period_px, codec):
        encoders = Beat(float(found.best.period_px), float(found.best.phase_px))
        levels = {name: without_beat(level, encoders) for name, level in levels.items()}
        found = seam_scores(levels, change, usable).rhythms(usable, _ENCODERS_PX + 1, LONGEST_PX)
    # Flashes of uneven strength are still there when the usual one is taken away.
    for beat in beats:
        if found.best is not None and found.best.evidence > SURE and beat.has_multiple(found.best.period_px, len(usable)):
            usable = usable & ~beat_frames(beat, len(usable))
            found = seam_scores(levels, change, usable).rhythms(usable, SHORTEST_PX, LONGEST_PX)
    return found
