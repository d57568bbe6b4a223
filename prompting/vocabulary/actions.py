"""Actions of a body for what is heard: what stands behind "is" or "are" in a prompt.

Each can go on for a whole window, can be seen, and says nothing of the camera. In an action `{how}` stands for one of `HOW`,
`{together}` for " together" if there are several people, `{playing}` for " and playing the guitar" if that can be done while
singing, `{over}` then for " over the guitar", `{meanwhile}` and `{waiting}` for what is done while no voice is heard,
`{instrument}` for the instrument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...audio.analysis.song_analysis import Level

Heard = Literal[
    "singing", "singing comes in", "singing ends", "singing now and then",
    "rapping", "rapping comes in", "rapping ends", "rapping now and then",
    "joke", "joke comes in", "joke ends", "joke now and then",
    "talk", "talk comes in", "talk ends", "talk now and then",
    "playing", "music", "opening", "ending", "punchline", "laugh", "after the laugh", "silence", "listening",
]  # fmt: skip
"""Sounds of people, and where: "music" is without a voice and an instrument in the picture, "opening" and "ending" are that at
the song's ends, "silence" is a pause on a stage, "listening" one in a talk."""

Levels = Mapping[Level, tuple[str, ...]]


@dataclass(frozen=True)
class Action:
    """The words for one kind of sound.

    Attributes:
        words: The actions, by how loud the section is.
        how: Key of `HOW`; "" if no action asks for it.
        manner: Key of `MANNERS`: what else of the body is seen.
    """

    words: Levels
    how: str
    manner: str


@dataclass(frozen=True)
class Manner:
    """A gesture of a body beside its action.

    Attributes:
        text: As it stands behind a comma.
        takes_hands: True if nobody can do it who plays an instrument.
        takes_beat: True if it needs a beat.
    """

    text: str
    takes_hands: bool = False
    takes_beat: bool = False


def _always(how: str, manner: str, *words: str) -> Action:
    return Action({"quiet": words, "medium": words, "loud": words}, how, manner)


def _voiced(verb: str, how: str) -> dict[str, Action]:
    """The four forms of a voice in music."""
    return {
        "": _always(how, how, f"{verb}{{together}} {{how}}{{playing}}"),
        " comes in": _always(
            how,
            how,
            f"{{meanwhile}} with closed lips and {verb}{{together}} {{how}} as soon as the voice comes in",
            f"{{waiting}} with closed lips and {verb}{{together}} {{how}} from the first word on",
        ),
        " ends": _always(
            how,
            how,
            f"{verb} the last line{{together}} {{how}}{{over}} and letting the music play on with closed lips",
            f"{verb}{{together}} {{how}} up to the last word and {{meanwhile}} with closed lips",
        ),
        " now and then": _always(
            how,
            how,
            f"{{meanwhile}} with closed lips and {verb} single words{{together}} {{how}}",
            f"{verb} a short line{{together}} {{how}}{{over}} between pauses with closed lips",
        ),
    }


def _talked(
    telling: tuple[str, ...], comes_in: tuple[str, ...], ends: tuple[str, ...], little: tuple[str, ...]
) -> tuple[Action, ...]:
    return tuple(_always("tell", "tell", *words) for words in (telling, comes_in, ends, little))


_SINGING, _RAPPING = _voiced("singing", "sing"), _voiced("rapping", "rap")
_FORMS = ("", " comes in", " ends", " now and then")

_JOKES = _talked(
    (
        "telling a joke {how}",
        "telling the story {how}",
        "telling the story {how} and playing every part of it",
        "setting up the joke {how}",
    ),
    (
        "looking over the room with closed lips and telling a joke {how} as soon as the room is quiet",
        "taking a breath with closed lips and telling the next joke {how}",
    ),
    (
        "telling the joke {how} up to its last line and looking over the room with closed lips",
        "telling a story {how} to its end and waiting with closed lips",
    ),
    (
        "telling a joke {how} with long pauses and closed lips between the lines",
        "waiting with closed lips and telling a joke {how} in a few dry words",
    ),
)  # fmt: skip
_TALKS = _talked(
    (
        "telling the story {how}",
        "pressing the point {how}",
        "explaining the idea {how}",
        "softening and explaining it {how}",
        "answering the question {how}",
    ),
    (
        "listening with closed lips and answering {how} as soon as it is quiet",
        "looking up with closed lips and explaining it {how} from the first word on",
    ),
    (
        "making the point {how} once more and listening with closed lips",
        "answering {how} up to the last word and waiting with closed lips",
    ),
    (
        "listening with closed lips and answering in a few words {how}",
        "explaining it {how} in short sentences with pauses and closed lips between",
    ),
)  # fmt: skip
_CONVERSATIONS = _talked(
    (
        "talking it over {how}, one telling the story while the other listens",
        "pressing the point in turn {how}, one talking while the other nods",
        "explaining the idea to each other {how}",
        "arguing it out {how}, one answering the other",
        "asking and answering in turn {how}",
    ),
    (
        "listening with closed lips until one of them is answering {how}",
        "looking at each other with closed lips until one of them is explaining it {how}",
    ),
    (
        "making the point {how} once more and waiting with closed lips",
        "answering {how} up to the last word and looking at each other with closed lips",
    ),
    (
        "listening to each other with closed lips and answering in a few words {how}",
        "talking {how} in short sentences with pauses between",
    ),
)  # fmt: skip

