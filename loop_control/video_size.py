"""Sizes that the model's spatial grid can hold."""

from __future__ import annotations

from .errors import PlanError
from .units import SPATIAL_STEP_PX


def check_video_size(width_px: int, height_px: int, multiple_px: int = SPATIAL_STEP_PX) -> tuple[int, int]:
    """Returns the size as it is.

    Args:
        width_px: Width in pixels.
        height_px: Height in pixels.
        multiple_px: What both must be multiples of; twice the grid if a first stage samples at half the size.

    Raises:
        PlanError: A side is not a positive multiple; the message names the nearest that are.
    """
    for name, side in (("width", width_px), ("height", height_px)):
        if side < multiple_px or side % multiple_px:
            below = max(0, side // multiple_px * multiple_px)
            choices = [str(size) for size in (below, below + multiple_px) if size >= multiple_px]
            raise PlanError(f"{name} {side} is not a multiple of {multiple_px}; use {' or '.join(choices)}")
    return width_px, height_px


def half_size(width_px: int, height_px: int) -> tuple[int, int]:
    """Width and height in pixels of a first stage at half the size.

    Raises:
        PlanError: A half would not lie on the model's grid; the message names the nearest full size that works.
    """
    width, height = check_video_size(width_px, height_px, 2 * SPATIAL_STEP_PX)
    return width // 2, height // 2
