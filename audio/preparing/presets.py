"""The treatment of each kind of sound: data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .filters import Bell, Filter, HighPass


@dataclass(frozen=True)
class Preset:
    """A way to prepare a sound.

    Attributes:
        about: What it is for, in one line.
        chain: The filters, in order.
        room_tone_db: Level of added pink noise in dB relative to the loudness asked for; None for none.
    """

    about: str
    chain: tuple[Filter, ...]
    room_tone_db: float | None = None


_SPEECH = (HighPass(80), Bell(200, 1, -3), Bell(400, 1.2, -2), Bell(3000, 1, 4), Bell(6500, 0.7, 3))

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "speech": Preset("talks, dialogue, stand-up, and songs whose words must be seen", _SPEECH),
        "singing": Preset(
            "a finished mix with a voice: half of it, so that the music keeps its weight",
            (HighPass(60), Bell(200, 1, -2), Bell(400, 1.2, -1), Bell(3000, 1, 3), Bell(6500, 0.7, 2)),
        ),
        "podcast": Preset(
            "a voice close to the microphone: more boom taken away, less added to its sharp consonants",
            (HighPass(80), Bell(150, 0.9, -4), Bell(400, 1.2, -3), Bell(3000, 1, 3), Bell(6500, 0.7, 2)),
        ),
        "bass-heavy": Preset(
            "beats and bass that bury the voice",
            (HighPass(100), Bell(120, 0.7, -6), Bell(250, 1, -4), Bell(400, 1.2, -2), Bell(3000, 1, 5), Bell(6500, 0.7, 4)),
        ),
        "add-room-tone": Preset("speech from a synthesiser, whose perfect silence gives a still picture", _SPEECH, -40.0),
        "off": Preset("loudness and peaks only", ()),
    }
)
DEFAULT_PRESET = "speech"
