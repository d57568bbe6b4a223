"""True peaks on the signals of EBU Tech 3341, made here from their definition, and what lies between samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import resample_poly

from audio_loop.audio.preparing.true_peak import TruePeakMeter, true_peak_dbtp
from audio_loop.audio.reading.song_source import SongArray

RATE = 48_000
UPPER_DB, LOWER_DB = 0.2, 0.4
"""Tolerances of EBU Tech 3341."""


def sine(part_of_rate, phase_degrees, amplitude, samples=RATE):
    return amplitude * np.sin(2 * np.pi * part_of_rate * np.arange(samples) + math.radians(phase_degrees))


def faded(sound):
    """The same rising and falling in 10 ms: an abrupt beginning truly has higher peaks between its samples."""
    ramp = np.minimum(np.arange(len(sound)) / 480, 1)
    return sound * ramp * ramp[::-1]


def peak_of(sound, rate=RATE):
    return true_peak_dbtp(SongArray(np.atleast_2d(sound).astype(np.float32), rate))


@pytest.mark.parametrize(
    ("part", "phase", "amplitude", "expected"),
    [(1 / 4, 0, 0.5, -6), (1 / 4, 45, 0.5, -6), (1 / 6, 60, 0.5, -6), (1 / 8, 67.5, 0.5, -6), (1 / 4, 45, 1.41, 3)],
    ids=["15", "16", "17", "18", "19"],
)
@pytest.mark.parametrize("rate", [8000, 44_100, 48_000, 96_000])
def test_tones_of_ebu_tech_3341(part, phase, amplitude, expected, rate):
    found = peak_of(faded(sine(part, phase, amplitude)), rate)
    assert expected - UPPER_DB <= found <= expected + UPPER_DB, "narrower than the tolerance of the signals, which is -0.4"


@pytest.mark.parametrize("offset", range(4), ids=["20", "21", "22", "23"])
def test_a_burst_that_falls_between_the_samples(offset):
    """A tone at a sixth of the rate with one cycle of twice its size at a quarter, made at four times the rate."""
    tone = sine(1 / 24, 0, 0.5, 24 * 400)
    burst = sine(1 / 16, 0, 1.0, 16)
    fine = np.concatenate([tone, burst, tone])
    # Band-limited as what a sampler hears, at four times the rate and at sixteen times.
    heard = resample_poly(resample_poly(fine, 1, 4, window=("kaiser", 12)), 4, 1, window=("kaiser", 12))
    truth = 20 * math.log10(np.abs(resample_poly(heard, 4, 1, window=("kaiser", 12))).max())
    assert truth - LOWER_DB <= peak_of(heard[offset::4]) <= truth + UPPER_DB


def test_samples_at_a_quarter_of_the_rate_hide_three_decibels():
    sound = sine(1 / 4, 45, 1.0)
    assert np.abs(sound).max() == pytest.approx(math.sqrt(0.5))
    meter = TruePeakMeter(RATE, 1)
    meter.add(sound[None].astype(np.float32))
    np.testing.assert_allclose(meter.cell_peaks[1:-1], 1, atol=0.01)


@pytest.mark.parametrize("pieces", [[1] * 60, [7, 5000, 1, 16_384, 2], [65_536, 30_000]])
def test_pieces_of_any_length_change_nothing(pieces):
    sound = np.random.default_rng(5).standard_normal((3, sum(pieces))).astype(np.float32)
    whole, parts = TruePeakMeter(44_101, 3), TruePeakMeter(44_101, 3)
    whole.add(sound)
    for count, end in zip(pieces, np.cumsum(pieces), strict=True):
        parts.add(sound[:, end - count : end])
    for meter in (whole, parts):
        meter.finish()
    np.testing.assert_allclose(parts.cell_peaks, whole.cell_peaks, atol=1e-6)
    assert len(whole.cell_peaks) == ((sound.shape[1]) * 200 - 1) // 44_101 + 1
    by_cell = np.maximum.reduceat(np.abs(sound).max(axis=0), np.arange(len(whole.cell_peaks)) * 44_101 // 200)
    assert (whole.cell_peaks >= by_cell - 1e-6).all()


def test_special_sounds():
    assert peak_of(np.zeros((2, 100))) == -math.inf
    assert peak_of(np.ones((1, 1))) == pytest.approx(0, abs=1e-6), "one sample: its own peak, which is the sinc's"
    impulse = np.zeros(1000)
    impulse[500] = 1
    assert peak_of(impulse) == pytest.approx(0, abs=1e-6)
    constant = TruePeakMeter(RATE, 1)
    constant.add(np.ones((1, RATE), np.float32))
    np.testing.assert_allclose(constant.cell_peaks[1:-1], 1, atol=1e-5)
    dead = np.stack([sine(1 / 6, 60, 0.5), np.zeros(RATE)])
    assert peak_of(dead) == peak_of(dead[0])
