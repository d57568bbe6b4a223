"""The prompt of one entry: style, subject and action, face, place, framing, light, what moves behind, camera, sound."""

from __future__ import annotations

from dataclasses import dataclass

from ..audio.analysis.song_analysis import Level, Section
from .choosing import Chooser
from .heard import Ear, has_beat
from .sections_on_windows import ShownPiece
from .vocabulary.actions import (
    ACTIONS,
    ALL_THROUGH,
    CONVERSATION,
    EXPRESSIONS,
    HOW,
    MANNERS,
    PLAYED_WITH_THE_MOUTH,
    SPOKEN_EXPRESSIONS,
    WITH_A_VOICE,
    Action,
    Heard,
)
from .vocabulary.looks import (
    BEHIND,
    DRAWN_LOOKS,
    FRAMING,
    FRAMINGS,
    GROUP_FRAMING,
    GROUP_FRAMINGS,
    INSTRUMENT_FRAMING,
    INSTRUMENT_FRAMINGS,
    LAST_MOVE,
    PLACES,
    STEADY_DRAWN_LIGHT,
    STEADY_LIGHT,
    STILL_CAMERA,
    lights_of,
)
from .vocabulary.people import WITH_THE_MOUTH, are_several, be
from .vocabulary.sounds import sound_sentence
from .wishes import DRAWN_STYLES, Wishes

FOLLOWING_LIPS = "lips following every word"

VARIES_FACE, VARIES_FRAMING, VARIES_LIGHT, VARIES_BEHIND, VARIES_PLACE = 2, 3, 4, 5, 6
"""The tier from which on each changes."""


