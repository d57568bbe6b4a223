"""Old graphs with nodes in subgraphs: mended, they send what the mended flat graph sends, or it is said why not."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from audio_loop.workflow_graph.audit.engine import audit
from audio_loop.workflow_graph.audit.rule import Severity
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.folding.fold import Chapter, fold
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.mending.mend import mend
from audio_loop.workflow_graph.view import read

from .... import aged_graphs

FOLDS_OF_EACH = 1
SAID = ("is new", "no AudioLoopPlanner beside it", "through a new node")
"""Where a planner and its loop are in different subgraphs, another is made beside the loop, or the loop keeps its number."""


def shapes(prompt):
    """How often each node stands in a prompt, told by its class, its values and all that feeds it: ids do not count."""
    known = {}

    def shape(identity):
        if identity not in known:
            node = prompt[identity]
            parts = [node["class_type"]]
            for name, value in sorted(node["inputs"].items()):
                is_link = isinstance(value, list) and len(value) == 2 and value[0] in prompt
                parts.append((name, shape(value[0]), value[1]) if is_link else (name, json.dumps(value, sort_keys=True)))
            known[identity] = hash(tuple(parts))
        return known[identity]

    return Counter((node["class_type"], shape(identity)) for identity, node in prompt.items())


def stretch(document, chance):
    """A node and what feeds it, a few steps far: such nodes can often go into a subgraph."""
    root = read(document).root
    feeders = {}
    for link in root.links.values():
        feeders.setdefault(link.target_id, set()).add(link.origin_id)
    chosen = {chance.choice(list(root.nodes))}
    for _ in range(chance.randint(1, 3)):
        chosen |= {origin for node in chosen for origin in feeders.get(node, ()) if origin in root.nodes}
    return sorted(chosen, key=str)


def folds(document, chance):
    """The graph with a subgraph, or with one inside another."""
    while True:
        try:
            folded = fold(document, Chapter("Part", stretch(document, chance), node_id=9000))
        except DocumentError:
            continue
        if chance.random() < 0.5:
            try:
                yield fold(folded, Chapter("Around", [9000], node_id=9001))
            except DocumentError:
                yield folded
        else:
            yield folded


def errors(document):
    return audit(document).count(Severity.ERR)


@pytest.mark.parametrize("number", range(aged_graphs.COUNT))
def test_folded_and_mended_is_mended(number):
    old = aged_graphs.graph(number).document
    flat = mend(old)
    expected, usual_errors = shapes(to_api(flat.document)), errors(flat.document)
    made = folds(old, random.Random(f"fold {number}"))
    for folded in (next(made) for _ in range(FOLDS_OF_EACH)):
        mended = mend(folded)
        assert check(mended.document) == ()
        told = " ".join(set(mended.remarks) - set(flat.remarks))
        assert errors(mended.document) <= usual_errors or "is wired inside a subgraph; the planner has the value" in told
        if shapes(to_api(mended.document)) != expected:
            assert any(words in told for words in SAID), told
        assert mend(mended.document).made == ()


def test_a_node_in_subgraphs_gets_the_plan_from_around_it():
    old = aged_graphs.as_new("audio-loop-music-video_latent")
    graph = json.loads(json.dumps(old))
    planner = next(node for node in graph["nodes"] if node["type"] == "AudioLoopPlanner")
    encoding = next(node for node in graph["nodes"] if node["type"] == "AudioLoopEncodeSong")
    slot = next(each for each in encoding["inputs"] if each["name"] == "plan")
    link = slot["link"]
    slot["link"] = None
    graph["links"] = [each for each in graph["links"] if each[0] != link]
    for output in planner["outputs"]:
        output["links"] = [each for each in output["links"] or [] if each != link]
    folded = fold(fold(graph, Chapter("Inner", [encoding["id"]], node_id=9000)), Chapter("Outer", [9000], node_id=9001))
    mended = mend(folded)
    assert mended.made == ("plan_wired",)
    prompt = to_api(mended.document)
    assert prompt[f"9001:9000:{encoding['id']}"]["inputs"]["plan"] == [str(planner["id"]), 5]
    assert shapes(prompt) == shapes(to_api(old))
