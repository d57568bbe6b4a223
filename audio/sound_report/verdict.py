"""The form of a verdict on a sound, and the remedies that several of them name."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .sound_report import SoundReport

Gravity = Literal["error", "warning", "hint"]
"""It makes no video; it harms the video; it is worth knowing."""

SONG = "SONG"
"""Stands for the song's file in a remedy."""

EXPORT_AGAIN = "export the song again"


@dataclass(frozen=True)
class Verdict:
    """One thing that is wrong with a sound.

    Attributes:
        name: In one word or two.
        gravity: How bad it is.
        found: The figure and the threshold.
        seen: What comes of it in the video.
        mend: What helps; `SONG` stands for the file.
    """

    name: str
    gravity: Gravity
    found: str
    seen: str
    mend: str

    def mend_of(self, song: str) -> str:
        """The remedy for a file.

        Args:
            song: Its name, as the user gave it; "" if it has none.
        """
        return self.mend.replace(SONG, shlex.quote(song)) if song else self.mend


Judge = Callable[[SoundReport], Verdict | None]
"""Looks at one thing; None if that is as it should be."""


def prepared(preset: str) -> str:
    """The remedy of a preset: the command, or the node."""
    named = shlex.quote(preset)
    return (
        f"python scripts/preprocess_audio_for_ltx.py {SONG} prepared.wav --preset {named}, or Prepare Audio for LTX with "
        f'preset "{preset}" in front of the audio encoder'
    )
