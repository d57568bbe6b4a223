"""From when on people notice that sound and picture do not belong together."""

from __future__ import annotations

EARLY_MS, LATE_MS = 45.0, 125.0
SOURCE = "ITU-R BT.1359-1: sound is noticed from 45 ms early or 125 ms late on (EBU R 37 asks for 40 early, 60 late at most)"


def noticed_ms(late_ms: float) -> float:
    """The threshold in ms on the side of an offset, with its sign: sound that is late counts above 0."""
    return LATE_MS if late_ms >= 0 else -EARLY_MS


def times_noticed(late_ms: float) -> float:
    """An offset of the sound as a multiple of what is noticed on its side."""
    return late_ms / noticed_ms(late_ms)


def in_words(late_ms: float) -> str:
    """As "120 ms late" or "2.3 s early"."""
    size = abs(late_ms)
    return f"{f'{size:.0f} ms' if size < 1000 else f'{size / 1000:.2f} s'} {'late' if late_ms >= 0 else 'early'}"
