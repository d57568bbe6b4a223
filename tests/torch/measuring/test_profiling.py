"""Profiling of iterations: what is refused, what is recorded with and without a GPU, and what is left for people."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import torch
from torch.profiler import ProfilerActivity

from audio_loop.measuring import profiling
from audio_loop.measuring.profiling import ProfileSettings, ProfilingError, begin_profile, end_profile, step_profile


@pytest.fixture
def profiler(monkeypatch):
    """Stands in for torch's profiler; `wished` is what it was made with."""
    made = SimpleNamespace(wished=None, done=[])

    def profile(**wished):
        made.wished = wished
        return SimpleNamespace(**{name: lambda name=name: made.done.append(name) for name in ("start", "step", "stop")})

    monkeypatch.setattr(profiling, "profile", profile)
    return made


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"active_iterations": 0}, "active_iterations is 0; at least 1"),
        ({"warmup_iterations": -1}, "warmup_iterations is -1; it must be 0 or more"),
    ],
)
def test_a_profile_of_nothing_is_refused(tmp_path, profiler, settings, words):
    with pytest.raises(ProfilingError, match=words):
        begin_profile(ProfileSettings(tmp_path / "trace", **settings))
    assert profiler.wished is None
    assert not (tmp_path / "trace").exists()


def test_without_a_gpu_its_memory_is_not_told(tmp_path, profiler, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    session = begin_profile(ProfileSettings(tmp_path))
    assert profiler.wished["activities"] == [ProfilerActivity.CPU]
    (row,) = session.memory_rows
    assert (row["allocated"], row["reserved"], row["peak"]) == (None, None, None)
    assert row["rss"] > 0


def test_with_a_gpu_it_is_recorded_and_its_peak_counts_from_row_to_row(tmp_path, profiler, monkeypatch):
    memory = {"peak": 0}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda: 5)
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda: 7)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda: memory["peak"])
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda: memory.update(peak=0))
    memory["peak"] = 9
    session = begin_profile(ProfileSettings(tmp_path))
    assert profiler.wished["activities"] == [ProfilerActivity.CPU, ProfilerActivity.CUDA]
    memory["peak"] = max(memory["peak"], 6)
    step_profile(session)
    assert [(row["iteration"], row["allocated"], row["reserved"], row["peak"]) for row in session.memory_rows] == [
        (0, 5, 7, 9),
        (1, 5, 7, 6),
    ]


def test_a_loop_that_ended_in_its_warm_up_recorded_nothing_but_memory(tmp_path, profiler):
    session = begin_profile(ProfileSettings(tmp_path, warmup_iterations=2))
    step_profile(session)
    result = end_profile(session)
    assert profiler.done == ["start", "step", "stop"]
    assert (result.trace, result.table) == (None, None)
    assert result.summary == "nothing recorded: 1 iterations ran, 2 of them are warm-up"
    assert [row["iteration"] for row in json.loads(result.memory.read_text("utf-8"))] == [0, 1]
    for again in (step_profile, end_profile):
        with pytest.raises(ProfilingError, match="session has ended"):
            again(session)
