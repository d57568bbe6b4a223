"""Recordings of a known kind: speech with music, and then what a telephone, a microphone, a room or a careless export does.

Each kind is defined by its cause, in the units of that cause; nothing here knows how a verdict is found.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from .speech import SPEECH_HZ, VOICES, sentences, spoken

Kind = Literal["fine", "dull", "boomy", "noisy", "clipped"]
KINDS: tuple[Kind, ...] = get_args(Kind)

CASE_SECONDS = 3.0
_PIECES = 8
_LENGTH = int(CASE_SECONDS * SPEECH_HZ)

Sound = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SoundCase:
    """A recording of a known kind.

    Attributes:
        kind: What was done to it.
        how: The same in figures.
        samples: Float32 (1, N) at `SPEECH_HZ`.
    """

    kind: Kind
    how: str
    samples: NDArray[np.float32]


def sound_case(seed: int, kind: Kind | None = None, voice_db: tuple[float, float] = (0.0, 20.0)) -> SoundCase:
    """A recording; the same seed gives the same.

    Args:
        seed: Seeds that follow each other go through all kinds, if `kind` is not given.
        kind: What is done to it.
        voice_db: Range of the voice's level above the music's.
    """
    rng = np.random.default_rng(seed)
    kind = kind or KINDS[seed % len(KINDS)]
    above_db = rng.uniform(*voice_db)
    sound = _voice(int(rng.integers(len(VOICES)))) + _music(int(rng.integers(_PIECES))) * 10 ** (-above_db / 20)
    sound = _low_shelf(sound, 250, rng.uniform(-3, 3))
    sound, how = _DONE[kind](sound, rng)
    if rng.random() < 0.3:
        bit_rate = int(rng.choice([64, 96, 128]))
        sound, how = _as_mp3(sound, bit_rate), f"{how}, as MP3 of {bit_rate} kbit/s"
    return SoundCase(kind, f"voice {above_db:.0f} dB over music, {how}", sound.astype(np.float32)[None])


def _left(sound: Sound, rng: np.random.Generator) -> tuple[Sound, str]:
    return _with_room(_at_peak(sound, rng), rng), "as it is"


def _dulled(sound: Sound, rng: np.random.Generator) -> tuple[Sound, str]:
    device = rng.choice(["telephone", "codec", "microphone"])
    if device == "telephone":
        low = signal.resample_poly(sound, 160, 441)
        dulled, how = signal.resample_poly(low, 441, 160)[: len(sound)], "a telephone at 8 kHz"
    else:
        corner, order = (rng.uniform(2000, 3400), 8) if device == "codec" else (rng.uniform(1500, 2500), 2)
        dulled = signal.sosfilt(signal.butter(order, corner, fs=SPEECH_HZ, output="sos"), sound)
        how = f"a {device} that falls from {corner:.0f} Hz on with {6 * order} dB an octave"
    return _with_room(_at_peak(dulled, rng), rng), how


def _boomed(sound: Sound, rng: np.random.Generator) -> tuple[Sound, str]:
    corner, gain = rng.uniform(220, 320), rng.uniform(15, 21)
    raised = _low_shelf(sound, corner, gain)
    return _with_room(_at_peak(raised, rng), rng), f"a microphone so close that it adds {gain:.0f} dB below {corner:.0f} Hz"


def _hissed(sound: Sound, rng: np.random.Generator) -> tuple[Sound, str]:
    snr_db, is_pink = rng.uniform(0, 15), rng.random() < 0.5
    noise = rng.normal(size=len(sound))
    if is_pink:
        spectrum = np.fft.rfft(noise)
        noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), len(noise))
    noisy = sound / _rms(sound) + noise / _rms(noise) * 10 ** (-snr_db / 20)
    return _at_peak(noisy, rng), f"{'pink' if is_pink else 'white'} noise {snr_db:.0f} dB below"


def _cut(sound: Sound, rng: np.random.Generator) -> tuple[Sound, str]:
    gain, limit = rng.uniform(8, 18), rng.choice([1.0, 0.7])
    cut = np.clip(sound / np.abs(sound).max() * 10 ** (gain / 20), -1, 1) * limit
    return cut, f"{gain:.0f} dB too loud, cut at {limit}"


_DONE = {"fine": _left, "dull": _dulled, "boomy": _boomed, "noisy": _hissed, "clipped": _cut}


def _at_peak(sound: Sound, rng: np.random.Generator) -> Sound:
    return sound / np.abs(sound).max() * rng.uniform(0.3, 0.95)


def _with_room(sound: Sound, rng: np.random.Generator) -> Sound:
    """Two of three with the noise of a quiet room."""
    if rng.random() < 1 / 3:
        return sound
    return sound + rng.normal(size=len(sound)) * _rms(sound) * 10 ** (-rng.uniform(38, 60) / 20)


def _rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound**2)))


@lru_cache
def _voice(index: int) -> Sound:
    """A sentence, said again until the time is over, of RMS 1."""
    name = VOICES[index]
    said = spoken(sentences(name)[index % len(sentences(name))], name, 130 + 10 * index, 30 + 5 * index)
    sound = np.resize(said, _LENGTH).astype(np.float64)
    return sound / _rms(sound)


@lru_cache
def _music(index: int) -> Sound:
    """Bass, chords, a tune and mostly drums, of RMS 1."""
    rng = np.random.default_rng(1000 + index)
    beat, root = 60 / rng.uniform(70, 160), rng.uniform(80, 140)
    has_drums = index % 4 > 0
    out = np.zeros(_LENGTH + SPEECH_HZ)

    def put(sound: Sound, seconds: float, gain: float) -> None:
        begin = int(seconds * SPEECH_HZ)
        length = max(0, min(len(sound), len(out) - begin))
        out[begin : begin + length] += gain * sound[:length]

    def note(hz: float, seconds: float, tilt: float) -> Sound:
        times = np.arange(int(seconds * SPEECH_HZ)) / SPEECH_HZ
        partials = np.arange(1, min(20, int(0.95 * SPEECH_HZ / 2 / hz)) + 1)
        waves = np.sin(2 * np.pi * hz * np.outer(partials, times) + rng.uniform(0, 2 * np.pi, len(partials))[:, None])
        envelope = np.minimum(1, times / 0.01) * np.exp(-2 * times / seconds) * np.minimum(1, (seconds - times) / 0.01)
        return (partials**-tilt) @ waves * envelope

    for number in range(int(CASE_SECONDS / beat) + 1):
        at, hz = number * beat, root * 2 ** (rng.choice([0, 5, 7]) / 12)
        put(note(hz * (0.5 if hz > 110 else 1), 0.9 * beat, 1.2), at, 0.35)
        for semitone in (0, int(rng.choice([3, 4])), 7):
            put(note(2 * hz * 2 ** (semitone / 12), beat, rng.uniform(0.9, 1.4)), at, 0.22)
        put(note(4 * hz * 2 ** (rng.choice([0, 2, 4, 7, 9]) / 12), beat, 1.0), at + rng.choice([0, beat / 2]), 0.25)
        if has_drums:
            _drums(number, beat, put, rng)
    return out[:_LENGTH] / _rms(out[:_LENGTH])


def _drums(number: int, beat: float, put: Callable[[Sound, float, float], None], rng: np.random.Generator) -> None:
    times = np.arange(SPEECH_HZ // 4) / SPEECH_HZ
    if number % 2 == 0:
        put(np.sin(2 * np.pi * (50 * times - 4 * np.exp(-30 * times))) * np.exp(-18 * times), number * beat, 0.6)
    else:
        put(rng.normal(size=len(times)) * np.exp(-25 * times) / 2, number * beat, 0.6)
        put(np.sin(2 * np.pi * 190 * times) * np.exp(-30 * times) / 2, number * beat, 0.6)
    for half in (0, 0.5):
        hat = rng.normal(size=2000) * np.exp(-60 * np.arange(2000) / SPEECH_HZ)
        put(np.diff(hat, prepend=0), (number + half) * beat, 0.22)


def _low_shelf(sound: Sound, corner_hz: float, gain_db: float) -> Sound:
    """A shelf of slope 1, after the Audio EQ Cookbook (R. Bristow-Johnson)."""
    root = 10 ** (gain_db / 40)
    turn = 2 * np.pi * corner_hz / SPEECH_HZ
    cosine, width = np.cos(turn), 2 * np.sqrt(root) * np.sin(turn) / np.sqrt(2)
    up, down = root + 1, root - 1
    above = [root * (up - down * cosine + width), 2 * root * (down - up * cosine), root * (up - down * cosine - width)]
    below = [up + down * cosine + width, -2 * (down + up * cosine), up + down * cosine - width]
    return signal.lfilter(above, below, sound)


def _as_mp3(sound: Sound, kilobits: int) -> Sound:
    """Encoded and decoded again."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", "mp3") as container:
        stream = container.add_stream("libmp3lame", rate=SPEECH_HZ, layout="mono", bit_rate=1000 * kilobits)
        frame = av.AudioFrame.from_ndarray(sound.astype(np.float32)[None], "fltp", "mono")
        frame.sample_rate = SPEECH_HZ
        for each in (frame, None):
            container.mux(stream.encode(each))
    file.seek(0)
    with av.open(file) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]).astype(np.float64)