ACTIONS: Mapping[Heard, Action] = {
    "singing": _SINGING[""],
    "singing comes in": _SINGING[" comes in"],
    "singing ends": _SINGING[" ends"],
    "singing now and then": _SINGING[" now and then"],
    "rapping": _RAPPING[""],
    "rapping comes in": _RAPPING[" comes in"],
    "rapping ends": _RAPPING[" ends"],
    "rapping now and then": _RAPPING[" now and then"],
    "joke": _JOKES[0],
    "joke comes in": _JOKES[1],
    "joke ends": _JOKES[2],
    "joke now and then": _JOKES[3],
    "talk": _TALKS[0],
    "talk comes in": _TALKS[1],
    "talk ends": _TALKS[2],
    "talk now and then": _TALKS[3],
    "playing": _always("play", "play", "playing the {instrument}{together} {how}, lips closed"),
    "music": Action(
        {
            "quiet": (
                "listening to the music{together}, lips closed",
                "swaying slowly to the music{together}, lips closed",
                "standing still and breathing slowly, lips closed",
                "turning the head slowly toward the light, lips closed",
            ),
            "medium": (
                "swaying to the rhythm{together}, lips closed",
                "nodding along to the music{together}, lips closed",
                "dancing gently on the spot{together}, lips closed",
                "turning the shoulders with the melody{together}, lips closed",
            ),
            "loud": (
                "dancing with the whole body{together}, lips closed",
                "dancing with loose shoulders{together}, lips closed",
                "dancing and turning on the spot{together}, lips closed",
                "dancing hard to the drums{together}, lips closed",
            ),
        },
        "",
        "move",
    ),
    "opening": Action(
        {
            "quiet": (
                "breathing in slowly, lips closed",
                "raising the head slowly, lips closed",
                "waiting for the first words, lips closed",
            ),
            "medium": (
                "rolling the shoulders to the first bars, lips closed",
                "raising the head to the rhythm, lips closed",
                "swaying into the first bars, lips closed",
            ),
            "loud": (
                "dancing to the first beats, lips closed",
                "dancing into the light, lips closed",
                "bouncing to the first bars, lips closed",
            ),
        },
        "",
        "move",
    ),
    "ending": Action(
        {
            "quiet": (
                "lowering the head slowly, lips closed",
                "turning away slowly, lips closed",
                "breathing out and standing still, lips closed",
            ),
            "medium": (
                "swaying more and more slowly, lips closed",
                "letting the arms sink, lips closed",
                "moving less and less, lips closed",
            ),
            "loud": (
                "dancing through the last bars, lips closed",
                "raising both arms and holding still, lips closed",
                "bowing deeply, lips closed",
            ),
        },
        "",
        "move",
    ),
    "punchline": _always(
        "tell",
        "tell",
        "delivering the punchline {how} and pausing for the laugh with closed lips",
        "telling a joke {how} up to the punchline and pausing for the laugh with closed lips",
    ),
    "laugh": _always(
        "",
        "wait",
        "pausing for the laugh, lips closed",
        "waiting out the laughter, lips closed",
        "looking into the laughing room, lips closed",
    ),
    "after the laugh": _always(
        "tell",
        "tell",
        "waiting out the laugh with closed lips and telling a joke {how} into the silence after it",
        "pausing for the laugh with closed lips and telling the next joke {how}",
    ),
    "silence": _always(
        "",
        "wait",
        "looking over the room, lips closed",
        "waiting in silence, lips closed",
        "taking a slow breath, lips closed",
    ),
    "listening": _always(
        "",
        "wait",
        "listening closely, lips closed",
        "waiting for the answer, lips closed",
        "taking a slow breath and listening, lips closed",
    ),
}  # fmt: skip

CONVERSATION: Mapping[Heard, Action] = {
    "talk": _CONVERSATIONS[0],
    "talk comes in": _CONVERSATIONS[1],
    "talk ends": _CONVERSATIONS[2],
    "talk now and then": _CONVERSATIONS[3],
}
"""Talks of several people."""

PLAYED_WITH_THE_MOUTH = _always("play", "play", "playing the {instrument}{together} {how}")

