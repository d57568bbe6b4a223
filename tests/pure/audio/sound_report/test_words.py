"""A report as text, as data and as a picture."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np

from audio_loop.audio.sound_report.for_graphs import graph_values
from audio_loop.audio.sound_report.picture import HEIGHT_PX, WIDTH_PX, report_image
from audio_loop.audio.sound_report.sound_report import Clipping, Noise, Silence
from audio_loop.audio.sound_report.words import as_data, as_text

from .reports import FINE

DULL = replace(FINE, band_levels_db=(-24.0, -22.0, -26.0, -28.0, -47.0))
SILENT = replace(
    FINE,
    channel_levels_db=(-math.inf,),
    mono_level_db=-math.inf,
    loudness_lufs=-math.inf,
    true_peak_dbtp=-math.inf,
    band_levels_db=(-math.inf,) * 5,
    level_by_second_db=(-math.inf,) * 20,
    silence=Silence(20.0, 20.0, 20.0, 0.0, is_all=True),
)


def test_text_says_the_verdict_first_and_then_all_figures():
    lines = as_text(replace(DULL, true_peak_dbtp=0.5), "a b.mp3").splitlines()
    assert lines[0] == "Sound: dull"
    assert lines[2].startswith("WARNING  dull: 4 - 8 kHz lies 25 dB below")
    assert "preprocess_audio_for_ltx.py 'a b.mp3' prepared.wav --preset speech" in lines[4]
    assert lines[6].startswith("HINT  hot")
    assert "sibilance gap    25.0 dB; at most 20" in lines
    assert "silence          0.10 s before, 0.20 s after, the longest 0.40 s at 7.00 s" in lines
    assert lines[-1].split() == ["sibilance", "4", "-", "8", "kHz", "-25.0", "dB"]


def test_hints_leave_it_fine():
    assert as_text(FINE).startswith("Sound: fine\n")
    assert as_text(replace(FINE, hushed_fraction=0.3)).startswith("Sound: fine (lifeless)\n")


def test_data_is_json_even_of_silence():
    data = json.loads(json.dumps(as_data(SILENT), allow_nan=False))
    assert data["is_fine"] is False
    assert [each["name"] for each in data["verdicts"]] == ["silent"]
    assert data["loudness_lufs"] is None
    assert json.loads(json.dumps(as_data(DULL, "s.wav")))["sibilance_gap_db"] == 25.0


def test_numbers_for_graphs_are_finite():
    assert graph_values(FINE) == (True, 12.0, 120.0, 0.0, -16.0, -2.0)
    noisy = replace(FINE, noise=Noise(-38.0, 14.0), clipping=Clipping(0.01, 0.0, is_exact=True))
    assert graph_values(noisy) == (False, 12.0, 14.0, 0.01, -16.0, -2.0)
    assert all(math.isfinite(value) for value in graph_values(SILENT))


def test_the_picture_shows_bars_limit_and_level():
    fine, dull, silent = (report_image(each) for each in (FINE, DULL, SILENT))
    for picture in (fine, dull, silent):
        assert picture.shape == (HEIGHT_PX, WIDTH_PX, 3)
        assert picture.dtype == np.float32
        assert 0 <= picture.min() <= picture.max() <= 1

    def red(picture):
        return int(((picture[..., 0] > 0.9) & (picture[..., 1] < 0.5)).sum())

    assert red(fine) == 0
    assert red(dull) > 1000
    assert np.abs(report_image(replace(FINE, level_by_second_db=(-50.0,) * 20)) - fine).sum() > 1000
    assert report_image(replace(FINE, level_by_second_db=(-20.0,) * 11_000, duration_seconds=11_000.0)).max() <= 1


def test_of_a_silent_song_the_silence_is_all_of_it():
    assert "silence          all of it" in as_text(SILENT).splitlines()
    assert "all of it" not in as_text(FINE)


def test_a_sound_without_a_second_has_no_bars_over_time():
    bar = np.array([0x4F, 0xA3, 0xFF]) / 255
    none, some = (
        np.abs(report_image(replace(FINE, level_by_second_db=levels))[420:560] - bar).max(-1) < 1e-3
        for levels in ((), (-20.0,))
    )
    assert not none.any()
    assert some.any()
