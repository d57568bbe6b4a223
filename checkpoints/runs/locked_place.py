"""Refuses locked windows and picked takes that would stand at another time of the song, or that no window is there for.

A window was sampled to the sound beside it. Moved, it still looks right, and its lips follow other words.
"""

from __future__ import annotations

from fractions import Fraction

from ...loop_control.errors import PlanError
from ...loop_control.index_sets import parse_takes, parse_windows
from ...loop_control.plan import LoopPlan
from ...loop_control.rates import clock_text, decimal_text, fps_text, seconds_text
from ...loop_control.stored_plan import plan_from_json
from ..errors import CheckpointError
from ..segments.codec import Found


def kept_windows(plan: LoopPlan, locked: str, takes: str) -> tuple[frozenset[int], dict[int, int]]:
    """The windows that are to stay, and the takes that are picked: window -> number of the take, from 1.

    A plan that `max_iterations` cuts short may name windows of the whole song.

    Args:
        plan: Of the render.
        locked: As a person wrote it: `3, 5-7`.
        takes: As a person wrote it: `7: 2`.

    Raises:
        PlanError: A text cannot be read.
        CheckpointError: It names a window that the song does not have.
    """
    windows, picked = parse_windows(locked), parse_takes(takes)
    last = max(plan.iterations, plan.needed_iterations)
    for name, text, highest in (("locked", locked, max(windows, default=0)), ("takes", takes, max(picked, default=0))):
        if highest > last:
            raise CheckpointError(
                f"{name} is {text!r}, but there is no window {highest}: the last one of this song is window {last}. "
                f"Write {last} or lower, or take {highest} out"
            )
    return windows, picked


def check_place(plan: LoopPlan, index: int, found: Found, is_same_song: bool = False) -> None:
    """Refuses a take that was made for another time, another frame rate or a song of another length.

    A take without a plan, or with one that this version cannot read, is let pass: nothing is known of it.

    Args:
        plan: Of the render.
        index: The window.
        found: The take that is to stand there.
        is_same_song: Whether a song of another length is known to be the same one, cut at another end.

    Raises:
        CheckpointError: It belongs elsewhere.
    """
    made_by = plan_of(found, index)
    if made_by is None:
        return
    now, then = _Stretch(plan, index), _Stretch(made_by, index)
    free = f"Free window {index} ('locked' or 'takes' of its checkpoint)"
    if made_by.fps != plan.fps:
        raise CheckpointError(
            f"window {index} was made at {fps_text(made_by.fps)} fps for {then.text()} of the song; this render has "
            f"{fps_text(plan.fps)} fps, and there it stands at {now.text()}. {free}, or set fps back to {fps_text(made_by.fps)}"
        )
    if then.all != now.all:
        is_new = then.window[0] == now.window[0] and then.new[0] != now.new[0]
        moved = is_new or then.window[0] != now.window[0]
        harm = "its lips would follow other words" if moved else "all behind it would shift"
        raise CheckpointError(
            f"window {index} was made for {then.text(is_new)} of the song; in this render it stands at "
            f"{now.text(is_new)}, so {harm}. {free}, or {_way_back(plan, made_by)}"
        )
    if not is_same_song and abs(made_by.duration - plan.duration) > 1 / plan.fps:
        raise CheckpointError(
            f"window {index} was made for {then.text()} of a song of {seconds_text(made_by.duration)}; this one is "
            f"{seconds_text(plan.duration)} long, so it is another song or another cut of it. {free}, or load that song"
        )


class _Stretch:
    """Where a window stands in the song, in seconds."""

    def __init__(self, plan: LoopPlan, index: int) -> None:
        window = plan.nth_window(index)
        start, stop = window.window_start_px, window.window_start_px + window.window_px
        self.window = (start / plan.fps, stop / plan.fps)
        self.new = (window.new_start_px / plan.fps, window.new_stop_px / plan.fps)
        self.all = (self.window, self.new)

    def text(self, is_new: bool = False) -> str:
        """For example `0:01.28 to 0:02.28`; with `is_new` of the frames that the window adds."""
        start, stop = self.new if is_new else self.window
        return f"{clock_text(Fraction(start))} to {clock_text(Fraction(stop))}"


def _way_back(plan: LoopPlan, made_by: LoopPlan) -> str:
    wanted = {
        "overlap_seconds": (made_by.requested_overlap, plan.overlap_latents != made_by.overlap_latents),
        "window_seconds": (made_by.requested_window, plan.window_px != made_by.window_px),
    }
    changed = [f"{name} back to {decimal_text(value, 3)}" for name, (value, differs) in wanted.items() if differs]
    changed += [f"order back to {made_by.order!r}"] if plan.order != made_by.order else []
    if changed:
        return f"set {' and '.join(changed)}"
    return (
        f"render the song and the end that it was made for: {seconds_text(made_by.duration)}, last_window "
        f"{made_by.last_window!r}, max_iterations {made_by.max_iterations}"
    )


def plan_of(found: Found, index: int) -> LoopPlan | None:
    """The plan that a take of a window was made by, or None if it has none that can be read."""
    if found.plan is None:
        return None
    try:
        made_by = plan_from_json(found.plan)
        made_by.nth_window(index)
    except PlanError:
        return None
    return made_by
