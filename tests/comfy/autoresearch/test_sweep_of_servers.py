"""A sweep over two ComfyUI servers by real Ray, one of them killed while it works: every run is complete all the same, once."""

from __future__ import annotations

import threading
import time
from collections import Counter

from audio_loop.autoresearch.tracker import Tracker
from audio_loop.demo.launch import tiny_server

from .smallest import begin_sweep, write_sweep

REPEATS, FRAMES = 3, (300, 350)


def test_a_killed_server_costs_no_run(comfy, tiny_models, tmp_path):
    write_sweep(tmp_path, REPEATS, FRAMES)
    with tiny_server(tmp_path / "second", tiny_models) as second:
        threading.Thread(target=_kill_when_it_has_a_video, args=(second,), daemon=True).start()
        process = begin_sweep(tmp_path, comfy.url, second.url)
        output, _ = process.communicate(timeout=240)
        assert process.returncode == 0, output
        assert not second.running, "the second server has to be killed while there is work"
    rows = Tracker(tmp_path / "data" / "runs.duckdb").rows()
    assert [row.status for row in rows] == ["complete"] * 2 * REPEATS
    assert set(Counter(row.run_id for row in rows).values()) == {1}
    assert sorted(row.metrics["frames"] for row in rows) == sorted(FRAMES * REPEATS)
    assert len(list((tmp_path / "data" / "runs").glob("*/video.mp4"))) == 2 * REPEATS


def _kill_when_it_has_a_video(server) -> None:
    while not list(server.base.glob("output/LTX-2_*")):
        time.sleep(0.02)
    server.kill()
