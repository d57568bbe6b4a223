"""The number of frames is one that the video model can make."""

from __future__ import annotations

from collections.abc import Iterator

from ....loop_control.units import is_clip_px, largest_clip_px, smallest_clip_px
from ..rule import ERR, Finding, rule
from ..subject import Subject

_LENGTHS = {"EmptyLTXVLatentVideo": "length", "LTXVImgToVideo": "length"}


@rule(
    severity=ERR,
    summary="the length in frames is 8k + 1",
    seen="a window that is a few frames shorter than planned, and lips that are off from the second window on",
    why="a latent holds 8 frames, the first one a single frame; lengths between are rounded down without a word",
    mend="set the nearest length that fits",
)
def length(subject: Subject) -> Iterator[Finding]:
    """Looks at the lengths written in the graph."""
    flow = subject.flow
    for node in flow.of_type(_LENGTHS):
        value = flow.number(node, _LENGTHS[node.type])
        if isinstance(value, int) and value > 0 and not is_clip_px(value):
            yield Finding(
                node,
                f"length is {value}, not 8k + 1; the nearest are {largest_clip_px(value)} and {smallest_clip_px(value)}",
            )
