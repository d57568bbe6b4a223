"""A plan as a page of text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from .excerpt import excerpt, excerpt_of
from .index_sets import ranges_text
from .plan import LoopPlan, PlannedWindow
from .plan_notes import plan_notes
from .rates import clock_text, fps_text, seconds_text
from .window_order import IN_TURN, is_anchor

MOST_SEAMS = 200
"""Seams in a report; ten stand in a row."""


_SEES = "sees latents  "

MOST_IN_ORDER = 20
"""Numbers of windows in a sentence on the order."""


class ScheduleReport(Protocol):
    """The part of a schedule's snap report that `plan_report` needs."""

    @property
    def never_shown(self) -> tuple[str, ...]:
        """One sentence for each entry that no window takes."""

    def lines(self) -> tuple[str, ...]:
        """One sentence or more for each entry of the schedule."""


def plan_report(plan: LoopPlan, schedule_report: ScheduleReport | None = None) -> str:
    """The plan in words and a table: geometry, real seams, windows, and what to know. Ends without a line feed.

    What a schedule asks for in vain comes first. Long lists are shortened, with a sentence that says so.
    """
    sections = [_summary(plan), _geometry(plan), _seams(plan), _windows(plan)]
    if schedule_report is not None and schedule_report.never_shown:
        sections.insert(0, schedule_report.never_shown)
    if schedule_report is not None:
        sections.append(("Schedule", *schedule_report.lines()))
    notes = plan_notes(plan)
    if notes:
        sections.append(("Notes", *(f"- {note}" for note in excerpt_of(notes, "notes"))))
    return "\n\n".join("\n".join(section) for section in sections)


def _summary(plan: LoopPlan) -> tuple[str, ...]:
    loop = "the loop does not run" if plan.iterations == 0 else f"{plan.iterations} {_plural(plan.iterations)}"
    return (
        f"Song {clock_text(plan.duration)}: initial render, then {loop}.",
        f"Video: {plan.frames_delivered} frames at {fps_text(plan.fps)} fps = "
        f"{seconds_text(plan.frames_delivered / plan.fps)} ({plan.frames_made} frames are made, "
        f"{plan.frames_made - plan.frames_delivered} of them past the end of the song).",
        *_order(plan),
    )


def _order(plan: LoopPlan) -> Iterator[str]:
    if plan.order != IN_TURN:
        anchors = [index for index in plan.sequence if is_anchor(plan.order, index)]
        gaps = plan.sequence[len(anchors) :]
        then = f"; then {_listed(gaps)}, between finished neighbours" if gaps else ""
        yield f"Order: first {_listed(anchors)}, each by itself{then}."
    if plan.only:
        yield (f"Made now: {len(plan.sequence)} of {plan.iterations + 1} windows: {ranges_text(plan.only)}{_needed(plan)}.")


def _listed(windows: Sequence[int]) -> str:
    return ", ".join(excerpt(len(windows), lambda position: str(windows[position]), "windows", most=MOST_IN_ORDER))


def _needed(plan: LoopPlan) -> str:
    needed = set(plan.sequence) - set(plan.only)
    return f", and {ranges_text(needed)}, which they are made from" if needed else ""


def _plural(count: int) -> str:
    return "iteration" if count == 1 else "iterations"


def _geometry(plan: LoopPlan) -> tuple[str, ...]:
    def row(name: str, seconds: str, px: int, latents: int) -> str:
        return f"  {name:<8}{seconds:>10}  {px:>5} frames  {latents:>4} latents"

    return (
        "Window",
        row("window", seconds_text(plan.window), plan.window_px, plan.window_latents),
        row("overlap", seconds_text(plan.overlap), plan.overlap_px, plan.overlap_latents),
        row("stride", seconds_text(plan.stride), plan.stride_px, plan.new_latents),
    )


def _seams(plan: LoopPlan) -> tuple[str, ...]:
    def seam(index: int) -> str:
        return _clock(plan, plan.nth_window(index + 1).new_start_px)

    seams = excerpt(plan.iterations, seam, "seams", most=MOST_SEAMS)
    if not seams:
        return ("Seams", "  none; the video is one window")
    rows = [", ".join(seams[first : first + 10]) for first in range(0, len(seams), 10)]
    return ("Seams (where a window's new frames begin)", *(f"  {row}" for row in rows))


def _windows(plan: LoopPlan) -> tuple[str, ...]:
    sees = "" if plan.order == IN_TURN else _SEES
    header = f"  {'k':>3}  {'hears from':>10}  {'to':>10}  {'shows from':>10}  {'to':>10}  {'new frames':>14}  {sees}seed"
    rows = excerpt(plan.iterations + 1, lambda index: _window_row(plan, plan.nth_window(index)), "windows")
    return ("Windows", header, *(f"  {row}" for row in rows))


def _window_row(plan: LoopPlan, window: PlannedWindow) -> str:
    stop_px = window.window_start_px + window.window_px
    sees = f"{window.context_before_latents} + {window.context_after_latents}"
    return "  ".join(
        (
            f"{window.index:>3}",
            f"{_clock(plan, window.window_start_px):>10}",
            f"{_clock(plan, stop_px):>10}",
            f"{_clock(plan, window.new_start_px):>10}",
            f"{_clock(plan, window.new_stop_px):>10}",
            f"{_frames(window):>14}",
            *(() if plan.order == IN_TURN else (f"{sees:>{len(_SEES) - 2}}",)),
            str(window.seed),
        )
    )


def _clock(plan: LoopPlan, px: int) -> str:
    return clock_text(px / plan.fps)


def _frames(window: PlannedWindow) -> str:
    return f"{window.new_start_px}..{window.new_stop_px - 1}"
