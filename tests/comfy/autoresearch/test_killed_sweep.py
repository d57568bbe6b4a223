"""A harness that is killed again and again, while a real ComfyUI goes on: no finished run is lost, and none is made twice."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter

from audio_loop.autoresearch.rendering import RUN_KEY
from audio_loop.autoresearch.tracker import Tracker

from .smallest import begin_sweep, write_sweep

KILLS, REPEATS, FRAMES = 20, 14, (9, 17)
SPARE = 6
"""Runs that are left for the last process: every kill has to fall into work."""


def test_killed_at_20_random_points_it_loses_no_finished_run_and_makes_none_twice(comfy, tmp_path):
    write_sweep(tmp_path, REPEATS, FRAMES)
    tracker, moments, kept = Tracker(tmp_path / "data" / "runs.duckdb"), random.Random(14), frozenset()
    took = None
    for _ in range(KILLS):
        process = begin_sweep(tmp_path, comfy.url)
        begin = time.monotonic()
        # Later runs of a process take less than its first, which waits for imports.
        latest = took or 0.0
        # One in three is killed behind its first run, the others somewhere in it: queued, rendered, judged or written.
        if took is None or (moments.random() < 1 / 3 and len(kept) < 2 * REPEATS - SPARE):
            assert "complete" in process.stdout.readline()
            took = min(took or 60.0, time.monotonic() - begin)
            latest = took / 3
        time.sleep(moments.uniform(0, latest if len(kept) < 2 * REPEATS - SPARE else 0.02))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        now = tracker.complete()
        assert kept <= now, "a finished run was lost"
        assert len(now) < 2 * REPEATS, "a kill fell after the work"
        kept = now
    last = begin_sweep(tmp_path, comfy.url)
    output, _ = last.communicate(timeout=120)
    assert last.returncode == 0, output
    rows = Counter(row.run_id for row in tracker.rows())
    assert len(rows) == 2 * REPEATS
    assert set(rows.values()) == {1}
    made = Counter(
        entry["prompt"][3][RUN_KEY] for entry in comfy.client.get_json("/history").values() if RUN_KEY in entry["prompt"][3]
    )
    assert {run: made[run] for run in rows} == dict.fromkeys(rows, 1), "a run was rendered twice"
    for row in tracker.rows():
        run = tmp_path / "data" / "runs" / row.run_id
        assert {path.name for path in run.iterdir()} == {"fixture.json", "metrics.json", "video.mp4", "workflow.json"}
        assert row.metrics["frames"] == row.settings["settings"]["RepeatImageBatch.amount"]
