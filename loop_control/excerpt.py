"""Long lists for people: the beginning, the end, and a sentence about what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

MOST_LINES = 100
"""Lines of one list in a report. A report goes into the log, into the browser and into every saved workflow."""

LAST_LINES = 10
"""Of those, how many are taken from the end."""


def excerpt(count: int, line: Callable[[int], str], what: str, *, most: int = MOST_LINES) -> tuple[str, ...]:
    """Lines 0 to `count - 1`, or the first and the last of them with a sentence between.

    Args:
        count: How many there are.
        line: Makes one; called only for those that are shown.
        what: Their name in the sentence, in the plural.
        most: How many are shown.
    """
    if count <= most:
        return tuple(line(index) for index in range(count))
    last = min(LAST_LINES, most // 2)
    first = most - last
    return (
        *(line(index) for index in range(first)),
        f"... {count - most} more {what} are left out of this report ...",
        *(line(index) for index in range(count - last, count)),
    )


def excerpt_of(lines: Sequence[str], what: str) -> tuple[str, ...]:
    """`excerpt` of lines that are there already."""
    return excerpt(len(lines), lambda index: lines[index], what)
