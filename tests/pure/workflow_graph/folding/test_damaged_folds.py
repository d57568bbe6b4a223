"""Damage that only graphs with subgraphs can have: every tool answers with a graph or with a sentence that names the place."""

from __future__ import annotations

import copy

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.document import DocumentError

from ..graph_tools import TOOLS

FOLDED = REPOSITORY / "example_workflows" / "audio-loop-music-video_latent.json"


def definitions(document):
    return document["definitions"]["subgraphs"]


def named(document, name):
    return next(each for each in definitions(document) if each["name"] == name)


def instance(document, of):
    levels = [document, *definitions(document)]
    return next(node for level in levels for node in level["nodes"] if node["type"] == of["id"])


def missing_definition(document):
    definitions(document).remove(named(document, "First window"))


def no_definitions(document):
    del document["definitions"]


def definition_twice(document):
    definitions(document).append(copy.deepcopy(named(document, "First window")))


def node_twice(document):
    inside = named(document, "First window")
    inside["nodes"].append(copy.deepcopy(inside["nodes"][0]))


def proxy_to_nothing(document):
    front = instance(document, named(document, "Render song"))
    front.setdefault("properties", {})["proxyWidgets"] = [["999999", "cfg"], ["-1", "gone"], ["2401", "no such widget"]]


def setting_whose_widget_is_gone(document):
    inside = named(document, "Models")
    loader = next(node for node in inside["nodes"] if node["type"] == "CheckpointLoaderSimple")
    loader["inputs"] = []


def holds_itself(document):
    inside = named(document, "Models")
    inside["nodes"].append({**copy.deepcopy(instance(document, inside)), "id": 9999, "inputs": [], "outputs": []})


def holds_the_one_around_it(document):
    around = named(document, "Render song")
    placed = {**copy.deepcopy(instance(document, around)), "id": 9999, "inputs": [], "outputs": []}
    named(document, "Models")["nodes"].append(placed)


def later_version(document):
    document["version"] = 99
    for each in definitions(document):
        each["version"] = 99


def reroute_inside(document):
    inside = named(document, "First window")
    link = next(each for each in inside["links"] if each["origin_id"] > 0 and each["target_id"] > 0)
    inside["nodes"].append(
        {
            "id": 9999,
            "type": "Reroute",
            "pos": [0, 0],
            "size": [75, 26],
            "flags": {},
            "order": 0,
            "mode": 0,
            "inputs": [{"name": "", "type": "*", "link": link["id"]}],
            "outputs": [{"name": "", "type": link["type"], "links": [88888]}],
            "properties": {},
        }
    )
    target = next(node for node in inside["nodes"] if node["id"] == link["target_id"])
    target["inputs"][link["target_slot"]]["link"] = 88888
    inside["links"].append({**link, "id": 88888, "origin_id": 9999, "origin_slot": 0})
    link["target_id"], link["target_slot"] = 9999, 0


def input_that_nobody_has(document):
    inside = named(document, "First window")
    inside["inputs"].pop()


def links_to_nowhere_inside(document):
    named(document, "First window")["links"][0]["origin_id"] = 777777


DAMAGE = {
    missing_definition: False,
    no_definitions: False,
    definition_twice: True,
    node_twice: True,
    proxy_to_nothing: False,
    setting_whose_widget_is_gone: None,
    holds_itself: True,
    holds_the_one_around_it: True,
    later_version: None,
    reroute_inside: False,
    input_that_nobody_has: None,
    links_to_nowhere_inside: None,
}
"""What is done -> whether a graph cannot be sent then; None if either will do."""


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_every_tool_answers(damage):
    sound = documents.load_workflow(FOLDED)
    broken = copy.deepcopy(sound)
    damage(broken)
    assert broken != sound
    before = copy.deepcopy(broken)
    answers = {}
    for name, tool in TOOLS.items():
        try:
            answers[name] = tool(broken)
        except DocumentError as error:
            answers[name] = error
        assert broken == before
    assert all(str(answer) for answer in answers.values() if isinstance(answer, DocumentError))
    refused = isinstance(answers["to-api"], DocumentError)
    assert DAMAGE[damage] in (None, refused), answers["to-api"]
    if not refused:
        assert answers["to-api"].prompt


def test_a_subgraph_that_the_file_does_not_hold_is_an_error():
    broken = documents.load_workflow(FOLDED)
    missing_definition(broken)
    (found,) = TOOLS["audit"](broken).reported
    assert (found.rule.code, found.severity.value) == ("missing_nodes", "ERR")
    assert found.finding.where.startswith("node 2404 (")
    assert "which the file does not hold" in found.finding.message
    assert "node 2404 stands for the subgraph" in TOOLS["to-api"](broken).notes[0]


def test_what_is_damaged_is_named():
    for damage, words in {
        definition_twice: "two subgraph definitions have the id",
        node_twice: "a second node with the id",
        holds_itself: "contains itself",
        links_to_nowhere_inside: "777777",
    }.items():
        broken = documents.load_workflow(FOLDED)
        damage(broken)
        with pytest.raises(DocumentError, match=words):
            TOOLS["to-api"](broken)
        if damage is not holds_itself:
            with pytest.raises(DocumentError, match=words):
                TOOLS["unfold"](broken)
