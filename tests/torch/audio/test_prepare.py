"""The song for the encoder: channels, rate and length, and the moment of every sample."""

from __future__ import annotations

import math

import pytest
import torch

from audio_loop.audio import finite
from audio_loop.audio.finite import first_not_finite, refuse_not_finite
from audio_loop.audio.prepare import pad_to_plan, padded_song
from audio_loop.audio.stereo import to_stereo
from audio_loop.loop_control.audio_facts import ENCODE_BLOCK, ENCODE_HZ
from audio_loop.loop_control.plan import PlanError, make_plan


def plan_of(samples, rate, window=1.96, overlap=0.36, fps=25):
    return make_plan(audio_samples=samples, sample_rate=rate, window_seconds=window, overlap_seconds=overlap, fps=fps)


def sine(seconds, rate, channels=1, hz=220.0):
    time = torch.arange(round(seconds * rate), dtype=torch.float64) / rate
    return torch.sin(2 * math.pi * hz * time).to(torch.float32).expand(1, channels, -1).clone()


def test_stereo_stays_the_same_tensor():
    waveform = torch.randn(1, 2, 100)
    assert torch.equal(to_stereo(waveform), waveform)


def test_mono_is_heard_on_both_sides():
    waveform = torch.randn(1, 1, 100)
    stereo = to_stereo(waveform)
    assert stereo.shape == (1, 2, 100)
    assert torch.equal(stereo[:, 0], waveform[:, 0])
    assert torch.equal(stereo[:, 1], waveform[:, 0])


@pytest.mark.parametrize(("channel", "left", "right"), [(0, 1, 0), (1, 0, 1), (2, 1, 1), (3, 0, 0), (4, 1, 0), (5, 0, 1)])
def test_each_channel_of_surround_goes_to_its_side(channel, left, right):
    waveform = torch.zeros(1, 6, 10)
    waveform[:, channel] = 1.0
    stereo = to_stereo(waveform)
    assert (stereo[0, 0] > 0).all() == bool(left)
    assert (stereo[0, 1] > 0).all() == bool(right)


def test_full_scale_surround_does_not_clip():
    stereo = to_stereo(torch.ones(1, 6, 10))
    assert float(stereo.max()) <= 1.0 + 1e-6
    assert float(stereo.min()) > 0.99


@pytest.mark.parametrize("channels", [3, 4, 5, 7, 8])
def test_other_channels_are_refused_with_what_works(channels):
    with pytest.raises(PlanError, match=f"{channels} channels; mono, stereo and 5.1"):
        to_stereo(torch.zeros(1, channels, 10))


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_length_rate_and_channels(rate, channels):
    waveform = sine(3.1, rate, channels)
    plan = plan_of(waveform.shape[-1], rate)
    prepared, prepared_rate = pad_to_plan(waveform, rate, plan)
    assert prepared_rate == ENCODE_HZ
    assert prepared.shape == (1, 2, plan.encode_samples)
    assert prepared.shape[-1] % ENCODE_BLOCK == 0
    assert prepared.shape[-1] / ENCODE_HZ >= float(plan.made)
    assert prepared.dtype == torch.float32


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 192000])
def test_a_click_stays_at_its_moment(rate):
    waveform = torch.zeros(1, 1, 4 * rate)
    waveform[..., 3 * rate] = 1.0
    prepared, hz = pad_to_plan(waveform, rate, plan_of(4 * rate, rate))
    peak = int(prepared[0, 0].abs().argmax())
    assert abs(peak - 3 * hz) <= 1


def test_what_is_behind_the_song_is_silent():
    waveform = torch.ones(1, 2, ENCODE_HZ * 3)
    prepared, _ = pad_to_plan(waveform, ENCODE_HZ, plan_of(ENCODE_HZ * 3, ENCODE_HZ))
    assert torch.equal(prepared[..., : ENCODE_HZ * 3], waveform)
    assert prepared[..., ENCODE_HZ * 3 :].abs().max() == 0


def test_silence_stays_silent():
    waveform = torch.zeros(1, 2, 48000 * 2)
    prepared, _ = pad_to_plan(waveform, 48000, plan_of(48000 * 2, 48000))
    assert prepared.abs().max() == 0


