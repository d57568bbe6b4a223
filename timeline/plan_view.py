"""A plan as plain JSON values, in float seconds, for the page that draws it."""

from __future__ import annotations

from typing import Any

from ..loop_control.plan import LoopPlan
from ..loop_control.plan_notes import plan_notes
from ..loop_control.window_order import IN_TURN


def grid_view(plan: LoopPlan) -> dict[str, Any]:
    """The numbers from which all windows follow.

    Seconds are the floats nearest to the exact fractions; those are pixel frames divided by `fps_exact`, given as text
    such as `25` or `24000/1001`. `end_seconds` is the second at which the video ends: what begins there is not seen.
    `anchor_overlap_px` is there only if even windows are made first, and takes the place of `overlap_px` for those from 2 on.
    """
    return {
        "song_seconds": float(plan.duration),
        "fps": float(plan.fps),
        "fps_exact": str(plan.fps),
        "window_seconds": float(plan.window),
        "overlap_seconds": float(plan.overlap),
        "stride_seconds": float(plan.stride),
        "end_seconds": float(min(plan.duration, plan.made)),
        "window_px": plan.window_px,
        "overlap_px": plan.overlap_px,
        "stride_px": plan.stride_px,
        **({} if plan.order == IN_TURN else {"anchor_overlap_px": plan.anchor_overlap_px}),
    }


def plan_view(plan: LoopPlan) -> dict[str, Any]:
    """`grid_view`, the windows and the plan's notes.

    Of each window, `hears` is the part of the song that it is made with and `shows` what it adds to the video, both
    `[start, stop)` in seconds of the song; the last may reach past the song's end.
    """
    windows = [
        {
            "index": window.index,
            "hears": [float(px / plan.fps) for px in (window.window_start_px, window.window_start_px + window.window_px)],
            "shows": [float(px / plan.fps) for px in (window.new_start_px, window.new_stop_px)],
        }
        for window in plan.windows
    ]
    return {**grid_view(plan), "windows": windows, "notes": list(plan_notes(plan))}
