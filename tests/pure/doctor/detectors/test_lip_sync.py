"""A mouth that is made of numbers: in time, late, early, of other words; and motion that is no mouth."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy import ndimage
from scipy.signal import resample_poly

from audio_loop.doctor.detectors.lip_sync import _slope, look
from audio_loop.doctor.hearing.following import FollowedStretch
from audio_loop.tests.pure.doctor.cases_with_sound import FPS, RATE, case_of, figure, played, song, still_frames
from audio_loop.tests.speech import TEXTS, spoken
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS

SECONDS = 12.0


@lru_cache(maxsize=2)
def speech(turned: bool = False) -> np.ndarray:
    """Twelve seconds of sentences."""
    texts = TEXTS["en"][::-1] if turned else TEXTS["en"]
    pause = np.zeros(RATE // 3)
    said = np.concatenate([each for text in texts for each in (resample_poly(spoken(text), 320, 441), pause)])
    return said[: round(SECONDS * RATE)].astype(np.float32)


def openness(sound: np.ndarray, late_seconds: float) -> np.ndarray:
    """How far a mouth is open at each frame that says a sound, 0 to 1: its level over 60 ms."""
    level = np.sqrt(ndimage.uniform_filter1d(sound.astype(np.float64) ** 2, round(0.06 * RATE)).clip(0))
    at = (np.arange(round(SECONDS * FPS)) / FPS - late_seconds) * RATE
    return np.clip(np.interp(at, np.arange(len(level)), level, 0, 0) / np.percentile(level, 95), 0, 1)


def frames_of(mouth: np.ndarray, cell: tuple[int, int] = (5, 7)):
    """Frames of a picture with a little of its own motion, in which one cell darkens as a mouth opens."""
    random = np.random.default_rng(1)
    light = np.full((len(mouth), CELL_ROWS, CELL_COLUMNS), 120.0)
    light += 3 * ndimage.gaussian_filter1d(random.standard_normal(light.shape), 6, axis=0)
    light[:, cell[0], cell[1]] -= 25 * mouth
    change = np.abs(np.diff(light, axis=0, prepend=light[:1])) / 255 + 0.002 * random.random(light.shape)
    return still_frames(
        len(mouth), cell_luma=np.rint(light).clip(0, 255).astype(np.uint8), cell_change=change.astype(np.float16)
    )


@pytest.mark.parametrize(
    ("mouth_late_ms", "words"),
    [(0, None), (160, "later"), (-80, None), (-240, "earlier")],
)
def test_the_lag_of_a_mouth_is_measured_and_judged_by_which_side_it_is_on(tmp_path, mouth_late_ms, words):
    seen = look(case_of(tmp_path, speech(), frames=frames_of(openness(speech(), mouth_late_ms / 1000))))
    assert figure(seen, "lip_lag_ms").value == pytest.approx(mouth_late_ms, abs=15)
    assert figure(seen, "lip_follows").value > 8
    assert [each.kind for each in seen.symptoms] == ([] if words is None else ["lip_sync"])
    for symptom in seen.symptoms:
        assert words in symptom.words
        assert dict(symptom.facts)["lag_ms"] == pytest.approx(mouth_late_ms, abs=15)
        assert symptom.strength == pytest.approx(mouth_late_ms / (45 if mouth_late_ms > 0 else -125), rel=0.15)


def test_a_mouth_that_says_other_words_follows_nothing(tmp_path):
    seen = look(case_of(tmp_path, speech(), frames=frames_of(openness(speech(turned=True), 0.0))))
    (symptom,) = seen.symptoms
    assert "does not follow" in symptom.words
    assert (dict(symptom.facts)["row"], dict(symptom.facts)["column"]) == (5, 7)
    assert "nothing follows" in figure(seen, "lip_lag_ms").not_measured


def test_an_offset_of_the_whole_sound_explains_that_of_the_mouth(tmp_path):
    moved = played(speech(), 0.24)
    seen = look(case_of(tmp_path, moved, speech(), frames_of(openness(speech(), 0.0))))
    assert figure(seen, "lip_lag_ms").value == pytest.approx(-240, abs=15)
    assert seen.symptoms == ()


def test_music_and_pictures_without_a_mouth_are_left_alone(tmp_path):
    still = look(case_of(tmp_path, speech(), frames=frames_of(np.zeros(round(SECONDS * FPS)))))
    assert still.symptoms == ()
    assert "nothing follows" in figure(still, "lip_lag_ms").not_measured
    # Something swings with the beat where a mouth could be.
    beat = 2.0 * (np.sin(2 * np.pi * 2.0 * np.arange(round(SECONDS * FPS)) / FPS) > 0.8)
    (tmp_path / "beat").mkdir()
    swinging = look(case_of(tmp_path / "beat", song(1, voice=True)[: 12 * RATE], frames=frames_of(beat)))
    assert figure(swinging, "speaking_region").value > 10
    assert swinging.symptoms == ()


def test_of_music_only_what_moves_much_more_is_taken_for_a_singers_mouth(tmp_path):
    music = song(1, voice=True)[: 12 * RATE]
    kinds, lively = [], []
    for number, share in enumerate((1.0, 4.0)):
        (folder := tmp_path / str(number)).mkdir()
        seen = look(case_of(folder, music, frames=frames_of(share * openness(speech(), 0.0))))
        lively.append(figure(seen, "speaking_region").value)
        kinds.append([each.kind for each in seen.symptoms])
    assert kinds == [[], ["lip_sync"]]
    assert 4 < lively[0] < 10 < lively[1]


def test_what_goes_with_the_sound_a_little_later_is_late_only_if_it_looks_like_a_mouth(tmp_path):
    late = openness(speech(), 0.6)
    noise = ndimage.gaussian_filter1d(np.random.default_rng(4).standard_normal(len(late)), 1.0)
    sways = 0.28 * late + 0.72 * noise * late.std() / noise.std()
    kinds, follows = [], []
    for share in (0.2, 1.5):
        (folder := tmp_path / str(share)).mkdir()
        seen = look(case_of(folder, speech(), frames=frames_of(share * sways)))
        follows.append(figure(seen, "lip_follows").value)
        kinds.append([each.kind for each in seen.symptoms])
    assert 7.2 < follows[0] < 9.5
    assert follows[1] > 7.2
    assert kinds == [[], ["lip_sync"]]


def test_light_that_goes_with_the_voice_without_moving_when_it_does_is_no_mouth(tmp_path):
    mouth, other = frames_of(openness(speech(), 0.34)), frames_of(openness(speech(turned=True), 0.0))
    drifts = replace(mouth, cell_change=other.cell_change)
    kinds = []
    for frames in (mouth, drifts):
        (folder := tmp_path / str(len(kinds))).mkdir()
        sounding = case_of(folder, speech(), frames=frames)
        assert figure(look(sounding), "lip_follows").value > 10
        kinds.append([dict(each.facts).get("lag_ms") is not None for each in look(sounding).symptoms])
    assert kinds[0] == [True]
    assert True not in kinds[1]


def test_why_nothing_is_measured_is_said(tmp_path):
    assert "no sound track" in figure(look(case_of(tmp_path, None)), "lip_follows").not_measured
    noise = np.random.default_rng(2).normal(0, 0.1, 8 * RATE).astype(np.float32)
    assert "no voice" in figure(look(case_of(tmp_path, noise)), "lip_follows").not_measured


def test_of_a_mouth_that_is_off_from_a_sound_that_is_off_both_are_told(tmp_path):
    moved = played(speech(), 0.2)
    seen = look(case_of(tmp_path, moved, speech(), frames_of(openness(speech(), -0.25))))
    (symptom,) = seen.symptoms
    assert dict(symptom.facts)["lag_ms"] == pytest.approx(-450, abs=20)
    assert dict(symptom.facts)["unexplained_lag_ms"] == pytest.approx(-250, abs=25)
    assert symptom.words.startswith("The mouth comes ")
    assert " earlier than the voice; " in symptom.words
    assert symptom.words.endswith(" of it is the sound's own offset from the song.")


def test_a_lag_that_grows_is_told_by_the_minute():
    sure = [FollowedStretch(at, at + 16, 10.0, 100 + 2 * at, (5, 7), 0.5) for at in (0.0, 16.0, 32.0)]
    assert _slope(sure) == pytest.approx(120)
    assert _slope(sure[:2]) is None


def test_of_a_video_of_a_few_seconds_it_says_that_it_is_too_short(tmp_path):
    seen = look(case_of(tmp_path, speech(), frames=frames_of(openness(speech(), 0.3)[: 4 * FPS])))
    assert seen.symptoms == ()
    assert "too short to compare it with shuffled sound" in figure(seen, "lip_follows").not_measured
