"""The look of a picture: framing, light, what moves behind, places, and what must not be seen."""

from __future__ import annotations

from collections.abc import Mapping

from ..wishes import Style

STILL_CAMERA = "static camera, locked off shot"
LAST_MOVE = "slow dolly out"
"""The one move that the guide allows: in the last entry, if nobody sings in it."""

FRAMINGS = ("medium close-up", "close-up", "medium shot")
"""All keep the mouth large enough."""

_PHOTOGRAPHED = (
    "warm key light from one side", "cool blue backlight", "soft window light", "golden rim light", "low light with deep "
    "shadows",
    "pale morning light", "red and amber light", "bright even light",
)  # fmt: skip
_DRAWN = (
    "warm, flat colours", "cool blue colours", "pale morning colours", "golden evening colours", "dark colours with bright "
    "edges",
    "muted grey colours", "red and amber colours", "bright, clear colours",
)  # fmt: skip
LIGHTS: Mapping[Style, tuple[str, ...]] = {
    "cinematic": _PHOTOGRAPHED,
    "realistic": _PHOTOGRAPHED,
    "illustrated": _DRAWN,
    "painterly": _DRAWN,
    "animated": _DRAWN,
    "none": _PHOTOGRAPHED,
}

BEHIND = (
    "dust drifting in the air behind", "curtains stirring behind", "soft lights flickering behind", "thin haze drifting behind",
    "leaves stirring in the wind behind", "rain running down a window behind", "snow falling slowly behind",
)  # fmt: skip

PLACES = (
    "on a rooftop at dusk", "in an empty theatre", "beside a tall window", "in a sunlit meadow", "in a street at night with "
    "wet asphalt",
    "in a room with wooden walls", "on a pier above dark water", "in a greenhouse full of plants", "in a long corridor with "
    "old lamps",
)  # fmt: skip

_ALWAYS_UNWANTED = (
    "blurry face, deformed hands, extra fingers, extra limbs, distorted mouth, subtitles, captions, letters, watermark, logo, "
    "wide shot, shaky camera, zoom"
)
_MICROPHONE = "microphone, microphone stand"
_SECOND_PERSON = "second person, duplicate person, crowd in front of the camera"
_LIKE_A_DRAWING = "cartoon, anime, illustration, painting, 3d render, video game, childish"
_LIKE_A_PHOTOGRAPH = (
    "photorealistic, realistic skin, film grain, cinematic lighting, live-action footage, theatrical stage lighting, broadway "
    "musical"
)
_UNWANTED: Mapping[Style, str] = {
    "cinematic": _LIKE_A_DRAWING,
    "realistic": _LIKE_A_DRAWING,
    "illustrated": _LIKE_A_PHOTOGRAPH,
    "painterly": _LIKE_A_PHOTOGRAPH,
    "animated": _LIKE_A_PHOTOGRAPH,
    "none": "",
}


def negative_prompt(style: Style, *, is_one_person: bool, shows_microphone: bool, is_talk: bool) -> str:
    """The things that must not be seen: the opposite of the style, and what the model adds to a singer unasked."""
    parts = (
        _UNWANTED[style],
        _ALWAYS_UNWANTED,
        "" if shows_microphone else _MICROPHONE,
        _SECOND_PERSON if is_one_person else "",
        "singing, music video" if is_talk else "",
    )
    return ", ".join(part for part in parts if part)
