"""Graphs to audit, and the three things that are checked of each rule."""

from __future__ import annotations

import copy
import re
from functools import lru_cache

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.audit.engine import audit, select
from audio_loop.workflow_graph.audit.rule import Severity
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.shipped import classic as classic_graph

DEFAULT = REPOSITORY / "example_workflows" / "audio-loop-music-video_latent.json"


@lru_cache
def _ours():
    return document.load_workflow(DEFAULT)


@lru_cache
def _classic(options):
    return classic_graph.workflow(options)


def _edited(source, *edits):
    graph = Graph(source)
    for edit in edits:
        edit(graph)
    return graph.to_document()


@pytest.fixture
def ours():
    """The default workflow, with edits made to it."""
    return lambda *edits: _edited(_ours(), *edits) if edits else copy.deepcopy(_ours())


@pytest.fixture
def classic():
    """The classic workflow with options, and edits made to it."""

    def make(*edits, **options):
        made = _classic(classic_graph.Options(**options))
        return _edited(made, *edits) if edits else copy.deepcopy(made)

    return make


def _found(code, graph):
    return audit(graph, select([code])).reported


@pytest.fixture
def check_clean():
    """The rule finds nothing, and looking changes nothing."""

    def check(code, *graphs):
        for graph in graphs:
            before = copy.deepcopy(graph)
            assert [f"{r.finding.where}: {r.finding.message}" for r in _found(code, graph)] == []
            assert graph == before

    return check


@pytest.fixture
def check_finds():
    """The rule finds exactly what is said: one pattern a finding, matched against place and message."""

    def check(code, graph, *patterns, severity="ERR"):
        found = _found(code, graph)
        texts = [f"{r.finding.where}: {r.finding.message}" for r in found]
        assert len(texts) == len(patterns), texts
        for text, pattern in zip(texts, patterns, strict=True):
            assert re.search(pattern, text), text
        assert {r.severity for r in found} == {Severity(severity)}
        assert all(r.seen and r.why and r.mend for r in found)
        return found

    return check


@pytest.fixture
def check_fixed(check_clean):
    """The rule finds something, and nothing any more after the edit."""

    def check(code, broken, *edits):
        assert _found(code, broken)
        check_clean(code, _edited(broken, *edits))

    return check
