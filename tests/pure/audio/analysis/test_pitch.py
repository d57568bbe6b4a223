"""The pitch of a voice, and of sounds that have none."""

from __future__ import annotations

import numpy as np
import pytest

from audio_loop.audio.analysis.pitch import PitchTrack, PitchTracker

from ....voices import HZ, throat

TWO_SECONDS = np.arange(2 * HZ) / HZ


def track(samples: np.ndarray, piece: int = 10_000, **settings: float) -> PitchTrack:
    tracker = PitchTracker(**settings)
    for begin in range(0, len(samples), piece):
        tracker.add(samples[begin : begin + piece])
    return tracker.track()


@pytest.mark.parametrize("hz", [70, 110, 220, 440, 880])
@pytest.mark.parametrize("vowel", ["aa", "iu"])
def test_a_steady_voice_is_measured_within_one_percent(hz, vowel):
    found = track(throat(np.full(2 * HZ, float(hz)), vowel, 1.0))
    assert found.voiced.mean() > 0.97
    assert np.nanmedian(found.f0_hz) == pytest.approx(hz, rel=0.01)
    assert np.nanmean(np.abs(found.f0_hz / hz - 1) < 0.03) > 0.97, "no octave error"


def test_a_gliding_voice_is_followed():
    f0 = 200 * 2 ** (TWO_SECONDS / 2)
    found = track(throat(f0, "ao", 1.0))
    at = np.minimum((np.arange(len(found.f0_hz)) * found.hop_seconds * HZ).astype(int), len(f0) - 1)
    inner = slice(3, -3)
    assert np.abs(found.f0_hz / f0[at] - 1)[inner].max() < 0.03


def test_noise_silence_and_a_hum_below_the_range_have_no_pitch():
    noise = (0.1 * np.random.default_rng(1).standard_normal(2 * HZ)).astype(np.float32)
    assert track(noise).voiced.mean() < 0.02
    assert not track(np.zeros(HZ, np.float32)).voiced.any()
    assert not track(np.full(HZ, 0.5, np.float32)).voiced.any(), "a constant offset"
    assert track(np.zeros(0, np.float32)).voiced.mean() == 0 or len(track(np.zeros(0, np.float32)).f0_hz) <= 1


def test_a_voice_that_comes_and_goes_is_voiced_only_while_it_is_there():
    voice = throat(np.full(2 * HZ, 180.0), "ea", 1.0) * ((TWO_SECONDS % 1) < 0.5)
    hiss = (0.003 * np.random.default_rng(2).standard_normal(2 * HZ)).astype(np.float32)
    found = track((voice + hiss).astype(np.float32))
    times = np.arange(len(found.f0_hz)) * found.hop_seconds
    there = (times % 1 > 0.03) & (times % 1 < 0.47)
    away = (times % 1 > 0.55) & (times % 1 < 0.95)
    assert found.voiced[there].mean() > 0.95
    assert found.voiced[away].mean() < 0.05


def test_pieces_of_any_length_give_the_same():
    voice = throat(np.full(2 * HZ, 150.0), "ou", 1.0)
    whole = track(voice, 2 * HZ)
    assert np.array_equal(whole.f0_hz, track(voice, 777).f0_hz, equal_nan=True)
    assert len(whole.f0_hz) == 101, "one each 20 ms, the first at the first sample"


@pytest.mark.parametrize("range_hz", [(40, 400), (300, 200), (100, 3000)])
def test_a_range_that_frames_cannot_hold_is_refused(range_hz):
    with pytest.raises(ValueError, match=rf"from {range_hz[0]} to {range_hz[1]} Hz"):
        PitchTracker(*range_hz)
