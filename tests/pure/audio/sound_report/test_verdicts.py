"""Every verdict: a report that earns it, and the fine one that does not; and recordings of a known kind."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace

import pytest

from audio_loop.audio.preparing.presets import PRESETS
from audio_loop.audio.reading.song_source import SongArray
from audio_loop.audio.sound_report.judge import JUDGES, is_fine, judged
from audio_loop.audio.sound_report.measure import measure
from audio_loop.audio.sound_report.sound_report import Clipping, Noise, Silence
from audio_loop.audio.sound_report.verdict import SONG

from ....sound_cases import SPEECH_HZ, sound_case
from .reports import FINE

CASES = 200
FIRST_SEED = 120_000
"""Thresholds were chosen on lower seeds."""
VOICE_DB = ((0.0, 20.0), (-20.0, 0.0))
"""Over the music, and under it."""

SILENCE = Silence(20.0, 20.0, 20.0, 0.0, is_all=True)
NO_LEVEL = (-math.inf,) * 5

TRIPS = {
    "no numbers": ({"not_finite": 3, "not_finite_at_seconds": 1.25}, "3 samples are no numbers, the first at 1.25 s", "error"),
    "silent": ({"silence": SILENCE, "band_levels_db": NO_LEVEL, "loudness_lufs": -math.inf}, "all 20.0 s are silent", "error"),
    "cancelling channels": ({"mono_level_db": -50.0}, "loses 30 dB", "warning"),
    "dead channel": (
        {"channel_levels_db": (-20.0, -math.inf), "mono_level_db": -26.0},
        "the right channel has no sound",
        "warning",
    ),
    "clipped": ({"clipping": Clipping(0.013, -3.1, is_exact=True)}, "1.3 % of the samples lie exactly at -3.1 dB", "warning"),
    "noisy": ({"noise": Noise(-38.0, 14.0)}, "14 dB below everything else", "warning"),
    "boomy": ({"band_levels_db": (-12.0, -22.0, -26.0, -28.0, -34.0)}, "60 - 300 Hz is 15.5 dB denser", "warning"),
    "dull": ({"band_levels_db": (-24.0, -22.0, -26.0, -28.0, -47.0)}, "4 - 8 kHz lies 25 dB below", "warning"),
    "quiet": ({"loudness_lufs": -41.0}, "the loudness is -41.0 LUFS", "warning"),
    "offset": ({"dc_offset": -0.05}, "lies -0.050 beside zero", "hint"),
    "hot": ({"true_peak_dbtp": 1.2}, r"true peak is \+1.2 dBTP", "hint"),
    "silent ends": ({"silence": Silence(6.0, 0.0, 6.0, 0.0, is_all=False)}, "the first 6.0 s are silent", "hint"),
    "lifeless": ({"hushed_fraction": 0.2}, "20 % between first and last sound", "hint"),
}


def test_every_judge_has_its_pair():
    assert len(TRIPS) == len(JUDGES)
    assert judged(FINE) == ()
    assert is_fine(())


@pytest.mark.parametrize("name", TRIPS)
def test_this_report_trips_this_verdict_alone(name):
    changed, says, gravity = TRIPS[name]
    (verdict,) = judged(replace(FINE, **changed))
    assert (verdict.name, verdict.gravity) == (name, gravity)
    assert re.search(says, verdict.found), verdict.found
    assert "" not in (verdict.seen, verdict.mend)
    assert is_fine((verdict,)) == (gravity == "hint")


@pytest.mark.parametrize("name", TRIPS)
def test_a_remedy_names_a_preset_that_there_is_and_the_file(name):
    changed, _, _ = TRIPS[name]
    (verdict,) = judged(replace(FINE, **changed))
    mend = verdict.mend_of("my song.mp3")
    assert SONG not in mend
    if "scripts/" in verdict.mend:
        assert "preprocess_audio_for_ltx.py 'my song.mp3' prepared.wav --preset " in mend
        (preset,) = re.findall(r"--preset ('[^']+'|\S+?)(?:,| --)", mend)
        assert preset.strip("'") in PRESETS


def test_a_sound_with_an_edge_is_dull_whatever_its_levels():
    (verdict,) = judged(replace(FINE, band_limit_hz=3600.0))
    assert verdict.name == "dull"
    assert "nothing is left above 3.6 kHz" in verdict.found
    assert "equaliser brings nothing back" in verdict.mend
    assert judged(replace(FINE, band_limit_hz=7200.0)) == ()


def test_bass_makes_nothing_dull():
    heavy = replace(FINE, band_levels_db=(0.0, -16.0, -26.0, -28.0, -38.0))
    assert [each.name for each in judged(heavy)] == ["boomy"]
    assert [each.name for each in judged(replace(heavy, band_levels_db=(0.0, -16.0, -26.0, -28.0, -47.0)))] == ["boomy", "dull"]


def test_a_little_rumble_under_a_bird_is_not_boomy():
    assert "boomy" not in [each.name for each in judged(replace(FINE, band_levels_db=(-66.0, -76.0, -80.0, -27.0, -21.0)))]


def test_of_channels_that_cancel_each_other_nothing_else_is_said():
    (verdict,) = judged(replace(FINE, mono_level_db=-math.inf, band_levels_db=NO_LEVEL))
    assert verdict.name == "cancelling channels"


def test_silent_ends_name_what_trims_them():
    (verdict,) = judged(replace(FINE, silence=Silence(4.0, 5.0, 5.0, 15.0, is_all=False)))
    assert "the first 4.0 s and the last 5.0 s" in verdict.found
    assert "--trim-start 3.5 --trim-end 15.5" in verdict.mend


def test_verdicts_on_recordings_of_a_known_kind():
    """Right: this kind and no other. Kinds are causes (a telephone, a microphone too close, ...) that no verdict knows."""
    right = Counter()
    wrong = []
    for seed in range(FIRST_SEED, FIRST_SEED + CASES):
        case = sound_case(seed, voice_db=VOICE_DB[seed // 5 % 2])
        said = [each.name for each in judged(measure(SongArray(case.samples, SPEECH_HZ))) if each.gravity != "hint"]
        if said == ([] if case.kind == "fine" else [case.kind]):
            right[case.kind] += 1
        else:
            wrong.append(f"{seed}: {case.kind}, {case.how}: {said}")
    assert right.total() >= 0.95 * CASES, wrong
    assert min(right.values()) >= 0.7 * CASES / 5, wrong
