"""Which picture each window takes, from a schedule of picture indices."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ScheduleError
from .loop_windows import LoopWindows
from .parser import Schedule, parse_schedule
from .snapping import SnapTo
from .values import keyframe_index

AUTO = "auto"
"""Instead of a schedule: window k takes picture k."""


@dataclass(frozen=True)
class Keyframes:
    """The pictures of a loop.

    Attributes:
        indices: Picture of each window, from 0, the initial render; one more than there are windows, for a loop whose end is
            tested behind its body.
        windows: Number of windows, that of the initial render included.
        lines: The outcome for each entry, for people.
        warnings: Whatever is probably not meant.
    """

    indices: tuple[int, ...]
    windows: int
    lines: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def used(self) -> tuple[int, ...]:
        """Each picture that a window takes, once, in order of first use."""
        return tuple(dict.fromkeys(self.indices))

    @property
    def report(self) -> str:
        """Lines and warnings, each once."""
        return "\n".join(dict.fromkeys([*self.lines, *self.warnings]))


def schedule_keyframes(
    text: str,
    pictures: int,
    windows: LoopWindows,
    *,
    snap: bool = True,
    snap_to: SnapTo = "visible",
) -> Keyframes:
    """Reads a schedule of pictures, such as `0:00-1:15: 0` and `1:15+: 1`, or the word `auto`.

    Args:
        text: The schedule; its values are indices from 0.
        pictures: How many pictures there are.
        windows: Where windows lie, and how many there are.
        snap: Whether entries begin with the nearest window.
        snap_to: What times are compared with; see `snapping`.

    Raises:
        ScheduleError: A line does not read, or names a picture that is not there.
        PlanError: A number is none.
    """
    if text.strip().lower() == AUTO:
        return _one_each(pictures, windows.count)
    parsed = parse_schedule(text, keyframe_index)
    _check_range(parsed, pictures)
    snapped = windows.snap(parsed, snap=snap, snap_to=snap_to)
    indices = tuple(snapped.assignment(k).value for k in range(windows.count + 1))
    idle = sorted(set(range(pictures)) - set(indices))
    unused = (f"no window takes picture {', '.join(map(str, idle))}.",) if idle else ()
    return Keyframes(indices, windows.count, tuple(snapped.lines()), (*snapped.warnings, *unused))


def _one_each(pictures: int, windows: int) -> Keyframes:
    if pictures < windows:
        raise ScheduleError(
            f"is {AUTO!r}, a picture for each window, but there are {pictures} pictures for {windows} windows; add "
            f"{windows - pictures}, or write which picture holds from when, such as '0:00+: 0'"
        )
    indices = (*range(windows), windows - 1)
    spare = (f"there are {pictures} pictures for {windows} windows; the last are not used.",) if pictures > windows else ()
    return Keyframes(indices, windows, (f"window k takes picture k, for k from 0 to {windows - 1}.",), spare)


def _check_range(parsed: Schedule[int], pictures: int) -> None:
    for entry in parsed.entries:
        if entry.value >= pictures:
            raise ScheduleError(
                f"names picture {entry.value}, but there are {pictures}: 0 to {pictures - 1}", line=entry.line, text=entry.text
            )
