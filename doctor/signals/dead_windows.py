"""Windows that are black, of one colour, or stand still: other detectors name them, and what lies beside them says nothing."""

from __future__ import annotations

import numpy as np

from ..case import Case

_FLAT_CONTRAST = 0.02
_STILL_CHANGE = 0.0012
_OF_OTHERS = 0.05
"""Share of the usual change. A tenth of it is calm, and no picture that stands: another detector must name what is left out."""
_SHARE = 0.5


def dead_windows(case: Case) -> frozenset[int]:
    """Numbers of windows at least half of whose frames show nothing or do not move, though others do."""
    frames, dead = case.video.frames, set()
    still = frames.change < max(_STILL_CHANGE, _OF_OTHERS * float(np.median(frames.change)))
    for window, (start, stop) in enumerate(case.windows_px()):
        flat = frames.contrast[start:stop] < _FLAT_CONTRAST
        stands = still[start + 1 : stop]
        if flat.mean() > _SHARE or (
            len(stands) and stands.mean() > _SHARE and float(np.median(frames.change)) > 2 * _STILL_CHANGE
        ):
            dead.add(window)
    return frozenset(dead)
