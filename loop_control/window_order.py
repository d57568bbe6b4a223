"""The order in which windows are made, and what of a window that follows from it: its neighbours and what it adds.

In turn, each window goes on from the one before. With anchors first the even windows are made by themselves, and then each
odd one, a gap, between the two finished windows beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from .errors import PlanError
from .geometry import WindowGeometry, least_seconds
from .index_sets import ranges_text
from .units import pixels_from_latents

Order = Literal["in turn", "anchors first"]

IN_TURN: Order = "in turn"
ANCHORS_FIRST: Order = "anchors first"
ORDERS = (IN_TURN, ANCHORS_FIRST)

FEWEST_OVERLAP_LATENTS = 2
"""With anchors first: a gap sees one latent less of the anchor after it than two windows share, and must see one."""


def is_anchor(order: Order, index: int) -> bool:
    """True if window `index` is made without a neighbour."""
    return index == 0 if order == IN_TURN else index % 2 == 0


def neighbours_before(order: Order, index: int, last: int) -> tuple[int, ...]:
    """The windows beside window `index` that are finished before it is made, in order; `last` is the plan's last."""
    if is_anchor(order, index):
        return ()
    return (index - 1,) if order == IN_TURN or index >= last else (index - 1, index + 1)


def added_range(order: Order, geometry: WindowGeometry, index: int, stop: int, last: int) -> tuple[int, int]:
    """Latents `[start, stop)` of the video that window `index` adds.

    To the model the first latent of a window is a single picture. So an anchor from window 2 on does not add its own first
    latent; the gap before it does.

    Args:
        order: Of the plan.
        geometry: Of the plan.
        index: Of the window.
        stop: One past the last latent of the window.
        last: The plan's last window.
    """
    if index == 0:
        return 0, stop
    first = index * geometry.new_latents
    if is_anchor(order, index):
        return first + 1, stop
    if order == IN_TURN or index >= last:
        return first + geometry.overlap_latents, stop
    return first + geometry.overlap_latents, first + geometry.new_latents + 1


def make_sequence(order: Order, last: int, only: Collection[int]) -> tuple[int, ...]:
    """The windows in the order in which they are made.

    Args:
        order: Of the plan.
        last: The plan's last window.
        only: Windows that are wanted; empty for all. What they are made from comes before them.
    """
    if order == IN_TURN:
        return tuple(range(max(only, default=last) + 1))
    wanted = set(only) or set(range(last + 1))
    wanted.update(each for gap in tuple(wanted) for each in neighbours_before(order, gap, last))
    return tuple(sorted(wanted, key=lambda index: (not is_anchor(order, index), index)))


def check_order(order: Order, geometry: WindowGeometry, last: int, overlap_seconds: object) -> None:
    """Refuses an order that is none, and an overlap that leaves a gap nothing to see or nothing to add.

    Args:
        order: As asked for.
        geometry: Of the plan.
        last: The plan's last window.
        overlap_seconds: As asked for, to be named.

    Raises:
        PlanError: The message says which overlap would work.
    """
    if order not in ORDERS:
        raise PlanError(f"order is {order!r}; it is {IN_TURN!r} or {ANCHORS_FIRST!r}")
    if order == IN_TURN:
        return
    shared = geometry.overlap_latents
    if shared < FEWEST_OVERLAP_LATENTS:
        smallest = least_seconds(pixels_from_latents(FEWEST_OVERLAP_LATENTS), geometry.fps)
        raise PlanError(
            f"overlap_seconds is {overlap_seconds}, which is {shared} latent; with anchors first a window between two "
            f"others sees one latent less of the later one, and the smallest overlap that works is {smallest} s"
        )
    if last > 1 and shared > geometry.new_latents:
        largest = least_seconds(pixels_from_latents(geometry.window_latents // 2), geometry.fps)
        raise PlanError(
            f"overlap_seconds is {overlap_seconds}, which is {shared} latents of {geometry.window_latents}; with anchors "
            f"first that leaves nothing new in a window between two others, and the largest overlap that works with this "
            f"window is {largest} s"
        )


def checked_only(only: Iterable[int], last: int) -> tuple[int, ...]:
    """The windows that are wanted, each once and in order.

    Raises:
        PlanError: The plan has no such window.
    """
    wanted = tuple(sorted(set(only)))
    beyond = [index for index in wanted if not 0 <= index <= last]
    if beyond:
        raise PlanError(f"windows names {ranges_text(beyond)}; this plan has windows 0 (initial render) to {last}")
    return wanted
