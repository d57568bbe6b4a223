"""The pulse of a video: the clearest even rhythm of seams in it, beats of the content taken away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .beats import Beat, beat_frames, find_beat, without_beat
from .rhythm import Rhythms, find_rhythms
from .seams import levels_of, seam_scores

SHORTEST_PX, LONGEST_PX = 8, 600
"""Periods that are tried: a tile advances by one latent at least."""

SURE = 4.6
"""Evidence from which on a rhythm is there: chance makes one as clear in one video of a hundred."""

_BEATS = 5


def find_pulse(frames: FrameFacts, usable: NDArray[np.bool_]) -> Rhythms:
    """The rhythms of seams of a video.

    Args:
        frames: Its numbers.
        usable: (N,) frames that may be seams.
    """
    levels, change = levels_of(frames), np.log(np.maximum(frames.change, 1e-5)).astype(np.float64)
    beats: list[Beat] = []
    for _ in range(_BEATS):
        scores, weights = seam_scores(levels, change, usable)
        beat = find_beat([scores["luma up 1"], scores["luma 1"], scores["levels 1"], scores["change"]])
        if beat is None:
            break
        levels = {name: without_beat(level, beat) for name, level in levels.items()}
        change = without_beat(change, beat)
        beats.append(beat)
    found = find_rhythms(scores, weights, usable, SHORTEST_PX, LONGEST_PX)
    # Flashes of uneven strength are still there when the usual one is taken away.
    for beat in beats:
        if found.best is not None and found.best.evidence > SURE and beat.has_multiple(found.best.period_px, len(usable)):
            usable = usable & ~beat_frames(beat, len(usable))
            scores, weights = seam_scores(levels, change, usable)
            found = find_rhythms(scores, weights, usable, SHORTEST_PX, LONGEST_PX)
    return found