def test_a_sine_keeps_its_pitch_and_loudness():
    waveform = sine(3.0, 48000)
    prepared, hz = pad_to_plan(waveform, 48000, plan_of(waveform.shape[-1], 48000))
    inside = prepared[0, 0, hz // 2 : hz * 2]
    expected = sine(3.0, hz)[0, 0, hz // 2 : hz * 2]
    assert torch.allclose(inside, expected, atol=2e-3)


def test_the_song_is_not_changed():
    waveform = sine(2.0, 48000)
    before = waveform.clone()
    prepared, _ = pad_to_plan(waveform, 48000, plan_of(waveform.shape[-1], 48000))
    prepared.add_(1.0)
    assert torch.equal(waveform, before)


def test_a_song_that_needs_nothing_is_still_a_copy():
    samples = ENCODE_BLOCK * 44
    waveform = torch.randn(1, 2, samples)
    plan = plan_of(samples, ENCODE_HZ)
    prepared, _ = pad_to_plan(waveform, ENCODE_HZ, plan)
    before = waveform.clone()
    prepared.add_(1.0)
    assert torch.equal(waveform, before)


@pytest.mark.parametrize(("samples", "rate"), [(48001, 48000), (48000, 44100), (24000, 48000)])
def test_another_song_than_the_plans_is_refused(samples, rate):
    plan = plan_of(48000, 48000)
    with pytest.raises(PlanError, match="wire the same audio"):
        pad_to_plan(torch.zeros(1, 2, samples), rate, plan)


def test_two_songs_are_refused():
    with pytest.raises(PlanError, match="one song at a time"):
        pad_to_plan(torch.zeros(2, 2, 48000), 48000, plan_of(48000, 48000))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("sample", [0, 47_999, 96_000 * 30 - 1])
def test_a_song_with_a_sample_that_is_no_number_is_refused_with_its_time(value, sample):
    waveform = torch.zeros(1, 2, 96_000 * 30)
    waveform[0, 1, sample] = value
    waveform[0, 0, -1] = math.nan
    seconds = f"0:{sample / 96_000:05.2f}"
    with pytest.raises(PlanError, match=f"not a number at {seconds} .sample {sample} is"):
        pad_to_plan(waveform, 96_000, plan_of(waveform.shape[-1], 96_000))


def test_loud_silent_and_tiny_samples_are_numbers():
    assert first_not_finite(torch.tensor([[[0.0, -0.0, 3e38, -3e38, 1e-45]]])) is None
    assert first_not_finite(torch.zeros(1, 2, 0)) is None


def test_samples_far_beyond_full_scale_are_refused_by_time_and_value():
    waveform = torch.zeros(1, 2, 3 * 48_000)
    waveform[..., 10] = 100.0
    refuse_not_finite(waveform, 48_000)
    waveform[0, 1, 96_000] = -1e30
    with pytest.raises(PlanError, match=r"far too loud at 0:02.00 \(sample 96000 is -1e\+30; full scale is 1\)"):
        refuse_not_finite(waveform, 48_000)


@pytest.mark.parametrize("rate", [8000, 44_100, 48_000, 96_000])
def test_a_song_made_in_parts_is_the_song_made_at_once(rate, monkeypatch):
    waveform = torch.randn(1, 2, 3 * rate, generator=torch.Generator().manual_seed(0))
    plan = plan_of(3 * rate, rate)
    song = padded_song(waveform, rate, plan)
    at_once = song.part(0, song.length)
    monkeypatch.setattr("audio_loop.audio.prepare.PART_SAMPLES", 10_007)
    in_parts, _ = pad_to_plan(waveform, rate, plan)
    assert (in_parts - at_once).abs().max() < 1e-6


def test_a_sample_that_is_too_loud_is_found_in_whichever_piece_it_lies(monkeypatch):
    monkeypatch.setattr(finite, "CHUNK_SAMPLES", 1000)
    waveform = torch.zeros(1, 2, 3500)
    waveform[0, 0, 2345] = 2e6
    with pytest.raises(PlanError, match=r"sample 2345 is 2e\+06"):
        refuse_not_finite(waveform, 48_000)