@dataclass(frozen=True)
class Writer:
    """Writes the prompts of one song.

    Attributes:
        ear: What is heard in it.
        wishes: What is to be seen.
        choose: Takes words from tables.
    """

    ear: Ear
    wishes: Wishes
    choose: Chooser

    def prompt(self, piece: ShownPiece, number: int, *, is_last: bool, attempt: int = 0) -> str:
        """The prompt of a piece.

        Args:
            piece: Where it is seen.
            number: Its number in the video, from 0.
            is_last: Whether the video ends with it, and is longer than it.
            attempt: Another number takes another action.
        """
        action_key = self._action_key(piece, number) + (f", again {attempt}" if attempt else "")
        wishes, level = self.wishes, self._level(piece)
        body = ", ".join(part for part in self._body(piece, level, action_key) if part)
        shot = ", ".join(part for part in self._shot(piece, level, number, is_last=is_last) if part)
        shows = f"The picture shows {wishes.place}. " if wishes.place_is == "picture" and not self._place(piece) else ""
        return (
            f"{wishes.style_sentence}{wishes.subject} {be(wishes.subject)} {body}. "
            f"{shot[0].upper()}{shot[1:]}. {shows}{self._sound(piece)}"
        )

    def _section(self, piece: ShownPiece) -> Section:
        return self.ear.analysis.sections[piece.section]

    def _level(self, piece: ShownPiece) -> Level:
        """How loud a section is; if the same material gets the same words, that of its first time."""
        section = self._section(piece)
        if not self.wishes.repeats_material:
            return section.level
        return next(each.level for each in self.ear.analysis.sections if each.letter == section.letter)

    def _action_key(self, piece: ShownPiece, number: int) -> str:
        """Entries with the same key have the same action."""
        if not self.wishes.repeats_material:
            return f"entry {number}"
        return f"{self._section(piece).letter}, {piece.position}, {piece.heard}"

    def _look_key(self, piece: ShownPiece) -> str:
        """Entries with the same key look the same; in a montage each piece of a section has a look of its own."""
        shown = self._section(piece).letter if self.wishes.repeats_material else f"section {piece.section}"
        return f"{shown}, {piece.position}" if self.wishes.montage else shown

    def _body(self, piece: ShownPiece, level: Level, key: str) -> tuple[str, ...]:
        wishes, heard = self.wishes, piece.heard
        action = self._action(heard)
        words = self.choose.pick(f"{heard}, {level}", key, action.words[level])
        how, manner = self.choose.pair(f"{action.manner}, {level}", key, HOW[action.how][level], self._manners(action, level))
        faces = EXPRESSIONS if self.ear.kind == "music" else SPOKEN_EXPRESSIONS
        face = self.choose.pick(f"face, {level}", key, faces[level]) if wishes.tier >= VARIES_FACE else ""
        several = are_several(wishes.subject)
        return (
            words.format(how=how, **self._blanks),
            wishes.place if wishes.place_is == "posture" else "",
            manner.format(instrument=self.ear.instrument or ""),
            f"each with {face}" if face and several else face,
            FOLLOWING_LIPS if heard in ALL_THROUGH and not several else "",
        )

    def _action(self, heard: Heard) -> Action:
        if heard == "playing" and self.ear.instrument in WITH_THE_MOUTH:
            return PLAYED_WITH_THE_MOUTH
        return (CONVERSATION.get(heard) if be(self.wishes.subject) == "are" else None) or ACTIONS[heard]

    def _manners(self, action: Action, level: Level) -> list[str]:
        return [
            each.text
            for each in MANNERS[action.manner][level]
            if not (each.takes_hands and self.ear.instrument) and (has_beat(self.ear.analysis) or not each.takes_beat)
        ]

    @property
    def _blanks(self) -> dict[str, str]:
        played = self.ear.instrument
        can_sing = played is not None and played not in WITH_THE_MOUTH
        return {
            "together": " together" if self.ear.kind == "music" and are_several(self.wishes.subject) else "",
            "playing": f" and playing the {played}" if can_sing else "",
            "over": f" over the {played}" if can_sing else "",
            "waiting": f"playing the {played}" if can_sing else "waiting for the voice",
            "meanwhile": f"playing the {played}" if can_sing else "swaying to the music",
            "instrument": played or "",
        }

    def _shot(self, piece: ShownPiece, level: Level, number: int, *, is_last: bool) -> tuple[str, ...]:
        key, drawn = self._look_key(piece), self.wishes.style in DRAWN_STYLES
        light = STEADY_DRAWN_LIGHT if drawn else STEADY_LIGHT
        if self.wishes.tier >= VARIES_LIGHT:
            light = self.choose.pick(f"light, {level}", key, lights_of(self.wishes.style, level))
        moves = self.choose.pick(f"behind, {level}", key, BEHIND[level]) if self.wishes.tier >= VARIES_BEHIND else ""
        ends = is_last and number > 0 and piece.heard not in WITH_A_VOICE and self.ear.kind == "music"
        return (
            self._framing(key, level),
            self._place(piece) or (self.wishes.place if self.wishes.place_is == "place" else ""),
            DRAWN_LOOKS.get(self.wishes.style, ""),
            light,
            moves,
            LAST_MOVE if ends else STILL_CAMERA,
        )

    def _framing(self, key: str, level: Level) -> str:
        varies, played = self.wishes.tier >= VARIES_FRAMING or self.wishes.montage, self.ear.instrument
        if played:
            return self.choose.pick("framing", key, INSTRUMENT_FRAMINGS if varies else (INSTRUMENT_FRAMING,)).format(
                instrument=played
            )
        if are_several(self.wishes.subject):
            return self.choose.pick("framing", key, GROUP_FRAMINGS) if varies else GROUP_FRAMING
        return self.choose.pick(f"framing, {level}", key, FRAMINGS[level]) if varies else FRAMING

    def _place(self, piece: ShownPiece) -> str:
        """Another place than the picture's; "" for the material of the first section, which stays where the picture is."""
        sections = self.ear.analysis.sections
        is_home = sections[piece.section].letter == sections[0].letter
        if self.wishes.tier < VARIES_PLACE or piece.first_window == 0 or (is_home and self.wishes.repeats_material):
            return ""
        level = self._level(piece)
        return self.choose.pick(f"place, {level}", self._look_key(piece), PLACES[self.ear.kind][level])

    def _sound(self, piece: ShownPiece) -> str:
        several = are_several(self.wishes.subject)
        return sound_sentence(self.ear.kind, piece.heard, self._section(piece), self.ear.analysis.tempo, several=several)
