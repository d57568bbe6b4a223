"""Graphs and a machine for the check."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from pathlib import Path

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.loop_control.audio_facts import AudioFacts
from audio_loop.preflight.check import preflight
from audio_loop.preflight.machine import Machine
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.shipped import music_video, music_video_latent

DEFAULT = REPOSITORY / "example_workflows" / "audio-loop-music-video_latent.json"
FOUR_MINUTES = AudioFacts(batch=1, channels=2, samples=240 * 44_100, sample_rate=44_100)
SOUND_MACHINE = Machine(Path("/output"), free_bytes=10**12, is_writable=True, has_file=lambda *_: True)


@pytest.fixture(scope="session")
def default_workflow():
    """Not folded: ids are those of its nodes."""
    return music_video_latent.build().workflow()


@pytest.fixture
def check(default_workflow):
    """The check of the default workflow: with edits to it, another song, or another machine."""

    def run(*edits, song=FOUR_MINUTES, **machine):
        graph = Graph(copy.deepcopy(default_workflow))
        for edit in edits:
            edit(graph)
        return preflight(graph.to_document(), song, replace(SOUND_MACHINE, **machine))

    return run


@pytest.fixture(scope="session")
def two_stages():
    """The workflow that makes a draft first; not folded either."""
    return music_video.build().workflow()


@pytest.fixture
def check_two_stages(two_stages):
    """The check of the workflow of two stages: with edits to it."""

    def run(*edits, song=FOUR_MINUTES):
        graph = Graph(copy.deepcopy(two_stages))
        for edit in edits:
            edit(graph)
        return preflight(graph.to_document(), song, SOUND_MACHINE)

    return run


@pytest.fixture
def check_trips():
    """A rule is the one that reports, as often as there are patterns; its message says the fault and its mend the cure."""

    def check(found, rule, *patterns, severity):
        reported = found.audit.reported
        assert [each.rule.code for each in reported] == [rule] * len(patterns), [each.finding.message for each in reported]
        for each, pattern in zip(reported, patterns, strict=True):
            assert re.search(pattern, f"{each.finding.where}: {each.finding.message}"), each.finding.message
            assert each.severity.value == severity
            assert "" not in (each.seen, each.why, each.mend)
        return reported

    return check


@pytest.fixture
def widget():
    """An edit that sets a widget of a node."""

    def make(node_id, name, value):
        def edit(graph):
            graph.node(node_id).widgets[name] = value

        return edit

    return make
