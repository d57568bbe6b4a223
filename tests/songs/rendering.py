"""A score as sound: each note made once, tracks mixed, the room around them, noise, a limiter."""

from __future__ import annotations

import zlib

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from .instruments import INSTRUMENTS, Sound
from .values import Samples, Score
from .voice import sing

TRACK_LEVEL = 0.16
PEAK = 0.89
VARIANTS = 2
"""Takes of the same note: two strokes never sound quite alike."""

LENGTH_STEP_SECONDS = 0.06
"""Notes of nearly the same length are one sound."""


def render(score: Score, sample_rate: int, channels: int = 1, tracks: tuple[str, ...] = ()) -> Samples:
    """(channels, N) float32; only `tracks` if any are named, as loud as they are in the whole mix."""
    whole = _mix(score, sample_rate, channels, tracks)
    loudest = whole if not tracks else _mix(score, sample_rate, channels, ())
    _fade(whole, score, sample_rate)
    return whole * np.float32(PEAK / max(1e-6, float(np.abs(loudest).max())))


def _mix(score: Score, rate: int, channels: int, tracks: tuple[str, ...]) -> Samples:
    count = int(score.duration_seconds * rate)
    dry = np.zeros((channels, count), np.float32)
    sent = np.zeros(count, np.float32)
    made: dict[tuple[str, float, int, int], Sound] = {}
    by_track: dict[str, Samples] = {}
    for number, note in enumerate(score.notes):
        if tracks and note.track not in tracks:
            continue
        steps = max(1, round(note.seconds / LENGTH_STEP_SECONDS))
        key = (note.instrument, note.midi, steps, number % VARIANTS)
        if key not in made:
            random = np.random.default_rng([score.seed, zlib.crc32(repr(key).encode())])
            made[key] = INSTRUMENTS[note.instrument](note.midi, steps * LENGTH_STEP_SECONDS, rate, random)
        sound = made[key]
        if note.track not in by_track:
            by_track[note.track] = np.zeros(count, np.float32)
        buffer = by_track[note.track]
        first = int(note.start_seconds * rate)
        last = min(count, first + len(sound))
        buffer[first:last] += np.float32(note.velocity) * sound[: last - first]
    if score.syllables and (not tracks or "voice" in tracks):
        random = np.random.default_rng([score.seed, 1])
        by_track["voice"] = sing(score.syllables, count / rate, rate, score.mix.singer_formants, random)[:count]
    for track, buffer in by_track.items():
        gain = TRACK_LEVEL * 10 ** (score.mix.level_db[track] / 20)
        buffer = buffer[:count] * np.float32(gain)
        angle = (score.mix.place[track] + 1.0) * np.pi / 4
        places = (1.0,) if channels == 1 else (np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle))
        for channel, part in enumerate(places):
            dry[channel, : len(buffer)] += np.float32(part) * buffer
        if track != "bass":
            sent[: len(buffer)] += buffer
    for channel in range(channels):
        random = np.random.default_rng([score.seed, 2, channel])
        dry[channel] += _room(sent, score, rate, random)
        if not tracks:
            dry[channel] += np.float32(10 ** (score.mix.noise_db / 20)) * random.standard_normal(count, np.float32)
    # Loud moments are rounded off, as every master does.
    return np.tanh(dry, out=dry)


def _room(sent: Samples, score: Score, rate: int, random: np.random.Generator) -> Samples:
    """What comes back from the walls: noise that dies away, high tones first by being averaged."""
    length = int(score.mix.reverb_seconds * 0.7 * rate)
    tail = random.standard_normal(length).astype(np.float32)
    tail[1:] = 0.6 * tail[1:] + 0.4 * tail[:-1]
    tail *= np.exp(-6.9 * np.arange(length, dtype=np.float32) / (score.mix.reverb_seconds * rate))
    tail[: int(0.012 * rate)] = 0.0
    tail *= np.float32(10 ** (score.mix.reverb_db / 20) / np.sqrt(np.sum(tail**2)))
    size = next_fast_len(len(sent) + length, real=True)
    return irfft(rfft(sent, size) * rfft(tail, size), size)[: len(sent)]


def _fade(samples: Samples, score: Score, rate: int) -> None:
    count = int(score.mix.fade_out_seconds * rate)
    if count:
        samples[:, -count:] *= np.linspace(1.0, 0.0, count, dtype=np.float32)
