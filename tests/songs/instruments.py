"""Notes of instruments, made from what makes each sound as it does: how it is excited, which partials it has, how they die.

Every function gives mono float32 samples at `rate`, about 1.0 at the loudest, with the note's release behind `seconds`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

Sound = NDArray[np.float32]
Random = np.random.Generator


def hertz(midi: float) -> float:
    return 440.0 * 2.0 ** ((midi - 69.0) / 12.0)


def partials(
    frequency: float, amplitudes: NDArray, count: int, rate: int, decay: float = 0.0, vibrato: NDArray | None = None
) -> Sound:
    """The sum of harmonics k with `amplitudes[k - 1]`, each dying at `k * decay` per second: powers of one complex tone."""
    amplitudes = amplitudes[: max(1, int(0.45 * rate / frequency))]
    time = np.arange(count, dtype=np.float64) / rate
    phase = 2 * np.pi * frequency * time
    if vibrato is not None:
        phase = phase + 2 * np.pi * frequency * np.cumsum(vibrato) / rate
    tone = (np.exp(-decay * time) * np.exp(1j * phase)).astype(np.complex64)
    total = np.full(count, amplitudes[-1], np.complex64)
    for amplitude in amplitudes[-2::-1]:
        total *= tone
        total += np.complex64(amplitude)
    total *= tone
    return total.imag / np.float32(np.sqrt(np.sum(amplitudes**2)) * 1.6)


def envelope(count: int, rate: int, attack: float, held: float, release: float) -> Sound:
    """Rises in `attack` seconds, stays until `held`, then falls with the time constant `release`."""
    time = np.arange(count, dtype=np.float32) / rate
    rise = np.minimum(1.0, time / attack)
    return (rise * np.exp(-np.maximum(0.0, time - held) / release)).astype(np.float32)


def _count(seconds: float, release: float, rate: int) -> int:
    return int((seconds + 4 * release) * rate)


def plucked(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """A guitar's string: plucked at a sixth or so of its length, high partials die first, damped when the note ends."""
    count, place = _count(seconds, 0.05, rate), random.uniform(0.12, 0.22)
    order = np.arange(1, 25)
    sound = partials(hertz(midi), np.sin(np.pi * place * order) / order**1.1, count, rate, decay=0.5 + midi / 60)
    sound *= envelope(count, rate, 0.003, seconds, 0.05)
    return sound


