"""Sound without its consonants is dull, and by so much; sound that has them is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, resample_poly, sosfilt, sosfiltfilt

from audio_loop.doctor.detectors.dull_audio import look
from audio_loop.tests.pure.doctor.cases_with_sound import RATE, case_of, figure, played, song
from audio_loop.tests.speech import spoken


def _speech():
    return resample_poly(spoken("She sells sea shells by the sea shore, for sure."), 320, 441)


@pytest.mark.parametrize("edge_hz", [1200, 2500])
def test_a_low_pass_makes_speech_dull_and_a_lower_one_duller(tmp_path, edge_hz):
    dull = sosfilt(butter(8, edge_hz, fs=RATE, output="sos"), _speech())
    seen = look(case_of(tmp_path, dull))
    (symptom,) = seen.symptoms
    assert symptom.kind == "dull_audio"
    assert symptom.strength > {1200: 2.0, 2500: 1.3}[edge_hz]
    assert figure(seen, "sibilance_gap_db").value > 20


@pytest.mark.parametrize(("lost_db", "late_seconds"), [(10.0, 0.0), (10.0, 0.3), (2.0, 0.0)])
def test_what_the_file_lost_of_its_song_is_measured(tmp_path, lost_db, late_seconds):
    original = song(1, 10.0)
    low = sosfiltfilt(butter(4, 4000, fs=RATE, output="sos"), original)
    turned_down = low + (original - low) * 10 ** (-lost_db / 20)
    seen = look(case_of(tmp_path, played(turned_down, late_seconds), original))
    assert figure(seen, "sibilance_lost_db").value == pytest.approx(lost_db, abs=0.15 * lost_db + 0.2)
    assert [each.kind for each in seen.symptoms] == (["dull_audio"] if lost_db > 4 else [])
    for symptom in seen.symptoms:
        assert "duller than its song" in symptom.words
        assert symptom.strength == pytest.approx(lost_db / 4, rel=0.2)


def test_a_song_that_is_dull_itself_is_said_to_be(tmp_path):
    dull = sosfilt(butter(8, 2500, fs=RATE, output="sos"), _speech())
    (symptom,) = look(case_of(tmp_path, dull, dull)).symptoms
    assert "so is the song" in symptom.words


def test_speech_and_songs_as_they_are_are_not_dull(tmp_path):
    for number, sound in enumerate((_speech(), song(1, 10.0), song(2, 10.0))):
        folder = tmp_path / str(number)
        folder.mkdir()
        seen = look(case_of(folder, sound))
        assert seen.symptoms == ()
        # Of music alone by nature so much is missing, but without an edge.
        assert figure(seen, "sibilance_edge_db").value < 12


def test_a_video_without_sound_is_not_measured(tmp_path):
    silent = look(case_of(tmp_path, None))
    assert silent.symptoms == ()
    assert "no sound track" in figure(silent, "sibilance_gap_db").not_measured
    quiet = look(case_of(tmp_path, np.zeros(2 * RATE, np.float32)))
    assert "silent" in figure(quiet, "sibilance_gap_db").not_measured


def test_a_file_whose_sound_cannot_be_read_says_why(tmp_path):
    broken = case_of(tmp_path, _speech())
    broken.video.path.write_text("no sound at all")
    seen = look(broken)
    assert seen.symptoms == ()
    assert "video.mp4 cannot be read as sound" in figure(seen, "sibilance_gap_db").not_measured
