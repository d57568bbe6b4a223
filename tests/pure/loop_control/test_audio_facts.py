from __future__ import annotations

import numpy as np
import pytest

from audio_loop.loop_control.audio_facts import (
    AudioFacts,
    audio_facts,
    check_length,
    read_audio,
    resampled_length,
    whole_blocks,
)
from audio_loop.loop_control.errors import PlanError


@pytest.mark.parametrize(("channels", "rate"), [(1, 8000), (2, 44100), (6, 48000), (2, 192000)])
def test_usual_songs_are_taken(channels, rate):
    facts = audio_facts((1, channels, rate * 3), rate)
    assert facts == AudioFacts(1, channels, rate * 3, rate)
    assert facts.duration == 3


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 44100), r"\(2, 44100\); expected \(batch, channels, samples\)"),
        ((2, 2, 44100), "2 waveforms"),
        ((0, 2, 44100), "0 waveforms"),
        ((1, 0, 44100), "no channel"),
        ((1, 2, 0), "empty"),
        ((1, 2, 13230), r"0\.3 s long"),
    ],
)
def test_unusable_songs_are_refused(shape, message):
    with pytest.raises(PlanError, match=message):
        audio_facts(shape, 44100)


def test_resampling_rounds_up():
    assert resampled_length(44100, 44100, 16000) == 16000
    assert resampled_length(44101, 44100, 16000) == 16001


@pytest.mark.parametrize(("samples", "blocks"), [(1, 1), (4096, 1), (4097, 2)])
def test_whole_blocks(samples, blocks):
    assert whole_blocks(samples) == blocks * 4096


@pytest.mark.parametrize(
    ("audio", "message"),
    [
        (None, "no sound arrives at the audio input"),
        ([1, 2], "no AUDIO but list; wire the output of Load Audio"),
        ({"waveform": np.zeros((1, 1, 8))}, "no AUDIO but dict"),
        ({"sample_rate": 8000}, "no AUDIO but dict"),
        ({"waveform": None, "sample_rate": 8000}, "the audio has no waveform"),
        ({"waveform": [0.0, 0.1], "sample_rate": 8000}, "the audio has no waveform"),
    ],
)
def test_what_is_no_audio_is_refused_by_what_it_is(audio, message):
    with pytest.raises(PlanError, match=message):
        read_audio(audio)


def test_an_audio_gives_its_waveform_and_its_rate():
    waveform = np.zeros((1, 2, 8))
    found, rate = read_audio({"waveform": waveform, "sample_rate": 8000})
    assert found is waveform
    assert rate == 8000


@pytest.mark.parametrize("samples", [-1, 44100.5, True])
def test_a_number_of_samples_that_none_can_be_is_refused(samples):
    with pytest.raises(PlanError, match=f"the audio has {samples} samples; the number must be whole and not negative"):
        check_length(samples, 44100)
