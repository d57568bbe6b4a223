"""Time, memory and disk that a render is going to take, as sentences: measured on this machine, or said to be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..loop_control.plan import LoopPlan
from .check import Preflight
from .cost import Cost
from .cost_words import cheaper_by_count, memory_by_count, time_by_card, time_by_rate
from .measured import Measured


def expectations(found: Preflight) -> Iterator[str]:
    """One sentence each."""
    plan, on_disk = found.plan, found.on_disk
    if plan is not None and on_disk is not None:
        yield _on_disk(len(on_disk), len(plan.sequence))
    yield from _time_and_memory(found, plan)
    if found.needed_bytes is not None:
        yield _disk(found, found.needed_bytes)
    if found.cost is not None and (cheaper := cheaper_by_count(found.cost)):
        yield cheaper


def _time_and_memory(found: Preflight, plan: LoopPlan | None) -> Iterator[str]:
    took, cost = found.measured, found.cost
    if took is not None and plan is not None and (cost is None or cost.recipe.plans == {plan}):
        yield _time(took, plan, found.on_disk)
        yield _memory(took)
    elif cost is not None and cost.operations and (seconds := cost.measured_seconds) is not None:
        yield f"time: {time_by_rate(cost, seconds)}"
        yield f"memory: {memory_by_count(cost)}"
    else:
        counted = cost if cost is not None and cost.operations else None
        yield "time: unknown; this machine has not made a window of this size and length yet" + _behind(time_by_card, counted)
        yield "memory: unknown, for the same reason" + _behind(memory_by_count, counted)


def _behind(words: Callable[[Cost], str], cost: Cost | None) -> str:
    told = "" if cost is None else words(cost)
    return f"; {told}" if told else ""


def _on_disk(there: int, count: int) -> str:
    if there == 0:
        return f"windows: none of {count} is on disk" if count > 1 else "windows: the one window is not on disk"
    told = "as far as run, seeds, prompts and settings tell before Run"
    verb = "is" if there == 1 else "are"
    return f"windows: {there} of {count} {verb} on disk and taken from there, {told}"


def _time(took: Measured, plan: LoopPlan, on_disk: frozenset[int] | None) -> str:
    count = len(plan.sequence) - len(on_disk or ())
    if count == 0:
        return "time: no window is sampled; loading the VAE and writing the video is all"
    windows = "window" if took.count == 1 else "windows"
    minutes = took.median_seconds * count / 60
    which = f"all {count}" if on_disk is None or not on_disk else f"the {count} to be made"
    there = "; windows that are on disk already take no time" if on_disk is None else ""
    return (
        f"time: {took.count} {windows} of this size took {took.median_seconds:.1f} s each here (median; "
        f"{took.shortest_seconds:.1f} to {took.longest_seconds:.1f}); {which} take about {minutes:.1f} min, and "
        f"loading models and writing the video come on top{there}"
    )


def _memory(took: Measured) -> str:
    if took.peak_memory_bytes is None:
        return "memory: unknown; the windows that this machine made had no GPU, of which alone it is measured"
    return f"memory: such windows took at most {took.peak_memory_bytes / 2**30:.1f} GiB on the device here"


def _disk(found: Preflight, needed_bytes: int) -> str:
    machine = found.subject.machine
    free = "" if machine.free_bytes is None else f"; {machine.free_bytes / 1e6:,.0f} MB are free there"
    folder = "" if machine.output_folder is None else f" in {machine.output_folder}"
    which = "the windows to be made" if found.on_disk else "the windows"
    return f"disk: at most {needed_bytes / 1e6:,.1f} MB for {which}{folder}, and the video file{free}"
