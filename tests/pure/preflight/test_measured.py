"""Time and memory come from stored runs and from nothing else."""

from __future__ import annotations

import shutil

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.preflight.measured import MadeWindow, made_windows, measured
from audio_loop.preflight.report import expectations

FRAME_BYTES = 128 * (832 // 32) * (448 // 32) * 4
GOLDEN = REPOSITORY / "tests" / "golden" / "stored_runs"


def window(seconds, *, latents=63, window_px=497, peak=None):
    return MadeWindow(seconds, peak, window_px, latents * FRAME_BYTES + 9000)


def test_windows_of_this_size_count(check):
    plan = check().plan
    made = [window(60.0, peak=20 << 30), window(80.0, latents=56), window(70.0, peak=21 << 30)]
    others = [window(1.0, latents=20), window(1.0, window_px=97)]
    took = measured([*made, *others], plan, FRAME_BYTES)
    assert (took.count, took.median_seconds, took.shortest_seconds, took.longest_seconds) == (3, 70.0, 60.0, 80.0)
    assert took.peak_memory_bytes == 21 << 30
    assert measured(others, plan, FRAME_BYTES) is None


def test_the_report_says_how_it_knows(check):
    time, memory, disk = expectations(check(made=(window(60.0, peak=20 << 30),)))
    assert "1 window of this size took 60.0 s each here" in time
    assert "14 in all take about 14.0 min" in time
    assert "at most 20.0 GiB" in memory
    assert disk.startswith("disk: at most 157.8 MB")
    assert "no measurement yet" in next(expectations(check()))


def test_stored_runs_are_read_and_broken_ones_passed_over(tmp_path):
    runs = sorted(path.parent for path in GOLDEN.rglob("manifest.json"))
    assert runs
    for number, run in enumerate(runs):
        shutil.copytree(run, tmp_path / f"run_{number}")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{", "utf-8")
    made = made_windows(tmp_path)
    assert made
    assert all(each.seconds > 0 and each.window_px % 8 == 1 and each.file_bytes > 0 for each in made)
    assert made_windows(tmp_path / "nowhere") == ()
