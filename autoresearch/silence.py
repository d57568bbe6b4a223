"""Silence of a song's length."""

from __future__ import annotations

import wave
from pathlib import Path

from ..preflight.song import read_song

_SAMPLES_A_BLOCK = 1 << 20


def silence_like(song: Path, folder: Path) -> Path:
    """Writes a WAV file of zeros with the channels, the rate and the length of a song.

    Raises:
        PlanError: The song cannot be read.
    """
    facts = read_song(song)
    target = folder / f"silence of {song.stem}.wav"
    with wave.open(str(target), "wb") as file:
        file.setnchannels(facts.channels)
        file.setsampwidth(2)
        file.setframerate(facts.sample_rate)
        for start in range(0, facts.samples, _SAMPLES_A_BLOCK):
            file.writeframes(bytes(2 * facts.channels * min(_SAMPLES_A_BLOCK, facts.samples - start)))
    return target
