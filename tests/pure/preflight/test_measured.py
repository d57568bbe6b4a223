"""Time and memory come from stored runs and from nothing else."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.preflight.check import preflight
from audio_loop.preflight.expectations import expectations
from audio_loop.preflight.measured import MadeWindow, made_windows, measured
from audio_loop.preflight.report import as_data
from audio_loop.workflow_graph.shipped import anchors

from .conftest import FOUR_MINUTES, SOUND_MACHINE

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
    time, memory, disk, cheaper = expectations(check(made=(window(60.0, peak=20 << 30),)))
    assert "1 window of this size took 60.0 s each here" in time
    assert "all 14 take about 14.0 min" in time
    assert time.endswith("windows that are on disk already take no time")
    assert "at most 20.0 GiB" in memory
    assert disk.startswith("disk: at most 157.8 MB")
    assert cheaper == "cheaper: windows of 12 s would take 0.93 of the work"
    unknown = list(expectations(check()))
    assert unknown[0].startswith("time: unknown")
    assert unknown[1].startswith("memory: unknown")
    without_gpu = list(expectations(check(made=(window(60.0),))))
    assert without_gpu[1].startswith("memory: unknown; the windows that this machine made had no GPU")


def test_windows_that_are_on_disk_take_neither_time_nor_room(check, widget):
    asked = {}

    def on_disk(there):
        def answer(node_id, windows):
            asked[node_id] = windows
            return frozenset(there) & frozenset(windows.indexes)

        return answer

    found = check(made=(window(60.0),), on_disk=on_disk(range(7)))
    windows, time, _, disk, _ = expectations(found)
    assert windows.startswith("windows: 7 of 14 are on disk")
    assert "the 7 to be made take about 7.0 min" in time
    assert "windows that are on disk" not in time
    assert disk.startswith("disk: at most 75.2 MB for the windows to be made in /output")
    assert as_data(found, "")["on_disk"] == list(range(7))
    assert asked["2201"].indexes == (0,)
    assert asked["2202"].indexes == tuple(range(1, 14))
    assert asked["2202"].prompts[13].startswith("Style: cinematic")
    assert asked["2202"].latent_size == (14, 26)

    done = list(expectations(check(made=(window(60.0),), on_disk=on_disk(range(14)))))
    assert done[1].startswith("time: no window is sampled")
    assert done[3].startswith("disk: at most 0.0 MB")
    assert check(free_bytes=76 * 10**6, on_disk=on_disk(range(7))).audit.reported == ()
    assert [each.rule.code for each in check(free_bytes=75 * 10**6, on_disk=on_disk(range(7))).audit.reported] == ["disk_room"]
    none = next(expectations(check(on_disk=on_disk(()))))
    assert none == "windows: none of 14 is on disk"
    blended = check(widget(1558, "blend_seconds", 5.0), on_disk=on_disk(range(7)))
    assert blended.on_disk is None
    assert check(widget(2203, "value", False), on_disk=on_disk(range(7))).on_disk is None


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


def test_windows_of_a_canvas_are_asked_for_in_the_order_in_which_they_are_made():
    asked = []

    def on_disk(_node_id, windows):
        asked.append(windows)
        return frozenset({0, 2})

    found = preflight(anchors.build().workflow(), FOUR_MINUTES, replace(SOUND_MACHINE, on_disk=on_disk))
    (windows,) = asked
    assert windows.indexes == found.plan.sequence
    assert windows.indexes[:3] == (0, 2, 4)
    assert windows.latent_size == (14, 26)
    assert next(expectations(found)).startswith(f"windows: 2 of {len(found.plan.sequence)} are on disk")


RUN = GOLDEN / "audio_loop" / "stored_song_2026-11-27_5c5b1245"


@pytest.fixture
def stored(tmp_path):
    """A copy of a run; (its folder, its manifest)."""
    shutil.copytree(RUN, tmp_path / "run")
    return tmp_path / "run", json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))


def test_a_run_whose_plan_says_no_window_counts_as_none(stored):
    folder, manifest = stored
    assert made_windows(folder.parent)
    for outcome in ({"window_px": "97"}, None):
        manifest["plan"]["outcome"] = outcome
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        assert made_windows(folder.parent) == ()


def test_a_take_whose_file_is_gone_does_not_count(stored):
    folder, _ = stored
    before = made_windows(folder.parent)
    min(folder.glob("segment_0003_*")).unlink()
    assert len(made_windows(folder.parent)) == len(before) - 1


def test_without_the_whole_first_window_the_size_of_others_is_not_known(stored):
    folder, _ = stored
    assert all(each.counted is not None for each in made_windows(folder.parent))
    for path in folder.glob("segment_0000_*"):
        path.write_bytes(b"")
    assert [each.counted for each in made_windows(folder.parent)] == [None] * len(made_windows(folder.parent))
