"""The sound of a video: speech, music, or speech over music, and how far the mouth of the one who speaks is open."""

from __future__ import annotations

import functools
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from audio_loop.tests.songs import make_song
from audio_loop.tests.speech import SPEECH_HZ, VOICES, sentences, spoken

SOUND_HZ = 44_100
Samples = NDArray[np.float32]
SoundKind = Literal["speech", "music", "speech over music", "instrumental"]


@dataclass(frozen=True)
class Sound:
    """A sound of N samples at `SOUND_HZ`.

    Attributes:
        samples: (N,) from -1 to 1.
        voice: (N,) the voice in it alone, all 0 if nobody speaks.
    """

    samples: Samples
    voice: Samples

    def openness(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far the mouth is open at given seconds, 0 to 1: the level of the voice over 40 ms, with no delay."""
        step = SOUND_HZ // 100
        count = len(self.voice) // step
        power = np.mean(self.voice[: count * step].reshape(count, step) ** 2, axis=1)
        level = np.sqrt(np.convolve(power, np.hanning(6)[1:-1] / np.hanning(6)[1:-1].sum(), "same"))
        loud = np.percentile(level, 92)
        if loud <= 1e-5:
            return np.zeros(len(seconds))
        return np.interp(seconds, (np.arange(count) + 0.5) / 100, np.clip(level / loud, 0, 1.1) ** 0.7)


def make_sound(seed: int, kind: SoundKind, seconds: float) -> Sound:
    """A sound of a kind; the same each time for the same arguments."""
    random = np.random.default_rng([seed, 71])
    length = round(seconds * SOUND_HZ)
    talks = kind in ("speech", "speech over music")
    voice = _talk(random, length) if talks else np.zeros(length, np.float32)
    if kind == "speech":
        room = 10 ** (-random.uniform(48, 60) / 20) * random.standard_normal(length)
        return Sound((0.7 * voice + room).astype(np.float32), voice)
    music = _music(int(random.integers(24)), random.random(), length, sung=kind != "instrumental")
    level = random.uniform(0.15, 0.3) if talks else 1.0
    mixed = level * music + 0.6 * voice
    return Sound((0.85 * mixed / max(np.abs(mixed).max(), 0.2)).astype(np.float32), voice)


def write_wav(path: Path, samples: Samples) -> None:
    """Writes samples to both channels of a 16-bit file."""
    numbers = np.repeat(np.clip(np.round(samples * 32_000), -32_768, 32_767).astype("<i2"), 2)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SOUND_HZ)
        file.writeframes(numbers.tobytes())


def _talk(random: np.random.Generator, length: int) -> Samples:
    voice = VOICES[random.integers(len(VOICES))]
    speed, pitch = int(random.integers(130, 185)), int(random.integers(35, 65))
    out = np.zeros(length, np.float32)
    texts = sentences(voice)
    at, turn = int(random.uniform(0.1, 0.5) * SOUND_HZ), int(random.integers(len(texts)))
    while at < length:
        said = resample_poly(spoken(texts[turn % len(texts)], voice, speed, pitch), SOUND_HZ // SPEECH_HZ, 1)
        piece = said[: length - at]
        out[at : at + len(piece)] = piece
        at += len(said) + int(random.uniform(0.25, 0.9) * SOUND_HZ)
        turn += 1
    return (0.9 * out / max(np.abs(out).max(), 0.05)).astype(np.float32)


def _music(seed: int, start: float, length: int, *, sung: bool) -> Samples:
    song = _song(seed, sung)
    first = int(start * max(1, len(song) - length))
    piece = np.resize(song, length + first)[first:]
    return piece.astype(np.float32)


@functools.lru_cache(maxsize=4)
def _song(seed: int, sung: bool) -> Samples:
    song = make_song(seed, form="ABAB", drums=True, voice=None if sung else False, part_seconds=11.0)
    samples = resample_poly(song.rendered(SPEECH_HZ, 1)[0], SOUND_HZ // SPEECH_HZ, 1)
    return (0.85 * samples / np.abs(samples).max()).astype(np.float32)
