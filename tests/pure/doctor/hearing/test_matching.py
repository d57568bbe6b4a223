"""Sounds beside songs, and mouths beside sounds: what is too short, too quiet or of another song gives no number."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from audio_loop.audio.sound_report.bands import BANDS
from audio_loop.doctor.hearing.band_loss import band_loss_db
from audio_loop.doctor.hearing.fine_match import PIECES, fine_offsets
from audio_loop.doctor.hearing.following import following
from audio_loop.doctor.hearing.heard_sound import GROUPS, HeardSound, hear
from audio_loop.doctor.hearing.of_case import NOT_THE_SONG, lost_bands_db, sound_of
from audio_loop.doctor.hearing.rough_match import rough_match
from audio_loop.doctor.hearing.sound_beside_song import SoundBesideSong
from audio_loop.doctor.hearing.speaking_region import speaking_region
from audio_loop.tests.pure.audio.reading.sound_files import write_sound
from audio_loop.tests.pure.doctor.cases_with_sound import FPS, RATE, case_of, song, still_frames
from audio_loop.watching.watched_video import WatchedVideo

BESIDE = SoundBesideSong(1.0, True, 0.0, 1.0, 0.0, 1.0, 1.0, ())
NOISE = (3000 * np.random.default_rng(0).standard_normal(10 * RATE)).astype(np.int16)


def heard(samples: np.ndarray) -> HeardSound:
    """A sound of which only the samples matter, and frames in which something begins now and then."""
    count = len(samples) // (RATE // 100)
    flux = np.abs(np.random.default_rng(1).standard_normal((count, GROUPS)))
    return HeardSound(0.0, flux, np.full(count, -20.0), samples, len(samples) / RATE)


def shown(seconds: float, fps: int = FPS) -> WatchedVideo:
    count = round(seconds * fps)
    return WatchedVideo("video.mp4", 832, 448, Fraction(fps), "h264", still_frames(count, fps), (), True)


def test_equal_sounds_have_lost_nothing_and_less_than_two_seconds_say_nothing():
    assert band_loss_db(heard(NOISE), heard(NOISE), BESIDE, 0.0, 0.0) == pytest.approx((0.0,) * len(BANDS), abs=1e-9)
    assert band_loss_db(heard(NOISE[: 15 * RATE // 10]), heard(NOISE), BESIDE, 0.0, 0.0) is None
    # Of ten seconds, only the first one lies in the song.
    assert band_loss_db(heard(NOISE), heard(NOISE), BESIDE, 0.0, 9.0) is None


@pytest.mark.parametrize("silent_is_the_song", [False, True])
def test_beside_silence_nothing_is_lost(silent_is_the_song):
    sounds = [heard(NOISE), heard(np.zeros_like(NOISE))]
    sound, original = sounds if silent_is_the_song else sounds[::-1]
    assert band_loss_db(sound, original, BESIDE, 0.0, 0.0) is None


def test_silent_pieces_are_not_sought_and_those_beside_a_silent_song_not_found():
    half = NOISE.copy()
    half[: len(half) // 2] = 0
    seconds, offsets, sought = fine_offsets(half, NOISE, 0.0, 0.0)
    assert 0 < sought < PIECES
    assert seconds.min() > 4
    assert offsets == pytest.approx(0, abs=1e-4)
    seconds, _, sought = fine_offsets(NOISE, np.zeros_like(NOISE), 0.0, 0.0)
    assert (len(seconds), sought) == (0, PIECES)


def test_a_sound_shorter_than_a_piece_matches_nothing():
    short, long = heard(NOISE[: RATE // 2]), heard(NOISE)
    assert rough_match(short.flux, long.flux) is None
    assert rough_match(long.flux, long.flux) is not None


def test_a_video_too_short_or_too_slow_has_no_speaking_region():
    assert speaking_region(shown(1.9)) is None
    assert speaking_region(shown(20, fps=10)) is None
    assert speaking_region(shown(4)) is not None


def test_what_follows_the_sound_of_a_few_seconds_is_not_told():
    assert following(shown(5), heard(NOISE)) is None
    assert following(shown(8), heard(NOISE)) is not None


def test_of_another_song_nothing_is_lost_and_a_file_without_sound_says_why(tmp_path):
    other = case_of(tmp_path, song(1, 10.0), song(2, 10.0))
    assert lost_bands_db(other) == NOT_THE_SONG
    other.video.path.write_text("no sound at all")
    assert "video.mp4" in sound_of(other)


def test_a_sound_of_a_few_milliseconds_is_heard_as_one_frame(tmp_path):
    found = hear(write_sound(tmp_path / "click.wav", NOISE[None, :100] / 32768, RATE, "pcm_s16le"))
    assert (len(found.flux), len(found.voice_db), len(found.samples)) == (1, 1, 100)
    assert found.seconds == 100 / RATE
