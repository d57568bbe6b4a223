"""What shipped workflows of the same shape set differently."""

from __future__ import annotations

from dataclasses import dataclass

from . import notes


@dataclass(frozen=True)
class Variant:
    """What a variant sets differently.

    Attributes:
        name: Of the workflow.
        how_to: Text of the first note.
        window_seconds: Target window.
        overlap_seconds: Target overlap.
        max_iterations: Limit of iterations, 0 for none.
        width: Of the video, in pixels.
        height: Of the video, in pixels.
    """

    name: str
    how_to: str = notes.HOW_TO
    window_seconds: float = 19.88
    overlap_seconds: float = 2.0
    max_iterations: int = 0
    width: int = 832
    height: int = 448
