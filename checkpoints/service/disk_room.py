"""How much disk a render is going to need, from its plan, so that it is refused before sampling and not after."""

from __future__ import annotations

from ...loop_control.plan import LoopPlan
from ...loop_control.windows_left import windows_from
from ..errors import DiskFullError

OVERHEAD_BYTES = 64 << 10
"""Of each window: the header with prompt and plan, and its lines in the manifest."""


def window_bytes(plan: LoopPlan, index: int, latent_frame_bytes: int) -> int:
    """Bytes that one window takes on disk, at most.

    Args:
        plan: The plan.
        index: Window; 0 is the initial render.
        latent_frame_bytes: Bytes of one latent frame: channels x height x width x bytes of a value.
    """
    return plan.nth_window(index).window_latents * latent_frame_bytes + OVERHEAD_BYTES


def bytes_to_keep(plan: LoopPlan, first: int, latent_frame_bytes: int) -> int:
    """Bytes that window `first` and those made after it take on disk, at most. See `window_bytes`."""
    return sum(window_bytes(plan, index, latent_frame_bytes) for index in windows_from(plan, first))


def require_room(needed_bytes: int, free_bytes: int | None, what: str, folder: object, remedy: str) -> None:
    """Refuses what is not going to fit.

    Args:
        needed_bytes: What is going to be written.
        free_bytes: What is free; None if the system does not say, which refuses nothing.
        what: What needs the room: "windows 3 to 9".
        folder: Where it is to be written.
        remedy: What else would help than to free space; "" for nothing.

    Raises:
        DiskFullError: It does not fit; the message has both numbers.
    """
    if free_bytes is None or needed_bytes <= free_bytes:
        return
    more = f", {remedy}" if remedy else ""
    raise DiskFullError(
        f"{what} need about {_megabytes(needed_bytes)} in {folder}, where {_megabytes(free_bytes)} are free. Nothing was "
        f"sampled: free {_megabytes(needed_bytes - free_bytes)}{more}, and queue again"
    )


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:.2f} GB"
