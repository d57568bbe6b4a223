"""A window for an entry that would get none: two entries can be nearest to the same one.

A window is free if no entry begins with it: its entry only goes on from the window before. Taking it makes no other entry
begin later, and none is lost. Entries keep the order of their times.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .spans import Step, step_at
from .window_grid import WindowGrid


@dataclass
class _Taken:
    """Which entry each window takes, while free ones are given away."""

    steps: Sequence[Step]
    given: dict[int, int] = field(default_factory=dict)

    def entry(self, window: int) -> int:
        return self.given.get(window, self.steps[step_at(self.steps, window)][1])

    def as_steps(self) -> tuple[Step, ...]:
        positions = {position for position, _ in self.steps}
        positions.update(window + more for window in self.given for more in (0, 1))
        steps: list[Step] = []
        for position in sorted(positions):
            entry = self.entry(int(position))
            if not steps or steps[-1][1] != entry:
                steps.append((position, entry))
        return tuple(steps)


def give_free_windows(
    steps: Sequence[Step], due: Mapping[int, Fraction], grid: WindowGrid
) -> tuple[tuple[Step, ...], dict[int, int]]:
    """Gives each entry that is due but has no window the nearest free one, if there is one.

    Args:
        steps: Windows at which another entry begins to count.
        due: For each entry that counts somewhere in the video by its times, the first second at which it does.
        grid: The windows.

    Returns:
        The steps afterwards, and the windows that were given, by entry.
    """
    first: dict[int, int] = {}
    for position, entry in steps:
        if grid.iterations is None or position <= grid.iterations:
            first.setdefault(entry, int(position))
    lost = sorted((due[entry], entry) for entry in due if entry not in first)
    if not lost:
        return tuple(steps), {}
    shown = sorted((due[entry], entry) for entry in first if entry in due)
    taken, begins = _Taken(steps), set(first.values())
    for asked, entry in lost:
        at = bisect_left(shown, (asked, entry))
        low = first[shown[at - 1][1]] + 1 if at else 0
        high = first[shown[at][1]] - 1 if at < len(shown) else grid.iterations
        window = _nearest_free(grid, asked, low, high, begins)
        if window is None:
            continue
        taken.given[window] = entry
        first[entry] = window
        begins.add(window)
        insort(shown, (asked, entry))
    return taken.as_steps(), {entry: window for window, entry in taken.given.items()}


def _nearest_free(grid: WindowGrid, asked: Fraction, low: int, high: int | None, begins: set[int]) -> int | None:
    """The window nearest to `asked` in `[low, high]` with which no entry begins."""
    if high is not None and high < low:
        return None
    nearest = max(low, grid.window_at(asked) if high is None else min(high, grid.window_at(asked)))
    below = nearest
    while below >= low and below in begins:
        below -= 1
    above = nearest
    while (high is None or above <= high) and above in begins:
        above += 1
    found = [window for window, is_there in ((below, below >= low), (above, high is None or above <= high)) if is_there]
    return min(found, key=lambda window: (abs(grid.time(window) - asked), -window), default=None)
