"""The values that shipped workflows of the same shape set differently."""

from __future__ import annotations

from dataclasses import dataclass

from .family import LTX_23, Family


@dataclass(frozen=True)
class Variant:
    """The values that a variant sets differently.

    Attributes:
        name: Of the workflow.
        how_to: Text of the first note; the default's if empty.
        about: Text of a note that says what the variant is for; none if empty.
        window_seconds: Target window.
        overlap_seconds: Target overlap.
        max_iterations: Limit of iterations, 0 for none.
        width: Of the video, in pixels.
        height: Of the video, in pixels.
        order: Of the windows, as AudioLoopPlanner has it; None for one after the other.
        is_draft: Whether windows are sampled at half the size, to be finished by a second stage.
        family: The generation of LTX.
        how_it_works: Text of the note on that; the default's if empty.
        models_note: Text of the note on the files; the default's if empty.
    """

    name: str
    how_to: str = ""
    about: str = ""
    window_seconds: float = 19.88
    overlap_seconds: float = 2.0
    max_iterations: int = 0
    width: int = 832
    height: int = 448
    order: str | None = None
    is_draft: bool = False
    family: Family = LTX_23
    how_it_works: str = ""
    models_note: str = ""
