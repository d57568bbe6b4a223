"""Counts of what became of the windows of a run in one prompt, and the report on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from .other_versions import finished_text, used_text


@dataclass
class WindowCounts:
    """Windows of one run in one prompt."""

    from_disk: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    not_kept: set[int] = field(default_factory=set)
    given: dict[int, str] = field(default_factory=dict)
    """Window -> fingerprint of the take that the render went on with."""
    has_room: bool = False
    """Whether the disk was compared with what is going to be written."""
    is_kept_checked: bool = False
    """Whether locked windows and picked takes were compared with the plan."""
    uses_others: dict[str, bool] = field(default_factory=dict)
    """Choice after an update -> whether windows of other versions are used, as it was when the prompt began."""
    of_others: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Window that is of other versions and is used -> those versions, and these."""
    finished_by: tuple[str, str] | None = None
    """Other versions that finished the run, which is made again, and these."""

    def text(self, total: int, in_memory: int = 0) -> str:
        """For example "7 of 10 from disk, 1 made"."""
        made = f", {len(self.made)} made" if self.made else ""
        not_kept = f", {len(self.not_kept)} not kept (NaN)" if self.not_kept else ""
        waiting = f"; {in_memory} in memory only until the folder takes them" if in_memory else ""
        return f"{len(self.from_disk)} of {total} from disk{made}{not_kept}{waiting}"

    def versions_text(self) -> str:
        """A line on windows of other versions, begun with a line feed; "" if there are none."""
        lines = [used_text(self.of_others), finished_text(*self.finished_by) if self.finished_by else ""]
        return "".join(f"\n{line}" for line in lines if line)
