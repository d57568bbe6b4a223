"""The version of the judge: it covers whatever decides a number."""

from __future__ import annotations

from pathlib import Path

from audio_loop.autoresearch.judge.version import FILES, SOURCES, judge_hash
from audio_loop.tests.pure.house.import_graph import import_graph, packed

LEFT_OUT = ("files", "loop_control", "prompting", "workflow_graph", "comfyui_internals", "measuring", "doctor/kinds.py")
"""Formats, time arithmetic, words: they decide no number of a video. Names of symptoms are in what uses them."""


def test_everything_that_detectors_and_the_watching_use_is_in_the_hash():
    graph = import_graph(packed())
    reached, waiting = set(), [path for path in graph if path.as_posix().startswith(("doctor/detectors/", "watching/"))]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += graph[path]
    known = (*SOURCES, *FILES, *LEFT_OUT)
    assert {path.as_posix() for path in reached if not any(path == Path(k) or Path(k) in path.parents for k in known)} <= {
        "__init__.py",
        "doctor/__init__.py",
    }


def test_it_is_twelve_digits():
    assert len(judge_hash()) == 12
