"""How much of a drift of colours whole pictures show: a second witness beside the content that pictures share.

What moves through a light that is not the same everywhere, as past a lamp or the dark edge of a lens, becomes darker or
bluer on its way, and the way across a long pan adds that up; but what comes in on the other side is as bright as what went
out was, and pictures as a whole stay level. Colours that really drift take the mean of the picture along.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .pairs import is_plain, places_of, shared_content
from .tones import Tones
from .trend import stitched, trend_of

_NEARLY_ALL = 0.8
"""Share of a drift that is all of it: what comes into view makes the mean of a picture differ, too."""


def shown_by_whole(case: Case, tones: Tones, content: NDArray[np.floating]) -> NDArray[np.float64]:
    """(4,) shares, 0 to 1, of each part of a drift that the means of whole pictures show, too.

    Args:
        case: The video.
        tones: Its curves.
        content: (4,) drift of L*, a*, b* and log chroma of the content that pictures share.
    """
    rows = np.array([_row(lab) for lab in shared_content(case).labs])
    columns, fps = stitched(rows, places_of(case)).T, float(case.video.fps)
    whole = np.array([trend_of(tones.frames, values, tones.parts, fps).total for values in columns])
    shares = whole * content / np.maximum(np.square(content), 1e-12)
    counted: NDArray[np.float64] = np.clip(shares / _NEARLY_ALL, 0.0, 1.0)
    return counted


def _row(lab: NDArray[np.floating]) -> tuple[float, ...]:
    """Mean of (L*, a*, b*) and log deviation of chroma of a picture (h, w, 3); NaN if it shows nothing."""
    if is_plain(lab):
        return (np.nan,) * 4
    pixels = lab.reshape(-1, 3).astype(np.float64)
    return (*pixels.mean(0), 0.5 * float(np.log(max(pixels[:, 1:].var(0).sum(), 1e-6))))
