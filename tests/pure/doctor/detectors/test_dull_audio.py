"""Sound without its consonants is dull, and by so much; sound that has them is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, resample_poly, sosfilt

from audio_loop.doctor.detectors.dull_audio import look
from audio_loop.tests.pure.doctor.cases_with_sound import RATE, case_of, figure, song
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


def test_speech_and_songs_as_they_are_are_not_dull(tmp_path):
    for number, sound in enumerate((_speech(), song(1), song(5))):
        folder = tmp_path / str(number)
        folder.mkdir()
        seen = look(case_of(folder, sound))
        assert seen.symptoms == ()
        assert figure(seen, "sibilance_gap_db").value < 20


def test_a_video_without_sound_is_not_measured(tmp_path):
    silent = look(case_of(tmp_path, None))
    assert silent.symptoms == ()
    assert "no sound track" in figure(silent, "sibilance_gap_db").not_measured
    quiet = look(case_of(tmp_path, np.zeros(2 * RATE, np.float32)))
    assert "silent" in figure(quiet, "sibilance_gap_db").not_measured
