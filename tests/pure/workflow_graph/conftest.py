"""The two graphs that most tests of a room begin with."""

from __future__ import annotations

import copy
from functools import lru_cache

import pytest

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.shipped import classic as classic_graph
from audio_loop.workflow_graph.shipped import music_video, music_video_latent


@lru_cache
def _ours():
    return music_video_latent.build().workflow()


@lru_cache
def _two_stages():
    return music_video.build().workflow()


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
    """The workflow of one stage, not folded, with edits made to it."""
    return lambda *edits: _edited(_ours(), *edits) if edits else copy.deepcopy(_ours())


@pytest.fixture
def two_stages():
    """The default workflow, not folded, with edits made to it."""
    return lambda *edits: _edited(_two_stages(), *edits) if edits else copy.deepcopy(_two_stages())


@pytest.fixture
def classic():
    """The classic workflow with options, and edits made to it."""

    def make(*edits, **options):
        made = _classic(classic_graph.Options(**options))
        return _edited(made, *edits) if edits else copy.deepcopy(made)

    return make
