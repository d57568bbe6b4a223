"""How far a render is through the windows of its plan, in the order in which they are made."""

from __future__ import annotations

from dataclasses import replace

from .plan import LoopPlan
from .window_order import neighbours_before


def windows_from(plan: LoopPlan, index: int) -> tuple[int, ...]:
    """Window `index` and those that are made after it; none if the plan does not make it, as one past the last."""
    return plan.sequence[plan.sequence.index(index) :] if index in plan.sequence else ()


def place_in_order(plan: LoopPlan, index: int) -> int:
    """How many windows are made before this one; its number if the plan does not make it, as one past the last."""
    return plan.sequence.index(index) if index in plan.sequence else index


def is_last_made(plan: LoopPlan, index: int) -> bool:
    """Whether no window is made after this one."""
    return len(windows_from(plan, index)) <= 1


def whole_plan(plan: LoopPlan) -> LoopPlan:
    """The plan with all windows wanted: what a run is made by, whichever of its windows are made now."""
    return replace(plan, only=())


def last_made(plan: LoopPlan) -> int:
    """The window that is made last if all are."""
    return whole_plan(plan).sequence[-1]


def beside(plan: LoopPlan, index: int) -> tuple[int, ...]:
    """The windows beside this one that are finished before it is made."""
    return neighbours_before(plan.order, index, plan.iterations)
