"""Loudness on the signals of EBU Tech 3341, made here from their definition, and beside another implementation."""

from __future__ import annotations

import math

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import sosfreqz

from audio_loop.audio.preparing.loudness import LoudnessMeter, integrated_lufs, k_weighting
from audio_loop.audio.reading.song_source import SongArray

RATE = 48_000
TOLERANCE_LU = 0.1


def tones(*parts, rate=RATE, hz=1000.0, channels=2):
    """(seconds, dBFS) one after the other, one phase, in all channels."""
    levels = np.concatenate([np.full(round(seconds * rate), 10 ** (level / 20), np.float32) for seconds, level in parts])
    tone = levels * np.sin(2 * np.pi * hz / rate * np.arange(len(levels))).astype(np.float32)
    return np.broadcast_to(tone, (channels, len(tone)))


EBU = {
    1: tones((20, -23)),
    2: tones((20, -33)),
    3: tones((10, -36), (60, -23), (10, -36)),
    4: tones((10, -72), (10, -36), (60, -23), (10, -36), (10, -72)),
    5: tones((20, -26), (20.1, -20), (20, -26)),
    6: np.concatenate([tones((20, level), channels=1) for level in (-28, -28, -24, -30, -30)]),
}


@pytest.mark.parametrize("number", EBU)
def test_signals_of_ebu_tech_3341(number):
    expected = -33 if number == 2 else -23
    assert integrated_lufs(SongArray(EBU[number], RATE)) == pytest.approx(expected, abs=TOLERANCE_LU)


def test_five_channels_with_a_silent_sixth_that_is_not_weighed():
    five = EBU[6]
    six = np.concatenate([five[:3], tones((20, 0), channels=1), five[3:]])
    assert integrated_lufs(SongArray(six, RATE)) == integrated_lufs(SongArray(five, RATE))


def test_short_term_loudness_of_ebu_tech_3341_signal_9():
    meter = LoudnessMeter(RATE, ("FL", "FR"))
    meter.add(tones(*[(1.34, -20), (1.66, -30)] * 5))
    np.testing.assert_allclose(meter.short_term_lufs(), -23, atol=TOLERANCE_LU)


@pytest.mark.parametrize("hz", [25, 100, 500, 2000, 10_000])
def test_tones_of_any_frequency_weigh_what_the_standards_filter_says(hz):
    """As the tones of ITU-R BS.2217, on the loudest side of which a wrong shelf would be heard."""
    gain = 20 * math.log10(abs(sosfreqz(k_weighting(RATE), [hz], fs=RATE)[1][0]))
    found = integrated_lufs(SongArray(tones((5, -20), hz=hz), RATE))
    assert found == pytest.approx(-20.691 + gain, abs=TOLERANCE_LU / 2)


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 44_101, 96_000, 192_000, 384_000])
def test_the_weighting_is_that_of_48_khz_at_every_rate(rate):
    hz = np.geomspace(10, min(20_000, 0.45 * rate), 800)
    made, standard = (np.abs(sosfreqz(k_weighting(each), hz, fs=each)[1]) for each in (rate, RATE))
    assert np.abs(20 * np.log10(made / standard)).max() < 0.02
    assert integrated_lufs(SongArray(tones((2, -23), rate=rate), rate)) == pytest.approx(-23, abs=0.02)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_it_agrees_with_pyloudnorm(rate):
    random = np.random.default_rng(rate)
    for seconds in (0.4, 1.73, 12.0):
        count = round(seconds * rate)
        loud = 10 ** (random.uniform(-50, 0, 1 + count // 4000).repeat(4000)[:count] / 20)
        sound = (random.standard_normal((2, count)) * loud * 0.2).astype(np.float32)
        # Its shelf is a fit, which differs from the standard's by some hundredths.
        other = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(sound.T.astype(np.float64))
        assert integrated_lufs(SongArray(sound, rate)) == pytest.approx(other, abs=TOLERANCE_LU)


def test_pieces_of_any_length_change_nothing():
    sound = tones((1.2, -20), rate=44_101, hz=440)
    whole, pieces = (LoudnessMeter(44_101, ("FL", "FR")) for _ in range(2))
    whole.add(sound)
    for begin, end in zip([0, 1, 3, 250, 9000], [1, 3, 250, 9000, sound.shape[1]], strict=True):
        pieces.add(sound[:, begin:end])
    assert pieces.integrated_lufs() == pytest.approx(whole.integrated_lufs(), abs=1e-6)
    late = np.linspace(0, 1, 240)
    assert pieces.lufs_with(late) == pytest.approx(whole.lufs_with(late), abs=1e-6)
    assert whole.lufs_with(late * 0 + 0.5) == pytest.approx(whole.integrated_lufs() - 6.0206, abs=1e-3)


@pytest.mark.parametrize(
    "sound",
    [np.zeros((2, RATE)), np.ones((2, 480)), tones((0.39, -10)), tones((2, -75)), np.full((1, 1), 0.5)],
    ids=["silence", "10 ms", "390 ms", "below the gate", "one sample"],
)
def test_what_has_no_loudness_is_minus_infinity(sound):
    assert integrated_lufs(SongArray(sound.astype(np.float32), RATE)) == -math.inf


def test_special_sounds_have_the_loudness_that_follows_from_the_definition():
    dead = np.stack([EBU[1][0], np.zeros_like(EBU[1][0])])
    assert integrated_lufs(SongArray(dead, RATE)) == pytest.approx(-23 - 10 * math.log10(2), abs=0.02)
    square = np.where(np.arange(5 * RATE) % 480 < 240, 1, -1)[None].astype(np.float32)
    harmonics = np.arange(1, 240, 2)
    gains = np.abs(sosfreqz(k_weighting(RATE), harmonics * 100, fs=RATE)[1])
    expected = -0.691 + 10 * math.log10(np.sum((4 / (480 * np.sin(np.pi * harmonics / 480)) * gains) ** 2 / 2))
    assert integrated_lufs(SongArray(square, RATE)) == pytest.approx(expected, abs=0.02)
    # A step lasts a quarter of a second after the high-pass; then nothing is left of an offset.
    assert integrated_lufs(SongArray(np.ones((1, 60 * RATE), np.float32), RATE)) < -20
