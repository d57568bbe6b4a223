"""The three things that are checked of each rule."""

from __future__ import annotations

import copy
import re

import pytest

from audio_loop.workflow_graph.audit.engine import audit, select
from audio_loop.workflow_graph.audit.rule import Severity
from audio_loop.workflow_graph.editing.graph import Graph


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
        graph = Graph(broken)
        for edit in edits:
            edit(graph)
        check_clean(code, graph.to_document())

    return check
