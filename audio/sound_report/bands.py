"""The bands in which a voice is looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """A range of frequencies, `[low, high)`.

    Attributes:
        name: What is heard in it.
        low_hz: Its lower edge.
        high_hz: Its upper edge.
    """

    name: str
    low_hz: int
    high_hz: int

    @property
    def range_text(self) -> str:
        """As in "4 - 8 kHz"."""
        if self.low_hz < 1000:
            return f"{self.low_hz} - {self.high_hz} Hz"
        return f"{self.low_hz / 1000:g} - {self.high_hz / 1000:g} kHz"


BOOM = Band("boom", 60, 300)
BODY = Band("body", 300, 800)
VOWELS = Band("vowels", 800, 1500)
PRESENCE = Band("presence", 1500, 4000)
SIBILANCE = Band("sibilance", 4000, 8000)

BANDS = (BOOM, BODY, VOWELS, PRESENCE, SIBILANCE)
"""The range of a voice that an encoder at 16 kHz hears, from the lowest note to the consonants."""
