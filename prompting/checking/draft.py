"""A schedule that was written for one song, put on the song's windows: what the rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ...audio.analysis.song_analysis import Voice, VoiceKind
from ...loop_control.plan import LoopPlan
from ...loop_control.rates import clock_text
from ...schedule.entry import Entry
from ...schedule.parser import Schedule
from ...schedule.snap_report import SnapReport
from ...schedule.snapping import snap_to_plan
from ..visible_boundaries import video_end, visible_boundaries
from .subject import SubjectWords, derive_subject

SUBJECT_MARK = "\ufffc"
"""Stands for the subject where only the words around it are judged."""

PICTURE_MARK = "\ufffb"
"""Stands for what the picture is said to show."""

Stretch = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Expected:
    """The song and the wishes that a schedule has to fit.

    Attributes:
        plan: The song's windows.
        voice: The voice that is heard in the song; None if nobody listened, and then nothing is said of who sings.
        subject: The subject as it has to be in every entry; None if it is what the entries have in common.
        first_prompt: The prompt of the initial render; None if it is the first entry itself.
        picture: What the picture shows, in words; what it shows may be named.
        style: As in "cinematic"; None if any will do, as long as it is the same in all entries.
        wants_variety: Whether neighbours have to differ.
    """

    plan: LoopPlan
    voice: Voice | None = None
    subject: str | None = None
    first_prompt: str | None = None
    picture: str = ""
    style: str | None = None
    wants_variety: bool = False


@dataclass(frozen=True)
class DraftEntry:
    """One entry of the draft.

    Attributes:
        entry: As it was read.
        text: Its prompt.
        own: The same with `SUBJECT_MARK` for each subject, and without the words for the picture: neither is judged.
        seen: The stretches of the video, in seconds, in which it is seen.
        is_last: Whether the video ends with it, and not with the only entry.
    """

    entry: Entry[str]
    text: str
    own: str
    seen: tuple[Stretch, ...]
    is_last: bool

    @property
    def line(self) -> int:
        """Number of its first line."""
        return self.entry.line

    @property
    def until(self) -> str:
        """Its end as it could be written behind its start: "-0:37.80", "+" or nothing."""
        if self.entry.form == "open":
            return "+"
        return f"-{clock_text(self.entry.end)}" if self.entry.form == "range" and self.entry.end is not None else ""

    def written(self, text: str) -> str:
        """The entry as a line of a schedule, with another prompt."""
        return f"{clock_text(self.entry.start)}{self.until}: {text}"


@dataclass(frozen=True)
class Draft:
    """A schedule on the windows of its song.

    Attributes:
        schedule: As it was read.
        expected: What it has to fit.
        subject: The subject that is looked for in every entry; None if the entries have none in common.
    """

    schedule: Schedule[str]
    expected: Expected
    subject: SubjectWords | None

    @property
    def plan(self) -> LoopPlan:
        """The song's windows."""
        return self.expected.plan

    @cached_property
    def placed(self) -> SnapReport[str]:
        """The schedule on the windows."""
        return snap_to_plan(self.schedule, self.plan)

    @property
    def end(self) -> Fraction:
        """Second at which the video ends."""
        return video_end(self.plan)

    @cached_property
    def boundaries(self) -> tuple[Fraction, ...]:
        """Seconds of the video at which another prompt can begin to be seen, from 0 on, rising."""
        return visible_boundaries(self.plan)

    @cached_property
    def entries(self) -> tuple[DraftEntry, ...]:
        """The entries, in the order of their times."""
        last = max(row.entry.start for row in self.placed.rows)
        return tuple(
            DraftEntry(
                row.entry,
                row.entry.value,
                self._own(row.entry.value),
                tuple(self._seen(*windows) for windows in row.used),
                len(self.placed.rows) > 1 and row.entry.start == last,
            )
            for row in sorted(self.placed.rows, key=lambda row: row.entry.start)
        )

    def heard(self, entry: DraftEntry, *kinds: VoiceKind) -> float | None:
        """Seconds of voice of these kinds while an entry is seen; None if nobody listened."""
        voice = self.expected.voice
        if voice is None:
            return None
        return sum(voice.part(float(start), float(end), *kinds) * float(end - start) for start, end in entry.seen)

    def _own(self, text: str) -> str:
        own = text.replace(self.subject.text, SUBJECT_MARK) if self.subject else text
        picture = self.expected.picture.strip(" .,;")
        return own.replace(picture, PICTURE_MARK) if picture else own

    def _seen(self, first: int, last: int | None) -> Stretch:
        stop = self.plan.iterations if last is None else last
        end = self.plan.visible_from(stop + 1) if stop < self.plan.iterations else self.end
        return self.plan.visible_from(first), end


def make_draft(schedule: Schedule[str], expected: Expected) -> Draft:
    """Puts a schedule on the windows that it has to fit."""
    texts = [entry.value for entry in sorted(schedule.entries, key=lambda entry: entry.start)]
    subject = derive_subject(texts) if expected.subject is None else SubjectWords(expected.subject, is_given=True)
    return Draft(schedule, expected, subject)
