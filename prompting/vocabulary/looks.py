"""The look of a picture: framing, light, what moves behind, places, and what must not be seen."""

from __future__ import annotations

from collections.abc import Mapping

from ...audio.analysis.song_analysis import Level
from ..wishes import DRAWN_STYLES, Kind, Style
from .actions import Levels

STILL_CAMERA = "static camera, locked off shot"
"""A face that changes its place or size within a window gives lips nothing to follow."""

LAST_MOVE = "slow dolly out"
"""The one move that there is: in the last entry, if no lips move in it."""

FRAMING = "medium close-up"
FRAMINGS: Levels = {
    "quiet": ("close-up", "close-up slightly from the left", "medium close-up", "close-up slightly from the right"),
    "medium": ("medium close-up", "medium close-up slightly from the left", "medium close-up slightly from the right"),
    "loud": ("medium shot from the waist up", "medium close-up from slightly below", "medium shot slightly from the left"),
}
GROUP_FRAMING = "medium shot with all faces in frame"
GROUP_FRAMINGS = (
    "medium shot with all faces in frame",
    "medium close-up with the faces side by side",
    "medium shot slightly from the side with all faces in frame",
)
INSTRUMENT_FRAMING = "medium shot with face and {instrument} in frame"
INSTRUMENT_FRAMINGS = (
    "medium shot with face and {instrument} in frame",
    "medium shot slightly from the left with the {instrument} in frame",
    "medium close-up with face and hands in frame",
)

STEADY_LIGHT, STEADY_DRAWN_LIGHT = "steady light", "steady colours"
DRAWN_LOOKS: Mapping[Style, str] = {
    "illustrated": "clean drawn lines",
    "painterly": "visible brush strokes",
    "animated": "clean outlines and simple shapes",
}
"""Said in every entry: the model pulls drawings toward films."""

LIGHTS: Levels = {
    "quiet": ("dim warm light", "low light with deep shadows", "cool blue half-light", "one soft light from the side"),
    "medium": ("soft window light", "warm light from the side", "clear even light", "golden light from behind"),
    "loud": ("bright strong light", "red and amber light", "strong light from behind", "vivid coloured light"),
}
DRAWN_LIGHTS: Levels = {
    "quiet": ("muted colours", "dark, soft colours", "cool blue colours", "pale, washed colours"),
    "medium": ("warm, flat colours", "soft, even colours", "clear morning colours", "golden evening colours"),
    "loud": ("bright, bold colours", "red and amber colours", "strong contrasting colours", "glowing colours"),
}
"""Of drawings and paintings: words for lamps and lenses pull them toward photographs."""

BEHIND: Levels = {
    "quiet": (
        "dust drifting in the air behind",
        "a thin mist behind",
        "rain running down a window behind",
        "curtains stirring behind",
    ),
    "medium": ("leaves stirring in the wind behind", "thin haze drifting behind", "soft lights out of focus behind"),
    "loud": ("lights flickering behind", "wind in hair and clothes", "sparks of light drifting behind"),
}

PLACES: Mapping[Kind, Levels] = {
    "music": {
        "quiet": (
            "in a small room with one lamp",
            "beside a tall window with rain on the glass",
            "on an empty beach in the early morning",
            "in a train carriage at night",
            "in an empty church with high windows",
            "on the steps of an old house at dusk",
        ),
        "medium": (
            "in a narrow street with wet paving",
            "in a greenhouse full of plants",
            "in a diner with chrome counters",
            "in a meadow of tall grass",
            "on a bridge above dark water",
            "in a workshop with wooden walls",
        ),
        "loud": (
            "on a rooftop above the city at night",
            "in a tunnel with rows of lamps",
            "in an old theatre with red seats",
            "on a cliff above the sea",
            "in a large empty hall",
            "in a street full of coloured signs",
        ),
    },
    "standup": {
        "quiet": ("on a small stage with a brick wall", "on a bare stage with a dark curtain"),
        "medium": ("on a stage with a wooden wall", "on a stage with a red curtain", "on a stage with small round lamps"),
        "loud": ("on a theatre stage with golden walls", "on a stage with a bright painted wall"),
    },
    "dialogue": {
        "quiet": ("at a kitchen table in the evening", "on a bench in an empty park", "in an armchair by a window"),
        "medium": ("in a studio with shelves of books", "at a table in a small cafe", "in a bright living room"),
        "loud": ("at a table in a busy cafe", "in a radio studio with dark walls", "on a terrace above a street"),
    },
}

_ALWAYS_UNWANTED = (
    *("blurry face", "deformed hands", "extra fingers", "extra limbs", "distorted mouth", "frozen picture", "subtitles"),
    *("captions", "letters", "watermark", "logo", "wide shot", "shaky camera", "zoom"),
)
_SECOND_PERSON = ("second person", "duplicate person", "crowd in front of the camera")
_LIKE_A_DRAWING = ("cartoon", "anime", "illustration", "painting", "3d render", "video game", "childish")
_LIKE_A_PHOTOGRAPH = (
    *("photorealistic", "realistic skin", "film grain", "cinematic lighting", "live-action footage"),
    *("theatrical stage lighting", "broadway musical"),
)
"""LTX has learned to sing from films, and pulls every mouth that is drawn toward them."""

_UNWANTED_IN: Mapping[Kind, tuple[str, ...]] = {
    "music": ("microphone", "microphone stand"),
    "standup": ("singing", "dancing", "music video", "musical instrument"),
    "dialogue": ("singing", "dancing", "music video", "stage", "microphone", "microphone stand"),
}


def negative_prompt(style: Style, kind: Kind, shown: str, *, is_one_person: bool) -> str:
    """The things that must not be seen: the opposite of the style, what the model adds unasked, and usual faults.

    Args:
        style: Of the picture.
        kind: What is filmed.
        shown: Subject and picture in words; what they name is not unwanted.
        is_one_person: Whether others must not come in.
    """
    opposite = () if style == "none" else _LIKE_A_PHOTOGRAPH if style in DRAWN_STYLES else _LIKE_A_DRAWING
    others = _SECOND_PERSON if is_one_person else ()
    told = shown.lower().replace("mic ", "microphone ")
    terms = (*opposite, *_ALWAYS_UNWANTED, *_UNWANTED_IN[kind], *others)
    return ", ".join(term for term in terms if term.removesuffix(" stand") not in told)


def lights_of(style: Style, level: Level) -> tuple[str, ...]:
    """Words for the light of a section, or for the colours of a drawn one."""
    return (DRAWN_LIGHTS if style in DRAWN_STYLES else LIGHTS)[level]
