"""What every migration is tried on, and the checks that hold for all of them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.audit.engine import audit, select
from audio_loop.workflow_graph.document import Document
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.chain import Outcome
from audio_loop.workflow_graph.shipped import classic, music_video_latent
from audio_loop.workflow_graph.shipped.classic_options import AS_SAVED_IN_APRIL, Options

EXAMPLES = Path(documents.__file__).parents[1] / "example_workflows"


@lru_cache(maxsize=8)
def _built(options: Options) -> bytes:
    return documents.dumps(classic.workflow(options))


def sound(**faults) -> Document:
    """The classic graph, sound but for what is named."""
    return documents.loads(_built(replace(Options(), **faults)))


def april() -> Document:
    """The classic graph with all known faults."""
    return documents.loads(_built(AS_SAVED_IN_APRIL))


def ours() -> Document:
    """The default, not folded."""
    return music_video_latent.build().workflow()


def shipped(name: str) -> Document:
    return documents.load_workflow(EXAMPLES / f"{name}.json")


def case() -> Document:
    """A graph saved before widgets had sockets, with the controller and planner of the older pack."""
    return documents.load_workflow(EXAMPLES.parent / "tests" / "golden" / "graph_saved_before_widget_sockets.json")


def findings(document: Document, *rules: str) -> list[tuple[str, str]]:
    return [(r.rule.code, r.severity.value) for r in audit(document, select(only=rules)).reported]


def check_migrates(document: Document, name: str, **options) -> Graph:
    """Applied: something changed, nothing broke, and a second time changes nothing. Returns the graph."""
    before = json.dumps(document)
    outcome = apply(document, name, **options)
    assert json.dumps(document) == before, "the argument must not change"
    assert outcome.made == (name,)
    assert outcome.changes
    assert check(outcome.document) == ()
    again = apply(outcome.document, name, **options)
    assert again.made == ()
    assert documents.dumps(again.document) == documents.dumps(outcome.document)
    return Graph(outcome.document)


def check_leaves(document: Document, name: str, **options) -> Outcome:
    """Nothing to do: the very same bytes."""
    outcome = apply(document, name, **options)
    assert outcome.made == ()
    assert documents.dumps(outcome.document) == documents.dumps(document)
    return outcome


def apply(document: Document, name: str, **options) -> Outcome:
    return chain.apply(document, chain.find(name), options)


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """The functions of this file, for tests (they cannot import it by name)."""
    return SimpleNamespace(
        sound=sound,
        april=april,
        ours=ours,
        case=case,
        shipped=shipped,
        findings=findings,
        check_migrates=check_migrates,
        check_leaves=check_leaves,
        apply=apply,
    )
