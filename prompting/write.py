"""A schedule written from a song: who is seen doing what, in which light, while what is heard.

The same song, plan and wishes give the same text. Each prompt says, in this order: style, subject and action, face, place,
framing, light, what moves behind, camera.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..audio.analysis.song_analysis import Level, Section, SongAnalysis
from ..loop_control.plan import LoopPlan
from ..loop_control.rates import clock_text, decimal_text, read_number
from .heard import Ear, kind_of
from .sections_on_windows import ShownPiece, pieces_of
from .song_schedule import SongSchedule, WrittenEntry
from .vocabulary.actions import ACTIONS, EXPRESSIONS, WITH_A_VOICE, Heard
from .vocabulary.looks import BEHIND, FRAMINGS, LAST_MOVE, LIGHTS, PLACES, STILL_CAMERA, negative_prompt
from .vocabulary.people import be, instrument_of
from .wishes import NAMELESS, Wishes

FOLLOWING_LIPS = "lips following every word"
NEAR_SECONDS = 1.0
"""A section that is seen as near to its beginning as this needs no remark."""

_TIERS = {"expression": 2, "framing": 3, "light": 4, "behind": 5, "place": 6}


@dataclass(frozen=True)
class _Numbers:
    """Which words of each table are meant: one number for what changes with every piece, one for what stays in a section."""

    piece: int
    section: int


def write_schedule(analysis: SongAnalysis, plan: LoopPlan, wishes: Wishes) -> SongSchedule:
    """Writes the schedule of a song.

    Args:
        analysis: What is heard in it.
        plan: Its windows.
        wishes: What is to be seen.
    """
    kind = kind_of(analysis, wishes.kind)
    ear = Ear(analysis, kind, None if kind != "music" else instrument_of(wishes.subject, wishes.place))
    pieces = pieces_of(analysis.sections, plan, is_montage=wishes.montage)
    entries: list[WrittenEntry] = []
    for number, piece in enumerate(pieces):
        is_last = number == len(pieces) - 1
        heard = ear.heard(float(piece.start), float(piece.end), is_first=number == 0, is_last=is_last)
        level = _level(analysis.sections, piece.section, wishes)
        numbers = _numbers(analysis.sections, pieces, number, wishes)
        prompt = _prompt(wishes, ear, heard, level, numbers, ends=is_last and number > 0)
        if entries and prompt == entries[-1].prompt:
            other = _Numbers(numbers.piece + 1, numbers.section)
            prompt = _prompt(wishes, ear, heard, level, other, ends=is_last and number > 0)
        until = "+" if is_last else f"-{clock_text(piece.end)}"
        entries.append(WrittenEntry(piece, heard, prompt, f"{clock_text(piece.start)}{until}: {prompt}"))
    shown = f"{wishes.subject} {wishes.place}".lower()
    negative = negative_prompt(
        wishes.style,
        is_one_person=be(wishes.subject) == "is",
        shows_microphone=" mic" in f" {shown}",
        is_talk=kind != "music",
    )
    remarks = (*_decisions(wishes, ear, entries), *_moved_sections(analysis.sections, pieces))
    return SongSchedule(wishes, kind, tuple(entries), negative, remarks)


def _level(sections: Sequence[Section], number: int, wishes: Wishes) -> Level:
    """How loud a section is; if the same material gets the same words, that of its first time."""
    if not wishes.repeats_material:
        return sections[number].level
    letter = sections[number].letter
    return next(each.level for each in sections if each.letter == letter)


def _numbers(sections: Sequence[Section], pieces: Sequence[ShownPiece], number: int, wishes: Wishes) -> _Numbers:
    piece = pieces[number]
    if not wishes.repeats_material:
        seen = len({each.section for each in pieces[: number + 1]}) - 1
        return _Numbers(number + wishes.variation, seen + wishes.variation)
    letters = list(dict.fromkeys(sections[each.section].letter for each in pieces))
    order = letters.index(sections[piece.section].letter) + wishes.variation
    return _Numbers(order + piece.position, order)


def _prompt(wishes: Wishes, ear: Ear, heard: Heard, level: Level, numbers: _Numbers, *, ends: bool) -> str:
    action = _of(ACTIONS[heard][level], numbers.piece).replace("{instrument}", ear.instrument or "")
    has_voice = heard in WITH_A_VOICE
    usual = FRAMINGS[0] if has_voice or heard in ("laugh", "listening") else FRAMINGS[2]
    parts = (
        f"{wishes.style_sentence}{wishes.subject} {be(wishes.subject)} {action}",
        _varied(wishes, "expression", EXPRESSIONS[level], numbers.piece),
        FOLLOWING_LIPS if has_voice else "",
        _varied(wishes, "place", (wishes.place, *PLACES), numbers.section) or wishes.place,
        _varied(wishes, "framing", FRAMINGS, numbers.piece) or usual,
        _varied(wishes, "light", LIGHTS[wishes.style], numbers.section),
        _varied(wishes, "behind", BEHIND, numbers.section),
        LAST_MOVE if ends and not has_voice else STILL_CAMERA,
    )
    return ", ".join(part for part in parts if part) + "."


def _varied(wishes: Wishes, what: str, words: Sequence[str], number: int) -> str:
    """The words of a table, if the tier varies them; else ""."""
    return _of(words, number) if wishes.tier >= _TIERS[what] else ""


def _of(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]


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


def _moved_sections(sections: Sequence[Section], pieces: Sequence[ShownPiece]) -> Iterator[str]:
    """A sentence for each section that is seen far from its beginning, or not at all."""
    first = {piece.section: piece for piece in reversed(pieces)}
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
                f"{called} is seen from {clock_text(first[number].start)}, {decimal_text(abs(shift), 1)} s {when}: the picture "
                "cannot change nearer to it."
            )
