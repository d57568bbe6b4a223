"""A window is no longer than the model was trained for."""

from __future__ import annotations

from collections.abc import Iterator

from ....loop_control.units import latents_from_pixels
from ..rule import WARN, Finding, rule
from ..subject import Subject

LONGEST_SECONDS = 20
"""positional_embedding_max_pos of LTX 2.3 is 20 (seconds) on the time axis."""


@rule(
    severity=WARN,
    summary="a window is at most 20 s long",
    seen="windows whose ends freeze, repeat themselves or fall apart",
    why="the model knows positions in time up to 20 s; what lies behind was never trained",
    mend="set window_seconds to 19.88",
)
def window_length(subject: Subject) -> Iterator[Finding]:
    """Looks at the window of each controller and planner, and at lengths in frames that are sampled."""
    flow, parts = subject.flow, subject.parts
    for node in parts.controllers:
        window = flow.number(node, "window_seconds")
        if window is not None and window > LONGEST_SECONDS:
            yield Finding(node, f"window_seconds is {window:g}")
    fps = parts.fps
    for node in flow.of_type("EmptyLTXVLatentVideo"):
        length = flow.number(node, "length")
        if fps and isinstance(length, int) and length > 0 and parts.loops:
            seconds = length / fps
            if seconds > LONGEST_SECONDS:
                latents = latents_from_pixels(length)
                yield Finding(node, f"length is {length} frames ({latents} latents), {seconds:.2f} s at {fps:g} a second")
