"""The benchmark's table, and its comparison with scorecards that were written down."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from audio_loop.autoresearch.bench.bench_table import bench_text, curve, frames_words
from audio_loop.autoresearch.bench.expected import deviations, scorecard
from audio_loop.autoresearch.bench.measure import BenchRun
from audio_loop.autoresearch.bench.memory_watch import MachineFacts, MemoryLook
from audio_loop.autoresearch.bench.render_clock import RenderSeconds
from audio_loop.autoresearch.errors import HarnessError

CARD = MachineFacts("cuda:0 a card", 24 * 1024.0, 64 * 1024.0, "0.33.0", "2.9.1")
METRICS = {
    "cut_visibility_max": 1.25,
    "cut_visibility_max_status": "ok",
    "av_text_sim": None,
    "av_text_sim_status": "model_unavailable: transformers has no weights",
    "frames": 1544,
    "frames_status": "ok",
    "seconds_per_window": 30.0,
    "symptoms": ["visible_cut"],
}
LOOKS = tuple(MemoryLook(second, 1000.0 + 100 * second, 2000.0 + 10 * second) for second in range(30))
RUN = BenchRun(42, CARD, RenderSeconds(120.0, (40.0, 20.0, 22.0, 21.0), 9.5), LOOKS, 1544, 1544, METRICS, Path("v.mp4"))


def test_the_table_names_machine_judge_and_everything_measured():
    text = bench_text("song_v1", [RUN, replace(RUN, seed=43)], "abc", "music.json")
    assert "Audio Loop bench song_v1, judge abc, workflow music.json\ncuda:0 a card, 24.0 GiB; RAM 64.0 GiB" in text
    assert "| s per window (median, first left out) | 21.0 | 21.0 |" in text
    assert "| peak VRAM taken, MiB | 2290 | 2290 |" in text
    assert "| frames | 1544, exact | 1544, exact |" in text
    assert "| cut_visibility_max | 1.25 | 1.25 |" in text
    assert "| av_text_sim | model_unavailable: transformers has no weights |" in text


def test_a_video_of_another_length_is_not_called_exact():
    assert frames_words(replace(RUN, frames=1543)) == "1543, NOT the 1544 of the plan"
    assert frames_words(replace(RUN, expected_frames=None)) == "1544; no plan to compare with"


def test_a_cpu_has_no_vram_row():
    looks = tuple(replace(look, vram_mib=None) for look in LOOKS)
    text = bench_text("song_v1", [replace(RUN, memory=looks, machine=replace(CARD, vram_mib=None))], "abc", "w")
    assert "| peak VRAM taken, MiB | - |" in text
    assert "cuda:0 a card; RAM" in text


def test_a_curve_goes_from_its_lowest_to_its_highest():
    assert curve(range(8), 8) == "▁▂▃▄▅▆▇█"
    assert curve([5, 5, 5], 8) == "▁▁▁"
    assert curve([0, 9, 0, 0], 2) == "█▁"
    assert curve([None, None]) == "-"
    assert len(curve(range(1000), 24)) == 24


def test_a_scorecard_that_was_written_is_met_again(tmp_path):
    file = tmp_path / "expected.json"
    file.write_text(json.dumps(scorecard([RUN], "abc")))
    assert list(deviations([RUN], "abc", file)) == []
    slower = replace(RUN, metrics={**METRICS, "seconds_per_window": 90.0})
    assert list(deviations([slower], "abc", file)) == []


def test_deviations_are_named(tmp_path):
    file = tmp_path / "expected.json"
    file.write_text(json.dumps(scorecard([RUN], "abc")))
    other = replace(RUN, frames=1500, metrics={"cut_visibility_max": 1.4, "zoom": 1.0})
    assert list(deviations([other], "abc", file)) == [
        "seed 42: cut_visibility_max was 1.25, is 1.4",
        "seed 42: frames was 1544, is 1500",
        "seed 42: zoom was None, is 1.0",
    ]
    assert list(deviations([replace(RUN, seed=7)], "abc", file)) == ["expected.json has no scorecard of seed 7"]
    (word,) = deviations([RUN], "xyz", file)
    assert "was written by judge abc, this one is xyz" in word


def test_a_file_that_is_no_scorecard_is_refused(tmp_path):
    file = tmp_path / "expected.json"
    file.write_text("[]")
    with pytest.raises(HarnessError, match="no scorecard"):
        list(deviations([RUN], "abc", file))
