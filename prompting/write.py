"""A schedule written from a song: who is seen doing what, in which light, while what is heard.

The same song, plan and wishes give the same text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..audio.analysis.song_analysis import Section, SongAnalysis
from ..loop_control.plan import LoopPlan
from ..loop_control.rates import clock_text, decimal_text, read_number, seconds_text
from .choosing import Chooser
from .heard import Ear, kind_of
from .prompt_text import Writer
from .sections_on_windows import NEAR_SECONDS, ShownPiece, pieces_of
from .song_schedule import SongSchedule, WrittenEntry
from .visible_boundaries import visible_boundaries
from .vocabulary.actions import WITH_A_VOICE
from .vocabulary.looks import negative_prompt
from .vocabulary.people import are_several, instrument_of
from .wishes import NAMELESS, WishError, Wishes

SAME_SONG_SECONDS = 1
"""Analysis and plan may count the length of a song in different ways, but not differ by more."""

MOST_ATTEMPTS = 20
"""How often other words are tried for an entry that reads like the one before it."""


def write_schedule(analysis: SongAnalysis, plan: LoopPlan, wishes: Wishes) -> SongSchedule:
    """Writes the schedule of a song.

    Args:
        analysis: What is heard in it.
        plan: Its windows.
        wishes: What is to be seen.

    Raises:
        WishError: Analysis and plan are of different songs.
    """
    _check_same_song(analysis, plan)
    kind = kind_of(analysis, wishes.kind)
    ear = Ear(analysis, kind, None if kind != "music" else instrument_of(wishes.subject, wishes.place))
    pieces = pieces_of(analysis.sections, plan, ear, is_montage=wishes.montage)
    writer = Writer(ear, wishes, Chooser(f"{wishes.variation}, {round(analysis.duration_seconds)}"))
    entries = _entries(pieces, writer)
    shown = f"{wishes.subject} {wishes.place} "
    negative = negative_prompt(wishes.style, kind, shown, is_one_person=not are_several(wishes.subject))
    remarks = (*_decisions(wishes, ear, entries), *_moved_sections(analysis.sections, pieces, plan))
    return SongSchedule(wishes, kind, entries, negative, remarks)


def _check_same_song(analysis: SongAnalysis, plan: LoopPlan) -> None:
    heard = Fraction(analysis.duration_seconds)
    if abs(heard - plan.duration) > SAME_SONG_SECONDS:
        raise WishError(
            f"what was heard is {seconds_text(heard)} long, and the plan is for {seconds_text(plan.duration)}; "
            "give both the same song, trimmed in the same way"
        )


def _entries(pieces: Sequence[ShownPiece], writer: Writer) -> tuple[WrittenEntry, ...]:
    entries: list[WrittenEntry] = []
    for number, piece in enumerate(pieces):
        is_last = number == len(pieces) - 1
        prompts = (writer.prompt(piece, number, is_last=is_last, attempt=attempt) for attempt in range(MOST_ATTEMPTS))
        before = entries[-1].prompt if entries else ""
        prompt = next(each for each in prompts if each != before)
        until = "+" if is_last else f"-{clock_text(piece.end)}"
        entries.append(WrittenEntry(piece, prompt, f"{clock_text(piece.start)}{until}: {prompt}"))
    return tuple(entries)


def _decisions(wishes: Wishes, ear: Ear, entries: Sequence[WrittenEntry]) -> Iterator[str]:
    if wishes.subject == NAMELESS:
        yield f"No subject was given, so the person is called {NAMELESS!r} in every entry."
    elif not wishes.has_named_subject:
        yield f"The subject is taken from the description: {wishes.subject!r}."
    names = {"music": "a song", "standup": "stand-up", "dialogue": "dialogue", "auto": ""}
    if wishes.kind == "auto":
        yield f"Heard as {names[ear.kind]}."
    if ear.instrument:
        yield f"The {ear.instrument} is named, so it is played while nobody sings."
    if not any(entry.heard in WITH_A_VOICE for entry in entries):
        yield "No voice is heard for long enough anywhere, so nobody sings or talks."


def _moved_sections(sections: Sequence[Section], pieces: Sequence[ShownPiece], plan: LoopPlan) -> Iterator[str]:
    """A sentence for each section that is seen far from its beginning, or not at all."""
    first = {piece.section: piece for piece in reversed(pieces)}
    labels = [sections[piece.section].label for piece in pieces for _ in range(piece.first_window, piece.last_window + 1)]
    boundaries = visible_boundaries(plan)[: len(labels)]
    end = float(pieces[-1].end)
    for number, section in enumerate(sections):
        if section.start_seconds >= end:
            continue
        start = read_number(section.start_seconds, "start")
        called = f"The {section.label} from {clock_text(start)} to {clock_text(read_number(section.end_seconds, 'end'))}"
        if number not in first:
            yield f"{called} is not shown: other sections have more of the windows that it lies in."
            continue
        shift = first[number].start - start
        if abs(shift) > NEAR_SECONDS:
            when = "early" if shift < 0 else "late"
            yield (
                f"{called} is seen from {clock_text(first[number].start)}, {decimal_text(abs(shift), 1)} s {when}: "
                f"{_why(start, shift, labels, boundaries)}."
            )


def _why(start: Fraction, shift: Fraction, labels: Sequence[str], boundaries: Sequence[Fraction]) -> str:
    behind = bisect_left(boundaries, start)
    window = min(range(max(0, behind - 1), min(behind + 1, len(boundaries))), key=lambda each: abs(boundaries[each] - start))
    if abs(boundaries[window] - start) == abs(shift):
        return "the picture cannot change nearer to it"
    return f"the window from {clock_text(boundaries[window])} on shows the {labels[window]}"
