"""Graphs as people have them, through every command that heals: nothing raises, nothing is lost without a word, and what
comes out is whole, needs no other pack and has everything that it needs to run.

`AUDIO_LOOP_AGED_GRAPHS` sets how many are tried.
"""

from __future__ import annotations

import os
import re

import pytest

from audio_loop.workflow_graph.document import dumps
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.loaded_view import BROWSER_ONLY
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.mending.mend import mend
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.modernize.modernize import OUR_PACKS, modernize
from audio_loop.workflow_graph.repair import repair
from audio_loop.workflow_graph.schemas import Schemas

from .... import aged_graphs

SCHEMAS = Schemas.load()
NUMBERS = range(min(aged_graphs.COUNT, int(os.environ.get("AUDIO_LOOP_AGED_GRAPHS", "6"))))
# Values that say how a node saves memory or shows itself, not what it makes.
OF_NO_MEANING = {"device", "allow_compile", "pad_color", "inplace", "triton_kernels", "divisible_by", "control_after_generate"}


@pytest.fixture(params=NUMBERS, scope="module")
def aged(request):
    return aged_graphs.graph(request.param)


@pytest.fixture(scope="module")
def modern(aged):
    before = dumps(aged.document)
    outcome = modernize(aged.document)
    assert dumps(aged.document) == before
    return outcome


def _missing(prompt):
    """Inputs that must be there and are not."""
    found = []
    for node_id, node in prompt.items():
        schema = SCHEMAS.get(node["class_type"])
        assert schema is not None, node["class_type"]
        for spec in schema.inputs:
            if spec.required and not spec.is_group and not spec.has_widget and spec.name not in node["inputs"]:
                found.append((node_id, node["class_type"], spec.name))
    return found


def test_migrating_ends_and_stays(aged):
    before = dumps(aged.document)
    outcome = chain.migrate(aged.document)
    assert dumps(aged.document) == before
    assert check(outcome.document) == (), aged.name
    assert chain.migrate(outcome.document).made == (), aged.name


def test_mending_ends_and_stays_and_leaves_no_error_that_it_could_mend(aged):
    before = dumps(aged.document)
    outcome = mend(aged.document)
    assert dumps(aged.document) == before
    assert check(outcome.document) == (), aged.name
    assert mend(outcome.document).made == (), aged.name
    controller = Graph(outcome.document).one(type="AudioLoopController")
    assert "seed" not in [slot.name for slot in controller.inputs], aged.name
    assert controller.input("base_seed").link is not None, aged.name


def test_modernizing_leaves_a_whole_graph_of_our_own_nodes(aged, modern):
    outcome = modern
    assert check(outcome.document) == (), aged.name
    nodes = [node for node in Graph(outcome.document).nodes if node.definition is None and node.type not in BROWSER_ONLY]
    assert [node for node in nodes if not node.schema or node.schema.pack not in OUR_PACKS] == [], aged.name
    assert modernize(outcome.document).made == (), aged.name
    prompt = to_api(outcome.document)
    assert _missing(prompt) == [], (aged.name, outcome.remarks)
    controller = next(node for node in prompt.values() if node["class_type"] == "AudioLoopController")["inputs"]
    assert prompt[controller["base_seed"][0]]["inputs"]["value"] == aged_graphs.SEED, aged.name
    assert [key for key, node in prompt.items() if node["class_type"] == "StreamingVideoSave"] in (["1604"], []), aged.name


def test_no_value_is_lost_without_a_word(aged, modern):
    """Values of the graph as it was before it was aged, looked for in the new graph and in the report."""
    held = {str(value) for node in Graph(modern.document).nodes for value in dict(node.widgets).values()}
    said = [*modern.remarks, *modern.repairs, *map(str, modern.changes)]
    young = Graph(repair(aged.young).document)
    lost = []
    for node in young.nodes:
        if node.type in BROWSER_ONLY or node.schema is None:
            continue
        wired = {slot.name for slot in node.inputs if slot.link}
        usual = {widget.name: widget for widget in node.schema.widgets(dict(node.widgets))}
        for name, value in node.widgets.items():
            spec = usual.get(name)
            if name in wired or name in OF_NO_MEANING or spec is None or spec.input is None or value == spec.default:
                continue
            number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
            # VideoHelperSuite's "video/h264-mp4" is "h264-mp4" here.
            if str(value) in held or str(value).removeprefix("video/") in held:
                continue
            if number is not None and any(_is(number, each) for each in held):
                continue
            about = [line for line in said if re.search(rf"\b{node.id} ", line)]
            if not any(name in line or str(value) in line for line in about):
                lost.append((node.id, node.type, name, value))
    assert lost == [], aged.name


def _is(number, text):
    try:
        return float(text) == number
    except ValueError:
        return False
