"""The windows of the render fit on the disk."""

from __future__ import annotations

from collections.abc import Iterator

from ...workflow_graph.audit.rule import ERR, Finding, rule
from ..subject import PlannedSubject


@rule(
    severity=ERR,
    summary="the finished windows fit on the disk",
    seen="the render is refused at its first window",
    why="each window is kept so that a crash loses nothing, and all of them have to fit",
    mend="free space in the output folder, or switch 'enabled' of Iteration Checkpoint off, which keeps nothing",
)
def disk_room(subject: PlannedSubject) -> Iterator[Finding]:
    """Compares what the windows need with what is free."""
    needed, free = subject.needed_bytes, subject.machine.free_bytes
    if needed is not None and free is not None and needed > free:
        yield Finding(
            "the output folder",
            f"the windows need {needed / 1e6:.0f} MB in {subject.machine.output_folder}, where {free / 1e6:.0f} MB are free",
        )
