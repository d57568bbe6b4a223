"""What the node gives: a prepared array, its report, its picture; and a stop that is heard."""

from __future__ import annotations

import numpy as np
import pytest

from audio_loop.audio.preparing.in_memory import prepared_song
from audio_loop.audio.preparing.loudness import integrated_lufs
from audio_loop.audio.preparing.preparation import Settings
from audio_loop.audio.reading.song_source import SongArray

SOUND = (0.05 * np.random.default_rng(8).standard_normal((2, 150_000))).astype(np.float32)


def test_a_song_in_memory_comes_back_prepared_with_report_and_picture():
    before, told = SOUND.copy(), []
    made = prepared_song(SOUND, 48_000, Settings("singing"), lambda *at: told.append(at))
    np.testing.assert_array_equal(SOUND, before)
    assert (made.samples.dtype, made.samples.shape) == (np.float32, SOUND.shape)
    assert integrated_lufs(SongArray(made.samples, 48_000)) == pytest.approx(-16, abs=0.1)
    assert made.report.startswith("the song: 0:03.13, 48000 Hz, 2 channels\npreset singing: high-pass 60 Hz")
    assert (made.picture.dtype, made.picture.shape) == (np.float32, (1, 640, 1024, 3))
    assert 0 <= made.picture.min() < made.picture.max() <= 1
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (300_000, 300_000)


def test_a_stop_ends_it_in_the_middle():
    def stop(done, total):
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepared_song(SOUND, 48_000, Settings("speech"), stop)


@pytest.mark.parametrize(
    "sound", [np.zeros((1, 9)), np.zeros((2, 24_000)), np.full((1, 8000), 1.0)], ids=["9", "silent", "offset"]
)
def test_a_picture_of_next_to_nothing_can_be_drawn(sound):
    made = prepared_song(sound.astype(np.float32), 8000, Settings("off"), lambda *_: None)
    assert np.isfinite(made.picture).all()
