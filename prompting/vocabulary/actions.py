"""Actions of a body for what is heard, quiet to loud: what stands behind "is" or "are" in a prompt.

Each can go on for a whole window, can be seen, and says nothing of the camera. "{instrument}" stands for an instrument.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ...audio.analysis.song_analysis import Level

Heard = Literal["singing", "singing and playing", "rapping", "playing", "music", "opening", "ending", "joke", "punchline",
"laugh",
                "talk", "listening"]  # fmt: skip
"""Sounds of people, and where: "music" is without a voice, "opening" and "ending" are that at the song's ends."""

Levels = Mapping[Level, tuple[str, ...]]

ACTIONS: Mapping[Heard, Levels] = {
    "singing": {
        "quiet": (
            "singing softly with lowered eyes",
            "singing gently, one hand resting on the chest",
            "singing quietly with a slight sway of the shoulders",
            "singing tenderly, head tilted to one side",
            "singing under the breath, gaze resting on something near",
        ),
        "medium": (
            "singing straight into the camera",
            "singing with calm, open hands",
            "singing and nodding along with the beat",
            "singing with a slow turn of the head",
            "singing with shoulders that follow the rhythm",
        ),
        "loud": (
            "singing at full voice with raised arms",
            "singing with one arm stretched forward",
            "singing passionately with clenched fists",
            "singing and stepping to the beat",
            "singing with chin lifted and hands wide open",
        ),
    },
    "singing and playing": {
        "quiet": (
            "singing softly while playing the {instrument}",
            "singing gently over the {instrument}, eyes lowered to the hands",
            "singing quietly with light fingers on the {instrument}",
        ),
        "medium": (
            "singing while playing the {instrument}",
            "singing straight into the camera while playing the {instrument}",
            "singing and swaying over the {instrument}",
        ),
        "loud": (
            "singing at full voice while playing the {instrument}",
            "singing passionately over the {instrument}, head thrown back on the long notes",
            "singing and rocking with the {instrument}",
        ),
    },
    "rapping": {
        "quiet": (
            "rapping calmly into the camera",
            "rapping in a low voice, one hand marking the words",
            "rapping with narrowed eyes and a slow nod",
        ),
        "medium": (
            "rapping straight into the camera, one hand marking the beat",
            "rapping with quick gestures of both hands",
            "rapping and bouncing lightly on the beat",
        ),
        "loud": (
            "rapping fast with both arms in motion",
            "rapping fiercely, leaning toward the camera",
            "rapping and jumping on the beat",
        ),
    },
    "playing": {
        "quiet": (
            "playing the {instrument} with light fingers, lips closed",
            "playing the {instrument} with lowered head, lips closed",
            "playing the {instrument} and breathing slowly, lips closed",
        ),
        "medium": (
            "playing the {instrument}, lips closed",
            "playing the {instrument} and swaying with the rhythm, lips closed",
            "playing the {instrument} with a look into the camera, lips closed",
        ),
        "loud": (
            "playing the {instrument} with full force, lips closed",
            "playing the {instrument} with hair flying to the beat, lips closed",
            "playing the {instrument} and leaning into every stroke, lips closed",
        ),
    },
    "music": {
        "quiet": (
            "standing still and breathing slowly, lips closed",
            "gazing past the camera, lips closed",
            "swaying slowly with loose arms, lips closed",
            "turning the head slowly toward the light, lips closed",
        ),
        "medium": (
            "swaying to the rhythm, lips closed",
            "nodding along with the beat, lips closed",
            "moving the shoulders with the music, lips closed",
            "letting the hands follow the melody, lips closed",
        ),
        "loud": (
            "dancing with loose shoulders, lips closed",
            "dancing with both arms raised, lips closed",
            "spinning slowly to the beat, lips closed",
            "dancing with stamping feet, lips closed",
        ),
    },
    "opening": {
        "quiet": (
            "looking into the camera and breathing in, lips closed",
            "raising the eyes slowly, lips closed",
            "waiting for the first note, lips closed",
        ),
        "medium": (
            "looking into the camera and tapping one foot to the beat, lips closed",
            "rolling the shoulders to the first bars, lips closed",
            "raising the head to the rhythm, lips closed",
        ),
        "loud": (
            "stepping forward to the beat, lips closed",
            "dancing into the light, lips closed",
            "clapping to the beat, lips closed",
        ),
    },
    "ending": {
        "quiet": (
            "lowering the head slowly, lips closed",
            "looking away with a faint smile, lips closed",
            "turning aside slowly, lips closed",
        ),
        "medium": (
            "slowing down and looking into the camera, lips closed",
            "letting the arms sink, lips closed",
            "swaying more and more slowly, lips closed",
        ),
        "loud": (
            "dancing through the last bars, lips closed",
            "raising both arms and holding still, lips closed",
            "bowing deeply, lips closed",
        ),
    },
    "joke": {
        "quiet": (
            "telling a story in a low voice, one eyebrow raised",
            "telling a joke with a dry look into the audience",
            "setting up the joke with a shrug",
        ),
        "medium": (
            "telling a joke with lively hands",
            "telling the story and leaning forward",
            "setting up the story with one raised finger",
            "telling a joke with a crooked smile",
        ),
        "loud": (
            "telling the story with both arms in the air",
            "telling a joke with wide eyes and quick hands",
            "making the point with a stamping foot",
        ),
    },
    "punchline": {
        "quiet": ("delivering the punchline with a deadpan face", "delivering the punchline with a small shrug"),
        "medium": ("delivering the punchline with a raised eyebrow", "delivering the punchline with open palms"),
        "loud": ("delivering the punchline with wide arms", "delivering the punchline and rocking back on the heels"),
    },
    "laugh": {
        "quiet": (
            "pausing for the laugh with a sly smile, lips closed",
            "waiting with a patient look, lips closed",
            "taking a slow breath and looking around, lips closed",
        ),
        "medium": (
            "pausing for the laugh with raised eyebrows, lips closed",
            "grinning into the audience, lips closed",
            "waiting out the laughter with folded arms, lips closed",
        ),
        "loud": (
            "pausing for the laugh with open arms, lips closed",
            "shaking the head at the laughter, lips closed",
            "grinning broadly at the laughter, lips closed",
        ),
    },
    "talk": {
        "quiet": (
            "explaining calmly with open hands",
            "softening, eyes on the listener",
            "talking in a low voice with a slight nod",
        ),
        "medium": (
            "explaining with small gestures of one hand",
            "making the point with a steady look",
            "answering with a thoughtful tilt of the head",
            "talking with both hands in motion",
        ),
        "loud": (
            "pressing the point with a raised finger",
            "insisting with quick gestures of both hands",
            "arguing and leaning forward",
        ),
    },
    "listening": {
        "quiet": (
            "listening with a slight nod, lips closed",
            "listening with lowered eyes, lips closed",
            "looking up slowly, lips closed",
        ),
        "medium": (
            "listening with folded hands, lips closed",
            "listening with a tilted head, lips closed",
            "nodding slowly, lips closed",
        ),
        "loud": (
            "listening with raised eyebrows, lips closed",
            "nodding firmly, lips closed",
            "shaking the head slowly, lips closed",
        ),
    },
}

WITH_A_VOICE = frozenset[Heard]({"singing", "singing and playing", "rapping", "joke", "punchline", "talk"})

EXPRESSIONS: Levels = {
    "quiet": ("a soft, thoughtful face", "a tender look", "moist, shining eyes", "a faint smile", "a distant look"),
    "medium": ("a calm, open face", "a warm look", "attentive eyes", "a half smile", "a playful look"),
    "loud": ("a radiant face", "a fierce look", "blazing eyes", "a proud look", "a wild, happy look"),
}
