"""Figures of sounds that are known: tones, noise, silence, faults; in pieces, of any shape."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys

import numpy as np
import pytest

from audio_loop.audio.reading.song_source import SongArray
from audio_loop.audio.sound_report.bands import BANDS
from audio_loop.audio.sound_report.judge import judged
from audio_loop.audio.sound_report.measure import measure
from audio_loop.comfy_host.environment import REPOSITORY

from ....peak_memory import PEAK_MEGABYTES
from ....sound_cases import SPEECH_HZ, sound_case
from ....speech import sentences, spoken

HZ = 44_100


def heard(samples, sample_rate=HZ):
    return measure(SongArray(np.atleast_2d(np.asarray(samples, np.float32)), sample_rate))


def tone(hz, seconds=2.0, level=0.5, sample_rate=HZ):
    return level * np.sin(2 * np.pi * hz * np.arange(int(seconds * sample_rate)) / sample_rate)


def noise(seconds=2.0, level=0.1, seed=0, sample_rate=HZ):
    return level * np.random.default_rng(seed).normal(size=int(seconds * sample_rate))


@pytest.mark.parametrize(("hz", "band"), [(100, 0), (500, 1), (1100, 2), (2500, 3), (5000, 4)])
def test_a_tone_lies_in_its_band_with_its_level(hz, band):
    report = heard(tone(hz))
    assert report.band_levels_db[band] == pytest.approx(20 * math.log10(0.5) - 3.01, abs=0.3)
    assert all(level < -35 for index, level in enumerate(report.bands_db) if index != band)
    assert report.bands_db[band] == 0
    assert report.mono_level_db == pytest.approx(20 * math.log10(0.5) - 3.01, abs=0.1)


def test_white_noise_has_the_width_of_each_band():
    report = heard(noise(4.0, 0.1, sample_rate=16_000), 16_000)
    widths = [10 * math.log10((band.high_hz - band.low_hz) / 8000) for band in BANDS]
    assert report.band_levels_db == pytest.approx([-20 + width for width in widths], abs=0.4)
    assert report.boom_db == pytest.approx(0, abs=0.5)
    assert report.sibilance_gap_db == pytest.approx(10 * math.log10(2500 / 4000), abs=0.4)


def test_figures_do_not_depend_on_the_sample_rate():
    """The same tones in each: what a song is heard as."""
    tones = ((300, 0.5), (2000, 0.2), (5000, 0.05))
    found = [
        heard(sum(tone(hz, level=level, sample_rate=rate) for hz, level in tones), rate)
        for rate in (16_000, 22_050, 44_100, 48_000, 96_000)
    ]
    for report in found[1:]:
        assert report.sibilance_gap_db == pytest.approx(found[0].sibilance_gap_db, abs=0.3)


@pytest.mark.parametrize("snr_db", [5, 12, 20])
def test_noise_that_never_stops_is_measured_under_speech(snr_db):
    said = spoken(sentences("en-us")[0])
    level = np.sqrt(np.mean(said**2)) * 10 ** (-snr_db / 20)
    report = heard(said + noise(len(said) / SPEECH_HZ, level, sample_rate=SPEECH_HZ)[: len(said)], SPEECH_HZ)
    # Of the noise, 8 of 11 kHz are heard.
    assert report.noise.snr_db == pytest.approx(snr_db + 1.4, abs=2.0)


def test_music_without_pauses_is_not_noise():
    for seed in range(3):
        sound = sound_case(5 * seed, "fine", voice_db=(-30.0, -20.0)).samples
        report = measure(SongArray(sound, SPEECH_HZ))
        assert report.noise is None or report.noise.snr_db > 30


def test_chords_that_are_held_are_not_noise():
    held = sum(tone(hz, 6.0, 0.05) for root in (110, 220, 440) for hz in (root, root * 1.25, root * 1.5))
    report = heard(held)
    assert "noisy" not in [each.name for each in judged(report)]


def test_clipping_is_found_where_it_is_and_told_from_loudness():
    sound = sound_case(0, "fine").samples[0].astype(np.float64)
    sound *= 0.9 / np.abs(sound).max()
    assert heard(sound, SPEECH_HZ).clipping is None
    clipped = heard(np.clip(3 * sound, -0.8, 0.8), SPEECH_HZ).clipping
    lost = np.mean(np.abs(3 * sound) >= 0.8)
    assert clipped.is_exact
    assert clipped.level_db == pytest.approx(20 * math.log10(0.8), abs=0.01)
    assert clipped.fraction == pytest.approx(lost, rel=0.6)


def test_one_side_and_one_channel_are_enough_for_clipping():
    sound = sound_case(0, "fine").samples[0]
    sound = sound / np.abs(sound).max()
    assert heard(np.minimum(2 * sound, 0.6), SPEECH_HZ).clipping is not None
    assert heard(np.stack([0.5 * sound, np.clip(3 * sound, -1, 1)]), SPEECH_HZ).clipping is not None


def test_a_test_tone_and_a_single_full_peak_are_not_clipped():
    assert heard(tone(440, level=1.0)).clipping is None
    assert heard(tone(40, level=1.0)).clipping is None
    sound = np.round(sound_case(0, "fine").samples[0] * 32767 / np.abs(sound_case(0, "fine").samples).max()) / 32768
    assert heard(sound, SPEECH_HZ).clipping is None


def test_clipping_does_not_depend_on_where_blocks_end():
    sound = np.resize(np.clip(3 * sound_case(0, "fine").samples[0], -0.3, 0.3), 5 * SPEECH_HZ)
    whole = heard(sound, SPEECH_HZ)

    class InCrumbs(SongArray):
        def blocks(self):
            for block in super().blocks():
                yield from (block[:, at : at + 997] for at in range(0, block.shape[1], 997))

    crumbs = measure(InCrumbs(sound[None], SPEECH_HZ))
    assert crumbs.clipping.fraction == pytest.approx(whole.clipping.fraction, rel=0.02)
    for field in ("band_levels_db", "level_by_second_db", "level_range_db", "dc_offset", "loudness_lufs", "true_peak_dbtp"):
        assert getattr(crumbs, field) == pytest.approx(getattr(whole, field), abs=1e-3)


def test_silence_is_measured_at_both_ends_and_inside():
    sound = np.zeros(10 * HZ)
    sound[2 * HZ : 3 * HZ] = tone(440, 1.0)
    sound[7 * HZ : 9 * HZ] = tone(440, 2.0)
    silence = heard(sound).silence
    assert silence.leading_seconds == pytest.approx(2.0, abs=0.01)
    assert silence.trailing_seconds == pytest.approx(1.0, abs=0.01)
    assert silence.longest_seconds == pytest.approx(4.0, abs=0.01)
    assert silence.longest_at_seconds == pytest.approx(3.0, abs=0.01)
    assert not silence.is_all


@pytest.mark.parametrize("samples", [np.zeros(1), np.zeros(441), np.zeros(3 * HZ), np.zeros((2, HZ)), np.full(HZ, 1e-5)])
def test_silence_of_any_length_is_silent_and_nothing_else(samples):
    report = heard(samples)
    assert [each.name for each in judged(report)] == ["silent"]
    assert not any(isinstance(value, float) and math.isnan(value) for value in dataclasses.astuple(report))


@pytest.mark.parametrize(
    "samples",
    [
        np.ones(1),
        np.full(HZ, 0.5),
        np.where(np.arange(HZ) % 100 < 50, 1.0, -1.0),
        np.eye(1, HZ, 1000)[0],
        tone(440, 0.01),
        np.stack([tone(440), np.zeros(2 * HZ)]),
        np.full((32, 4410), 0.1),
    ],
    ids=["sample", "dc", "square", "impulse", "10ms", "dead_channel", "32_channels"],
)
def test_odd_sounds_have_figures_and_no_nan(samples):
    report = heard(samples)
    flat = [value for value in dataclasses.astuple(report) if isinstance(value, float)]
    flat += [*report.band_levels_db, *report.level_by_second_db, report.sibilance_gap_db, report.boom_db, report.mono_loss_db]
    assert not any(math.isnan(value) for value in flat)
    assert report.duration_seconds == np.atleast_2d(samples).shape[1] / HZ


def test_a_constant_is_an_offset_and_not_clipped():
    report = heard(np.full(HZ, 0.5))
    assert report.dc_offset == pytest.approx(0.5)
    assert report.clipping is None
    assert "offset" in [each.name for each in judged(report)]


def test_channels_dead_or_upside_down():
    voice = 0.3 * spoken(sentences("en-us")[0])
    assert "dead channel" in [each.name for each in judged(heard([voice, 0 * voice], SPEECH_HZ))]
    turned = heard([voice, -voice], SPEECH_HZ)
    assert "cancelling channels" in [each.name for each in judged(turned)]
    both = heard([voice, voice], SPEECH_HZ)
    assert both.mono_loss_db == pytest.approx(0, abs=0.5)
    names = {each.name for each in judged(both)}
    assert not names & {"dead channel", "cancelling channels"}


def test_samples_that_are_no_numbers_are_counted_and_left_out():
    sound = np.stack([tone(440), tone(440)])
    sound[0, 22_050], sound[1, 30_000] = np.nan, np.inf
    report = heard(sound)
    assert (report.not_finite, report.not_finite_at_seconds) == (2, 0.5)
    assert judged(report)[0].name == "no numbers"
    assert report.mono_level_db == pytest.approx(heard(tone(440)).mono_level_db, abs=0.1)


def test_an_edge_of_the_spectrum_is_found():
    from scipy import signal

    low = np.random.default_rng(0).normal(size=4 * 8000) * 0.1
    report = heard(signal.resample_poly(low, 2, 1), 16_000)
    assert report.band_limit_hz == pytest.approx(4000, abs=250)
    assert heard(noise(4.0)).band_limit_hz is None
    assert heard(low, 8000).band_limit_hz == pytest.approx(4000, abs=250)
    assert heard(noise(4.0, sample_rate=11_025), 11_025).band_limit_hz == pytest.approx(5500, abs=250)


def test_a_longer_song_takes_no_more_memory_than_a_short_one():
    code = f"""
import sys
sys.path.insert(0, "scripts")
import _bootstrap
import numpy as np
from audio_loop.audio.sound_report.measure import measure
{PEAK_MEGABYTES}
class Long:
    name, sample_rate, channel_names = "long", 8000, ("FC",)
    def blocks(self):
        block = np.random.default_rng(0).normal(size=(1, 1 << 16)).astype(np.float32) * 0.1
        for _ in range(minutes * 60 * 8000 // (1 << 16)):
            yield block
minutes = 1
measure(Long())
before = peak_megabytes()
minutes = 10
assert len(measure(Long()).level_by_second_db) > 590
print(peak_megabytes() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 40