ALL_THROUGH = frozenset[Heard]({"singing", "rapping", "joke", "talk"})
WITH_A_VOICE = ALL_THROUGH | frozenset[Heard](
    {
        "singing comes in", "singing ends", "singing now and then", "rapping comes in", "rapping ends", "rapping now and then",
        "joke comes in", "joke ends", "joke now and then", "talk comes in", "talk ends", "talk now and then",
        "punchline", "after the laugh",
    }
)  # fmt: skip
LASTING = ALL_THROUGH | frozenset[Heard]({"playing", "music", "opening", "laugh", "silence", "listening"})
"""May go on over several windows. The others tell the course of one."""

HOW: Mapping[str, Levels] = {
    "": {"quiet": ("",), "medium": ("",), "loud": ("",)},
    "sing": {
        "quiet": ("softly", "almost in a whisper", "in a low warm voice", "tenderly"),
        "medium": ("clearly", "warmly", "with an easy open voice", "with a steady voice"),
        "loud": ("at full voice", "loudly", "with all the strength of the voice", "with a wide open mouth"),
    },
    "rap": {
        "quiet": ("in a low close voice", "slowly and word by word", "calmly", "under the breath"),
        "medium": ("with a steady flow", "line after line", "with sharp clear words", "with an easy swing"),
        "loud": ("hard and fast", "loudly", "with every word thrown forward", "with full force"),
    },
    "play": {
        "quiet": ("softly", "slowly and lightly", "with great care", "with light fingers"),
        "medium": ("steadily", "with an easy hand", "in time with the music", "with a light swing"),
        "loud": ("hard", "with full force", "fast and loudly", "with the whole body"),
    },
    "tell": {
        "quiet": ("quietly", "in a dry low voice", "slowly", "almost in secret"),
        "medium": ("clearly", "with lively eyes", "at an easy pace", "with small pauses"),
        "loud": ("loudly", "with rising energy", "with great excitement", "faster and faster"),
    },
}

