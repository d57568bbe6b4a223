"""The offset of a sound against its song comes out to a fraction of a millisecond, whatever it went through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import butter, resample_poly, sosfilt

from audio_loop.doctor.detectors.audio_offset import look
from audio_loop.tests.pure.doctor.cases_with_sound import RATE, case_of, figure, played, song


@pytest.mark.parametrize(
    ("late_ms", "name", "codec", "rate", "words"),
    [
        (0.0, "video.mp4", "aac", 48_000, None),
        (30.0, "video.webm", "libopus", 48_000, None),
        (-30.0, "video.mp4", "aac", 44_100, None),
        (-90.0, "video.mkv", "flac", RATE, "90 ms early"),
        (180.0, "video.mp4", "aac", RATE, "180 ms late"),
        (2500.0, "video.webm", "libopus", 48_000, "2.50 s late"),
    ],
)
def test_the_offset_is_that_of_the_sound_through_any_encoder(tmp_path, late_ms, name, codec, rate, words):
    original = song(1)
    sound = played(0.3 * original, late_ms / 1000, seconds=14.0)
    sound = resample_poly(sound, rate // 100, RATE // 100)
    case = case_of(tmp_path, np.stack([sound, sound]), original, name=name, codec=codec, rate=rate)
    seen = look(case)
    assert figure(seen, "audio_offset_ms").value == pytest.approx(late_ms, abs=0.3)
    assert figure(seen, "audio_match").value > 0.7
    assert [each.kind for each in seen.symptoms] == ([] if words is None else ["audio_offset"])
    for symptom in seen.symptoms:
        assert words in symptom.words
        assert symptom.strength == pytest.approx(abs(late_ms) / (60 if late_ms > 0 else 40), rel=0.01)
        assert dict(symptom.facts)["offset_seconds"] == pytest.approx(late_ms / 1000, abs=3e-4)


def test_a_loop_is_not_matched_one_bar_off(tmp_path):
    bar = song(1)[3 * RATE : 5 * RATE]
    original = np.tile(bar, 10)
    seen = look(case_of(tmp_path, played(original, 0.2, seconds=12.0), original))
    assert figure(seen, "audio_offset_ms").value == pytest.approx(200.0, abs=0.5)


def test_a_dull_and_noisy_copy_is_still_the_song(tmp_path):
    original = song(2)
    dull = sosfilt(butter(6, 1800, fs=RATE, output="sos"), original)
    noise = np.random.default_rng(3).normal(0, 0.02 * float(np.abs(dull).max()), len(dull))
    seen = look(case_of(tmp_path, dull + noise, original))
    # The filter itself delays by less than a millisecond.
    assert figure(seen, "audio_offset_ms").value == pytest.approx(0.0, abs=1.0)
    assert seen.symptoms == ()


def test_a_video_from_the_middle_of_the_song_is_in_time_if_that_is_known(tmp_path):
    original = song(1)
    case = case_of(tmp_path, played(original, -7.0, seconds=10.0), original)
    assert "7.00 s early" in look(case).symptoms[0].words
    told = look(replace(case, song_start_seconds=7.0))
    assert told.symptoms == ()
    assert figure(told, "audio_offset_ms").value == pytest.approx(0.0, abs=0.3)


def test_another_song_is_called_that(tmp_path):
    for number, other in enumerate((1, 5)):
        folder = tmp_path / str(number)
        folder.mkdir()
        seen = look(case_of(folder, played(song(other), seconds=8.0), song(0)))
        assert "is not that of song.flac" in seen.symptoms[0].words
        assert figure(seen, "audio_offset_ms").value is None


def test_a_video_without_sound_and_one_without_a_song_say_so(tmp_path):
    silent = look(case_of(tmp_path, None, song(1)))
    assert "no sound track" in silent.symptoms[0].words
    unknown = look(case_of(tmp_path, played(song(1), seconds=4.0)))
    assert unknown.symptoms == ()
    assert "--audio" in figure(unknown, "audio_offset_ms").not_measured
    quiet = look(case_of(tmp_path, np.zeros(4 * RATE, np.float32), song(1)))
    assert quiet.symptoms == ()
    assert "silent" in figure(quiet, "audio_offset_ms").not_measured
    broken = replace(unknown_case := case_of(tmp_path, played(song(1), seconds=4.0)), song=tmp_path / "gone.wav")
    assert unknown_case.song is None
    assert "gone.wav" in figure(look(broken), "audio_offset_ms").not_measured


def test_a_sound_track_that_starts_later_than_the_picture_is_late(tmp_path):
    original = song(1)
    case = case_of(tmp_path, played(original, seconds=8.0), original)
    started = replace(case, video=replace(case.video, start_seconds=-0.2))
    assert figure(look(started), "audio_offset_ms").value == pytest.approx(200.0, abs=0.3)
