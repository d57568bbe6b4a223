"""A schedule that was written from a song, as values."""

from __future__ import annotations

from dataclasses import dataclass

from .sections_on_windows import ShownPiece
from .vocabulary.actions import Heard
from .wishes import Kind, Wishes


@dataclass(frozen=True)
class WrittenEntry:
    """One line of the schedule.

    Attributes:
        piece: Where it is seen, and which section it serves.
        prompt: Its text.
        line: The whole line, as it stands in the schedule.
    """

    piece: ShownPiece
    prompt: str
    line: str

    @property
    def heard(self) -> Heard:
        """The sound that its action follows."""
        return self.piece.heard


@dataclass(frozen=True)
class SongSchedule:
    """Made by `write_schedule`.

    Attributes:
        wishes: The wishes that it was made from.
        kind: Music, stand-up or dialogue.
        entries: In order; they cover the video.
        negative_prompt: What must not be seen.
        remarks: Sentences on what was decided, for people.
    """

    wishes: Wishes
    kind: Kind
    entries: tuple[WrittenEntry, ...]
    negative_prompt: str
    remarks: tuple[str, ...]

    @property
    def text(self) -> str:
        """The schedule, one entry a line, without a line end behind the last."""
        return "\n".join(entry.line for entry in self.entries)

    @property
    def first_prompt(self) -> str:
        """The text of the first entry, which is the prompt of the initial render."""
        return self.entries[0].prompt
