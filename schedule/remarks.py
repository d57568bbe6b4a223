"""Sentences about a schedule that reads well but may not be meant: lines out of order, entries that overlap, gaps."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..loop_control.rates import clock_text
from .entry import Entry


def remarks(entries: Sequence[Entry[Any]]) -> tuple[str, ...]:
    """All remarks on `entries`, which are in the order of their lines. Takes one sort."""
    by_start = sorted(entries, key=lambda entry: entry.start)
    return (*_out_of_order(entries), *_overlaps(by_start), *_gaps(by_start))


def _out_of_order(entries: Sequence[Entry[Any]]) -> Iterator[str]:
    for above, entry in pairwise(entries):
        if entry.start < above.start:
            yield (
                f"line {entry.line} begins at {clock_text(entry.start)}, before line {above.line} "
                f"({clock_text(above.start)}): times count, not the order of the lines."
            )


def _overlaps(by_start: Sequence[Entry[Any]]) -> Iterator[str]:
    """One sentence for each entry that begins while another counts; START+ is made to lie under others."""
    running: list[tuple[int, int]] = []  # (-line, number in by_start): the lowest line comes first; ended ones leave late.
    for number, entry in enumerate(by_start):
        while running and _ended(by_start[running[0][1]], entry.start):
            heapq.heappop(running)
        if running:
            upper, lower = sorted((by_start[running[0][1]], entry), key=lambda other: other.line)
            if upper.form != "open":
                ends = [other.end for other in (upper, lower) if other.end is not None]
                until = f"to {clock_text(min(ends))}" if ends else "on"
                yield (
                    f"lines {upper.line} and {lower.line} overlap from {clock_text(entry.start)} {until}: "
                    f"line {lower.line}, the lower one, counts there."
                )
        heapq.heappush(running, (-entry.line, number))


def _ended(entry: Entry[Any], seconds: Fraction) -> bool:
    return entry.end is not None and entry.end <= seconds


def _gaps(by_start: Sequence[Entry[Any]]) -> Iterator[str]:
    covered, last = by_start[0].end, by_start[0]
    for entry in by_start[1:]:
        if covered is None:
            return
        if entry.start > covered:
            yield (
                f"nothing is scheduled from {clock_text(covered)} to {clock_text(entry.start)}: "
                f"line {last.line} goes on until then."
            )
        if entry.end is None or entry.end > covered:
            covered, last = entry.end, entry
