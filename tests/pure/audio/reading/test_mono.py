"""One channel at another rate, in pieces: equal to the filter's own formula, with nothing of the pieces to be seen."""

from __future__ import annotations

import numpy as np
import pytest

from audio_loop.audio.reading import mono
from audio_loop.audio.reading.mono import heard_at, mono_at
from audio_loop.audio.reading.song_source import SongArray
from audio_loop.audio.reading.sound_file import SongError


def by_formula(samples, old_hz, new_hz, wanted):
    """Values of the resampled sound at the indices `wanted`, summed up term by term in float64."""
    cut_off = min(old_hz, new_hz) * 0.99
    found = []
    for index in wanted:
        t = (np.arange(len(samples)) / old_hz - index / new_hz) * cut_off
        near = np.abs(t) < 6
        window = np.cos(t[near] * np.pi / 12) ** 2
        found.append(float((samples[near] * np.sinc(t[near]) * window).sum() * cut_off / old_hz))
    return np.array(found)


@pytest.mark.parametrize(
    ("rate", "piece"),
    [(8000, 1000), (44_100, 1000), (44_101, 1000), (48_000, 1000)]
    + [(rate, 1 << 16) for rate in (8000, 11_025, 16_000, 22_050, 44_100, 44_101, 48_000, 96_000)],
)
def test_it_is_the_filter_of_the_encoder_in_any_pieces(monkeypatch, rate, piece):
    monkeypatch.setattr(mono, "PIECE_SAMPLES", piece)
    sound = np.random.default_rng(3).standard_normal((2, 70_123)).astype(np.float32)
    made = np.concatenate(list(mono_at(SongArray(sound, rate), 16_000)))
    count = -(-sound.shape[1] * 16_000 // rate)
    assert (made.dtype, made.shape) == (np.float32, (count,))
    wanted = np.unique(np.concatenate([np.arange(20), np.arange(count - 20, count), np.arange(0, count, count // 50)]))
    expected = by_formula(sound.mean(axis=0, dtype=np.float64), rate, 16_000, wanted) if rate != 16_000 else None
    np.testing.assert_allclose(made[wanted], sound.mean(axis=0)[wanted] if expected is None else expected, atol=3e-6)


@pytest.mark.parametrize("samples", [1, 2, 441, 442])
def test_the_shortest_sounds_keep_their_length(samples):
    made = np.concatenate(list(mono_at(SongArray(np.ones((1, samples), np.float32), 44_100), 16_000)))
    assert len(made) == -(-samples * 160 // 441)


def test_a_sample_that_is_no_number_is_refused():
    sound = np.zeros((1, 100), np.float32)
    sound[0, 50] = np.nan
    with pytest.raises(SongError, match="not a number at 0:00"):
        list(mono_at(SongArray(sound, 8000), 16_000))


def test_channels_that_cancel_each_other_are_heard_by_the_loudest():
    sound = np.random.default_rng(5).standard_normal((1, 40 * 8000)).astype(np.float32)
    reversed_one = SongArray(np.concatenate([0.9 * sound, -sound, 0 * sound]), 8000)
    assert np.array_equal(np.concatenate(list(heard_at(reversed_one, 8000))), -sound[0])
    usual = SongArray(np.concatenate([sound, 0.2 * sound]), 8000)
    for heard, mean in zip(heard_at(usual, 16_000), mono_at(usual, 16_000), strict=True):
        assert np.array_equal(heard, mean)
    silent = SongArray(np.zeros((2, 100), np.float32), 8000)
    assert not np.concatenate(list(heard_at(silent, 8000))).any()