def struck(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """A piano: two strings a little apart, struck by a felt hammer whose knock is heard."""
    count, order = _count(seconds, 0.08, rate), np.arange(1, 17)
    amplitudes = 1.0 / order**1.3 * (1.0 + 0.3 * random.standard_normal(16).clip(-1, 1))
    sound = partials(hertz(midi), amplitudes, count, rate, decay=0.45)
    sound += partials(hertz(midi) * 1.0009, amplitudes, count, rate, decay=0.25)
    knock = int(0.02 * rate)
    sound[:knock] += 0.25 * random.standard_normal(knock).astype(np.float32) * np.linspace(1, 0, knock, dtype=np.float32) ** 2
    sound *= 0.6 * envelope(count, rate, 0.002, seconds, 0.08)
    return sound


def organ(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """Drawbars, a turning loudspeaker, no decay."""
    count, bars = _count(seconds, 0.03, rate), np.zeros(8)
    bars[[0, 1, 2, 3, 5, 7]] = [1.0, 0.8, 0.5, 0.4, 0.15, 0.2]
    turning = 1.0 + 0.12 * np.sin(2 * np.pi * (random.uniform(5.5, 6.8) * np.arange(count) / rate + random.random()))
    return (partials(hertz(midi), bars, count, rate) * envelope(count, rate, 0.008, seconds, 0.03) * turning).astype(np.float32)


def bowed(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """A violin or cello: a saw's partials, slow to speak, vibrato that begins late, and the bow's noise."""
    count, order = _count(seconds, 0.08, rate), np.arange(1, 31)
    time = np.arange(count) / rate
    depth = 0.006 * np.clip((time - 0.15) / 0.25, 0.0, 1.0)
    vibrato = depth * np.sin(2 * np.pi * random.uniform(4.8, 6.2) * time)
    body = 1.0 + 0.6 * np.cos(order * hertz(midi) / 450.0 + random.uniform(0, 6))
    sound = partials(hertz(midi), body / order**1.15, count, rate, vibrato=vibrato)
    sound += 0.03 * random.standard_normal(count).astype(np.float32)
    return sound * envelope(count, rate, min(0.09, 0.3 * seconds), seconds, 0.08)


def pad(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """A synthesiser: two soft saws that beat against each other, slow in and out."""
    count, order = _count(seconds, 0.25, rate), np.arange(1, 13)
    amplitudes, apart = np.exp(-order / 5.0) / order, random.uniform(1.002, 1.005)
    sound = partials(hertz(midi), amplitudes, count, rate) + partials(hertz(midi) * apart, amplitudes, count, rate)
    return sound * (0.7 * envelope(count, rate, min(0.25, 0.4 * seconds), seconds, 0.25))


def blown(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """A flute or a clarinet: few partials, breath around them, vibrato of loudness more than of pitch."""
    count, time = _count(seconds, 0.05, rate), np.arange(_count(seconds, 0.05, rate)) / rate
    amplitudes = np.array([1.0, random.uniform(0.1, 0.6), random.uniform(0.2, 0.6), 0.15, 0.1, 0.05])
    wave = np.sin(2 * np.pi * random.uniform(4.5, 5.5) * time) * np.clip((time - 0.2) / 0.3, 0, 1)
    sound = partials(hertz(midi), amplitudes, count, rate, vibrato=0.003 * wave) * (1.0 + 0.15 * wave)
    sound = sound + 0.05 * random.standard_normal(count)
    return (sound * envelope(count, rate, 0.05, seconds, 0.05)).astype(np.float32)


def bass(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """A bass guitar with a finger's attack."""
    count, order = _count(seconds, 0.04, rate), np.arange(1, 9)
    amplitudes = np.sin(np.pi * random.uniform(0.2, 0.3) * order) / order
    return partials(hertz(midi), amplitudes, count, rate, decay=0.6) * envelope(count, rate, 0.006, seconds, 0.04)


def synth_bass(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    count, order = _count(seconds, 0.03, rate), np.arange(1, 13)
    return partials(hertz(midi), 1.0 / order, count, rate, decay=random.uniform(0.1, 0.4)) * envelope(
        count, rate, 0.004, seconds, 0.03
    )


def _noise(seconds: float, fall: float, rate: int, random: Random, band: tuple[float, float]) -> Sound:
    noise = random.standard_normal(int(seconds * rate))
    high = min(band[1], 0.49 * rate)
    noise = sosfilt(butter(2, [band[0], high], "bandpass", fs=rate, output="sos"), noise)
    return (noise / (np.abs(noise).max() + 1e-9) * np.exp(-np.arange(len(noise)) / (fall * rate))).astype(np.float32)


def kick(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """A head that is struck: its pitch falls from about 150 to 50 Hz while it dies, with a click of the beater."""
    time = np.arange(int(0.35 * rate)) / rate
    pitch = random.uniform(46, 58) + 110.0 * np.exp(-time / 0.025)
    sound = np.sin(2 * np.pi * np.cumsum(pitch) / rate) * np.exp(-time / 0.1)
    click = int(0.004 * rate)
    sound[:click] += 0.4 * random.standard_normal(click)
    return sound.astype(np.float32)


def snare(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    """Two modes of the head under the rattle of the wires."""
    sound = 0.9 * _noise(0.25, 0.06, rate, random, (1200.0, 7800.0))
    time = np.arange(len(sound)) / rate
    head = np.sin(2 * np.pi * 185 * time) + 0.6 * np.sin(2 * np.pi * 331 * time)
    return (sound + 0.45 * head * np.exp(-time / 0.05)).astype(np.float32)


def clap(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    sound = _noise(0.2, 0.05, rate, random, (900.0, 4000.0))
    for late in (0.011, 0.023):
        first = int(late * rate)
        sound[first:] += 0.6 * sound[: len(sound) - first]
    return sound


def closed_hat(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    return _noise(0.08, 0.018, rate, random, (6000.0, 14000.0))


def open_hat(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    return _noise(0.5, 0.12, rate, random, (5500.0, 14000.0))


def shaker(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    sound = _noise(0.12, 0.03, rate, random, (4000.0, 9000.0))
    return (sound * np.minimum(1.0, np.arange(len(sound)) / (0.02 * rate))).astype(np.float32)


def crash(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    return _noise(1.6, 0.45, rate, random, (3000.0, 15000.0))


def tom(midi: float, seconds: float, rate: int, random: Random) -> Sound:
    time = np.arange(int(0.35 * rate)) / rate
    pitch = hertz(midi) * (1.0 + 0.4 * np.exp(-time / 0.03))
    return (np.sin(2 * np.pi * np.cumsum(pitch) / rate) * np.exp(-time / 0.09)).astype(np.float32)


Play = Callable[[float, float, int, Random], Sound]
INSTRUMENTS: dict[str, Play] = {
    play.__name__: play
    for play in (
        *(plucked, struck, organ, bowed, pad, blown, bass, synth_bass),
        *(kick, snare, clap, closed_hat, open_hat, shaker, crash, tom),
    )
}
