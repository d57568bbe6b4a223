"""Graphs with a value of the wrong kind in some place: every tool answers with a graph or a sentence, never a traceback."""

from __future__ import annotations

import copy
import os
import random

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.document import DocumentError

from .graph_tools import TOOLS

DAMAGED_GRAPHS = int(os.environ.get("AUDIO_LOOP_DAMAGED_GRAPHS", "10"))
"""Damaged graphs for each tool and file; 2000 for a thorough search."""

FILES = {
    "classic": min((REPOSITORY / "example_workflows" / "classic").glob("*.json")),
    "ours": REPOSITORY / "example_workflows" / "audio-loop_smoke.json",
}
WRONG = (None, True, -1, 0, 3, 10**20, 1.5, "", "x", "12", [], [None], ["x"], [[]], {}, {"a": 1}, [1, 2], {"name": "x"})


def places(document):
    """Every place of a document that holds a value: the holder and its key."""
    found, waiting = [], [document]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], (dict, list)):
                waiting.append(holder[key])
    return found


def damaged(document, rng):
    """A copy in which a few values are of another kind, missing, doubled or swapped."""
    result = copy.deepcopy(document)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        found = places(result)
        # Most values are deep in widgets and sizes; ids, slots and links are few and matter more.
        weights = [1 if key in ("pos", "size", "color", 0, 1) else 4 for _, key in found]
        holder, key = rng.choices(found, weights)[0]
        kind = rng.randrange(5)
        if kind < 3:
            holder[key] = rng.choice(WRONG)
        elif kind == 3:
            del holder[key]
        else:
            other, other_key = rng.choice(found)
            holder[key] = copy.deepcopy(other[other_key])
    return result


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("tool", TOOLS)
def test_a_damaged_graph_gives_a_result_or_a_sentence(tool, file):
    document = documents.load_workflow(FILES[file])
    rng = random.Random(f"{tool} {file}")
    refused = []
    for _ in range(DAMAGED_GRAPHS):
        broken = damaged(document, rng)
        before = copy.deepcopy(broken)
        try:
            TOOLS[tool](broken)
        except DocumentError as error:
            refused.append(str(error))
        assert broken == before, "the document that was given is unchanged"
    assert not [text for text in refused if not text or "invalid literal" in text]