MANNERS: Mapping[str, Mapping[Level, tuple[Manner, ...]]] = {
    "sing": {
        "quiet": (
            Manner("head tilted to one side"),
            Manner("hardly moving, eyes on the camera"),
            Manner("one hand resting on the heart", takes_hands=True),
            Manner("looking down and slowly up into the camera"),
            Manner("breathing in slowly between the lines"),
            Manner("swaying a little from side to side"),
            Manner("shoulders low and relaxed"),
            Manner("eyes half closed"),
        ),
        "medium": (
            Manner("shoulders moving with the beat", takes_beat=True),
            Manner("looking straight into the camera"),
            Manner("one hand drawing the line in the air", takes_hands=True),
            Manner("nodding on the beat", takes_beat=True),
            Manner("upper body shifting from side to side"),
            Manner("eyebrows lifting on the long notes"),
            Manner("leaning slightly toward the camera"),
            Manner("head turning gently from side to side"),
            Manner("both palms open at the waist", takes_hands=True),
        ),
        "loud": (
            Manner("chin lifted"),
            Manner("one arm stretched out to the side", takes_hands=True),
            Manner("leaning toward the camera"),
            Manner("both hands raised to the shoulders", takes_hands=True),
            Manner("eyes shut tight on the long notes"),
            Manner("one fist pressed to the heart", takes_hands=True),
            Manner("rocking with the beat", takes_beat=True),
            Manner("head shaking with the force of the words"),
            Manner("standing tall with shoulders back"),
        ),
    },
    "rap": {
        "quiet": (
            Manner("head low, eyes on the camera"),
            Manner("one hand counting out the words", takes_hands=True),
            Manner("hardly moving"),
            Manner("nodding slowly", takes_beat=True),
            Manner("one shoulder turned to the camera"),
            Manner("chin down"),
            Manner("eyes narrowed"),
        ),
        "medium": (
            Manner("one hand cutting the air on every beat", takes_hands=True, takes_beat=True),
            Manner("head bouncing on the beat", takes_beat=True),
            Manner("shoulders rolling"),
            Manner("looking straight into the camera"),
            Manner("fingers pointing out the words", takes_hands=True),
            Manner("leaning in on the last word of each line"),
            Manner("upper body shifting from side to side"),
        ),
        "loud": (
            Manner("both hands chopping the air", takes_hands=True),
            Manner("leaning hard into the camera"),
            Manner("shoulders jumping with the beat", takes_beat=True),
            Manner("one arm swinging down on every line", takes_hands=True),
            Manner("head driving forward on every word"),
            Manner("whole body bouncing on the beat", takes_beat=True),
            Manner("chin up, eyes on the camera"),
        ),
    },
    "play": {
        "quiet": (
            Manner("eyes on the hands"),
            Manner("eyes closed"),
            Manner("head bent over the {instrument}"),
            Manner("fingers moving slowly"),
            Manner("breathing with the phrases"),
            Manner("shoulders low and relaxed"),
            Manner("swaying a little"),
        ),
        "medium": (
            Manner("fingers moving in time"),
            Manner("nodding on the beat", takes_beat=True),
            Manner("looking up from the hands into the camera"),
            Manner("chin marking the beat", takes_beat=True),
            Manner("shoulders moving with the music"),
            Manner("leaning over the {instrument}"),
            Manner("head turned a little to one side"),
        ),
        "loud": (
            Manner("hands flying over the {instrument}"),
            Manner("head thrown back"),
            Manner("hair and shoulders shaking"),
            Manner("rocking back and forth on the beat", takes_beat=True),
            Manner("eyes shut tight"),
            Manner("leaning into every stroke"),
            Manner("elbows wide"),
        ),
    },
    "move": {
        "quiet": (
            Manner("eyes closed"),
            Manner("looking past the camera"),
            Manner("shoulders dropping with a long breath"),
            Manner("one hand resting on the other arm", takes_hands=True),
            Manner("hair moving in a light breeze"),
            Manner("looking down and slowly up"),
            Manner("head tilted to one side"),
        ),
        "medium": (
            Manner("shoulders rolling with the music"),
            Manner("eyes on the camera"),
            Manner("upper body following the beat", takes_beat=True),
            Manner("head moving from side to side"),
            Manner("fingers snapping softly", takes_hands=True),
            Manner("eyes closed"),
            Manner("arms loose at the sides"),
        ),
        "loud": (
            Manner("both arms above the head", takes_hands=True),
            Manner("hair flying"),
            Manner("shoulders shaking with the beat", takes_beat=True),
            Manner("clapping in time", takes_hands=True, takes_beat=True),
            Manner("fists pumping on the beat", takes_hands=True, takes_beat=True),
            Manner("head thrown back"),
            Manner("eyes on the camera"),
        ),
    },
    "tell": {
        "quiet": (
            Manner("one eyebrow raised"),
            Manner("leaning in as if with a secret"),
            Manner("one finger lifted", takes_hands=True),
            Manner("eyes moving slowly over the listeners"),
            Manner("head tilted to one side"),
            Manner("shoulders still"),
            Manner("one hand turning slowly with the words", takes_hands=True),
        ),
        "medium": (
            Manner("one hand shaping the words", takes_hands=True),
            Manner("eyes moving from face to face"),
            Manner("shoulders shrugging"),
            Manner("both palms turned up", takes_hands=True),
            Manner("nodding after each sentence"),
            Manner("eyebrows going up at the turn of the story"),
            Manner("leaning forward"),
        ),
        "loud": (
            Manner("both hands in the air", takes_hands=True),
            Manner("head shaking in disbelief"),
            Manner("leaning far forward"),
            Manner("one arm pointing into the room", takes_hands=True),
            Manner("rocking back and forth"),
            Manner("eyebrows high"),
            Manner("shoulders going up with every word"),
        ),
    },
    "wait": {
        "quiet": (
            Manner("eyes moving slowly over the room"),
            Manner("head tilted to one side"),
            Manner("eyes lowered"),
            Manner("brows slightly raised"),
            Manner("arms folded"),
            Manner("hardly moving"),
            Manner("chest rising and falling slowly"),
        ),
        "medium": (
            Manner("eyebrows raised"),
            Manner("nodding slowly"),
            Manner("shoulders lifting in a shrug"),
            Manner("arms folded"),
            Manner("head tilted to one side"),
            Manner("one hand rubbing the chin", takes_hands=True),
            Manner("looking down and up again"),
        ),
        "loud": (
            Manner("shaking the head"),
            Manner("eyebrows high"),
            Manner("both arms spread", takes_hands=True),
            Manner("looking at the floor and up again"),
            Manner("shoulders shaking a little"),
            Manner("nodding at the room"),
            Manner("hands on the hips", takes_hands=True),
        ),
    },
}  # fmt: skip

EXPRESSIONS: Levels = {
    "quiet": ("a soft, thoughtful face", "a tender face", "a longing face", "a faint smile", "a dreamy face"),
    "medium": ("a calm, open face", "a warm face", "an attentive face", "a half smile", "a playful face"),
    "loud": ("a radiant face", "a fierce face", "a defiant face", "a proud face", "a wild, happy face"),
}
"""Faces in music. Eyes are the manners' own."""

SPOKEN_EXPRESSIONS: Levels = {
    "quiet": ("a straight face", "a thoughtful face", "a faint crooked smile", "a deadpan face", "a serious face"),
    "medium": ("a half smile", "an open face", "a playful face", "an attentive face", "a knowing smile"),
    "loud": ("a broad grin", "an amazed face", "a fierce face", "a proud face", "an outraged face"),
}
