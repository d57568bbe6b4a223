"""Frames of a video at full size, for judges that look at pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def frames_of(path: Path, per_second: float, most: int) -> list[Picture]:
    """Frames at equal distances.

    Args:
        path: The video.
        per_second: How many of each second.
        most: How many at most; of a longer video every second, third, ... of them is taken.

    Returns:
        (h, w, 3) uint8 RGB each, in order.
    """
    import av

    step, kept, due = 1.0 / per_second, list[Picture](), 0.0
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0.0) >= due:
                kept.append(frame.to_ndarray(format="rgb24"))
                due += step
                if len(kept) > 2 * most:
                    # Every second one goes, so that memory stays bounded however long the video is.
                    kept, step = kept[::2], 2 * step
    return kept[:: -(-len(kept) // most) or 1]


def frames_at(path: Path, numbers: set[int]) -> dict[int, Picture]:
    """Frames by their number from 0.

    Args:
        path: The video.
        numbers: Which; numbers past its end are left out.
    """
    import av

    with av.open(str(path)) as container:
        return {
            number: frame.to_ndarray(format="rgb24")
            for number, frame in enumerate(container.decode(video=0))
            if number in numbers
        }
