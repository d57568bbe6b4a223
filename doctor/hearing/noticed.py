"""From when on sound and picture do not belong together."""

from __future__ import annotations

from dataclasses import dataclass

SONG_MINUTES = 4.0
"""A rate that is wrong shows at the end of a song; this is a song's length, if the video is shorter."""


@dataclass(frozen=True)
class Tolerance:
    """How far sound may be off.

    Attributes:
        early_ms: Ahead of the picture.
        late_ms: Behind it.
        source: Origin of both, a sentence.
    """

    early_ms: float
    late_ms: float
    source: str

    def limit_ms(self, sound_late_ms: float) -> float:
        """The limit on the side of an offset, with its sign: sound that is late counts above 0."""
        return self.late_ms if sound_late_ms >= 0 else -self.early_ms

    def times(self, sound_late_ms: float) -> float:
        """An offset as a multiple of the limit on its side."""
        return sound_late_ms / self.limit_ms(sound_late_ms)


ALLOWED = Tolerance(40.0, 60.0, "EBU R 37: at most 40 ms early or 60 ms late; nothing in a render moves its own song")
DETECTED = Tolerance(45.0, 125.0, "ITU-R BT.1359-1: viewers detect sound that is 45 ms early or 125 ms late")


def in_words(late_ms: float) -> str:
    """As "120 ms late" or "2.30 s early"."""
    return f"{size_in_words(late_ms)} {'late' if late_ms >= 0 else 'early'}"


def size_in_words(milliseconds: float) -> str:
    """As "120 ms" or "2.30 s"."""
    size = abs(milliseconds)
    return f"{size:.0f} ms" if size < 1000 else f"{size / 1000:.2f} s"
