"""A song that nobody has rights in: a voice made of formants over a beat and a bass. The same samples every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import butter, lfilter, sosfilt

SAMPLE_RATE_HZ = 44_100
TEMPO_BPM = 96.0
SEED = 20230
PEAK = 0.85

# First three formants of sung vowels, in Hz (Peterson and Barney 1952, averages of women's voices).
VOWELS_HZ = ((850, 1220, 2810), (610, 2330, 2990), (310, 2790, 3310), (590, 920, 2710), (370, 950, 2670))
CONSONANT_HZ = (4200.0, 9000.0)
CONSONANT_SECONDS = 0.08
CONSONANT_LEVEL = 0.6
"""Relative to the vowel: without consonants a mouth has nothing to close for."""
FORMANT_BANDWIDTHS_HZ = (80.0, 110.0, 160.0)
# Degrees of A minor pentatonic that the voice walks over, and the bass below them, one bar each.
MELODY_HZ = (220.0, 261.63, 293.66, 329.63, 392.0, 329.63, 293.66, 261.63)
BASS_HZ = (55.0, 55.0, 73.42, 65.41)
BEATS_PER_BAR = 4


def song(seconds: float) -> np.ndarray:
    """Stereo samples (2, N), float32 in -1..1, N = round(seconds * SAMPLE_RATE_HZ).

    Raises:
        ValueError: `seconds` is not above zero.
    """
    if not seconds > 0:
        raise ValueError(f"a song of {seconds:g} seconds cannot be made; ask for more than 0")
    samples = round(seconds * SAMPLE_RATE_HZ)
    voice, beat, bass = _voice(samples), _beat(samples), _bass(samples)
    stereo = np.stack([voice + 0.8 * beat + 0.5 * bass, voice + 0.6 * beat + 0.5 * bass])
    return (stereo * (PEAK / max(np.abs(stereo).max(), 1e-9))).astype(np.float32)


def write_song(path: Path, seconds: float) -> Path:
    """Writes `song(seconds)` to `path` as 16-bit WAV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(path, SAMPLE_RATE_HZ, np.round(song(seconds).T * 32767).astype(np.int16))
    return path


def _voice(samples: int) -> np.ndarray:
    """One syllable per beat: an s, then pulses with vibrato, shaped by the formants of a vowel; a rest in every bar."""
    per_beat = round(SAMPLE_RATE_HZ * 60.0 / TEMPO_BPM)
    generator = np.random.Generator(np.random.PCG64(SEED))
    out = np.zeros(samples)
    hiss = _hiss(per_beat)
    for beat, start in enumerate(range(0, samples, per_beat)):
        if beat % BEATS_PER_BAR == BEATS_PER_BAR - 1:
            continue
        length = min(per_beat, samples - start)
        time = np.arange(length) / SAMPLE_RATE_HZ
        pitch = MELODY_HZ[beat % len(MELODY_HZ)] * (1 + 0.012 * np.sin(2 * np.pi * 5.5 * time))
        phase = np.cumsum(pitch) / SAMPLE_RATE_HZ
        source = 2 * (phase % 1.0) - 1 + 0.05 * generator.standard_normal(length)
        for centre, bandwidth in zip(VOWELS_HZ[(beat * 3) % len(VOWELS_HZ)], FORMANT_BANDWIDTHS_HZ, strict=True):
            source = _resonance(source, centre, bandwidth)
        envelope = np.minimum(time / 0.04, 1) * np.minimum((length / SAMPLE_RATE_HZ - time) / 0.08, 1).clip(0)
        out[start : start + length] = source / max(np.abs(source).max(), 1e-9) * envelope + hiss[:length]
    return out


def _hiss(samples: int) -> np.ndarray:
    """An s at the beginning of a beat."""
    noise = np.random.Generator(np.random.PCG64(SEED + 2)).standard_normal(samples)
    sharp = sosfilt(butter(4, CONSONANT_HZ, "bandpass", fs=SAMPLE_RATE_HZ, output="sos"), noise)
    time = np.arange(samples) / SAMPLE_RATE_HZ
    return CONSONANT_LEVEL * sharp / np.abs(sharp).max() * (time < CONSONANT_SECONDS) * np.minimum(time / 0.01, 1)


def _resonance(signal: np.ndarray, centre_hz: float, bandwidth_hz: float) -> np.ndarray:
    """A two-pole resonator with a gain of one at zero (Klatt 1980, equation 2)."""
    radius = np.exp(-np.pi * bandwidth_hz / SAMPLE_RATE_HZ)
    b, c = 2 * radius * np.cos(2 * np.pi * centre_hz / SAMPLE_RATE_HZ), -(radius**2)
    return lfilter([1 - b - c], [1, -b, -c], signal)


def _beat(samples: int) -> np.ndarray:
    """A kick on every beat, noise on every second half."""
    generator = np.random.Generator(np.random.PCG64(SEED + 1))
    per_half = round(SAMPLE_RATE_HZ * 30.0 / TEMPO_BPM)
    time = np.arange(per_half) / SAMPLE_RATE_HZ
    kick = np.sin(2 * np.pi * (50 * time + 3 * (1 - np.exp(-time / 0.03)))) * np.exp(-time / 0.12)
    out = np.zeros(samples)
    for half, start in enumerate(range(0, samples, per_half)):
        length = min(per_half, samples - start)
        hat = generator.standard_normal(per_half) * np.exp(-time / 0.03) * 0.3
        out[start : start + length] = (kick if half % 2 == 0 else hat)[:length]
    return out


def _bass(samples: int) -> np.ndarray:
    """A sine per bar with a soft start."""
    per_bar = round(SAMPLE_RATE_HZ * 60.0 / TEMPO_BPM * BEATS_PER_BAR)
    time = np.arange(samples) / SAMPLE_RATE_HZ
    pitch = np.array(BASS_HZ)[(np.arange(samples) // per_bar) % len(BASS_HZ)]
    within_bar = (np.arange(samples) % per_bar) / SAMPLE_RATE_HZ
    return np.sin(2 * np.pi * pitch * time) * np.minimum(within_bar / 0.02, 1)
