"""Seconds of the parts of a render, by events at known times."""

from __future__ import annotations

import math

import pytest

from audio_loop.autoresearch.bench import render_clock
from audio_loop.autoresearch.bench.render_clock import RenderClock
from audio_loop.comfy_host.events import Executing, Finished, Started

PROMPT = {
    "161": {"class_type": "SamplerCustomAdvanced", "inputs": {}},
    "843:573": {"class_type": "SamplerCustomAdvanced", "inputs": {}},
    "1604": {"class_type": "StreamingVideoSave", "inputs": {}},
    "7": {"class_type": "LoadImage", "inputs": {}},
}


@pytest.fixture
def read(monkeypatch):
    """The times of (second, event)."""
    clock = {"now": 0.0}
    monkeypatch.setattr(render_clock.time, "monotonic", lambda: clock["now"])

    def times(*events):
        render = RenderClock(PROMPT)
        for clock["now"], event in events:
            render.add(event)
        return render.read()

    return times


def at(second, node_id):
    return second, Executing(node_id, node_id)


def test_windows_decode_and_whole(read):
    took = read(
        (10.0, Started()),
        at(10.5, "7"),
        at(12.0, "161"),
        at(42.0, "7"),
        at(43.0, "1.0.0.843:573"),
        at(53.0, "7"),
        at(54.0, "2.0.0.843:573"),
        at(65.0, "1604"),
        (70.0, Finished()),
    )
    assert took.windows == (30.0, 10.0, 11.0)
    assert (took.decode, took.whole) == (5.0, 60.0)
    assert took.per_window == 10.5


def test_one_window_counts_though_the_model_is_loaded_in_it(read):
    assert read((0.0, Started()), at(1.0, "161"), (9.0, Finished())).per_window == 8.0


def test_a_render_from_disk_has_no_seconds_per_window(read):
    assert math.isnan(read((0.0, Started()), at(1.0, "1604"), (9.0, Finished())).per_window)
