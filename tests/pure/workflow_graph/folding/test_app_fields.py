"""An app keeps its fields while their nodes go into a subgraph and come out again, and never names what is gone."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.editing import promotion
from audio_loop.workflow_graph.editing.graph_state import GraphState
from audio_loop.workflow_graph.folding.fold import Chapter, Setting, fold
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.shipped import catalogue
from audio_loop.workflow_graph.shipped.app import SHOWN_BY_THE_BROWSER
from audio_loop.workflow_graph.view import ROOT, read

DEFAULT = "audio-loop-music-video_latent"
FLAT = catalogue.WORKFLOWS[DEFAULT]().workflow()


def app_of(document):
    return document["extra"]["linearData"]


def with_app(document, inputs, outputs=()):
    return {**document, "extra": {**document["extra"], "linearData": {"inputs": inputs, "outputs": list(outputs)}}}


def named(document):
    """What the fields and results name at the top level, that is there."""
    state = GraphState(document, Schemas.load())
    nodes = {node.id for node in read(document, strict=True).root.nodes.values()}
    for node_id, widget, *_ in app_of(document)["inputs"]:
        if widget not in SHOWN_BY_THE_BROWSER.values():
            assert widget in promotion.values_of(state, state.node(ROOT, node_id))
    assert set(app_of(document)["outputs"]) <= nodes
    return [(node_id, widget) for node_id, widget, *_ in app_of(document)["inputs"]], app_of(document)["outputs"]


@pytest.mark.parametrize("name", sorted(catalogue.WORKFLOWS))
def test_the_open_form_of_a_shipped_workflow_is_the_same_app_on_the_nodes_that_the_front_stood_for(name):
    shipped = catalogue.canvas(name)
    flat = unfold(shipped).document
    fields, results = named(flat)
    assert (len(fields), results) == (len(app_of(shipped)["inputs"]), app_of(shipped)["outputs"])
    assert [entry[2:] for entry in app_of(flat)["inputs"]] == [entry[2:] for entry in app_of(shipped)["inputs"]]


def test_settings_of_the_front_lead_to_the_widgets_inside_which_take_their_labels():
    flat = unfold(catalogue.canvas(DEFAULT)).document
    fields, _ = named(flat)
    assert fields[-4:-1] == [(1634, "width"), (1634, "height"), (1527, "value")]
    (seed,) = [node for node in flat["nodes"] if node["id"] == 1527]
    assert [slot["label"] for slot in seed["inputs"] if slot["name"] == "value"] == ["Seed"]


def test_a_field_that_a_setting_shows_stays_and_what_is_shown_nowhere_goes():
    (seed,) = [node for node in FLAT["nodes"] if node["id"] == 1527]
    labelled = {**seed, "inputs": [{**seed["inputs"][0], "label": "Take"}, *seed["inputs"][1:]]}
    nodes = [labelled if node is seed else node for node in FLAT["nodes"]]
    inputs = [[1634, "width", {"height": 9}], [1634, "height"], ["1527", "value"], [444, "image"]]
    app = with_app({**FLAT, "nodes": nodes}, inputs, [1604, 1634])
    settings = [Setting("wide", [(1634, "width")]), Setting("take", [(1527, "value")])]
    folded = fold(app, Chapter("Size", [1634, 1527], settings, node_id=2301))
    assert app_of(folded) == {"inputs": [[2301, "wide", {"height": 9}], [2301, "take"], [444, "image"]], "outputs": [1604]}
    (placed,) = [node for node in folded["nodes"] if node["id"] == 2301]
    assert [slot.get("label") for slot in placed["inputs"]] == [None, "Take"]
    assert app_of(app) == {"inputs": inputs, "outputs": [1604, 1634]}
    again = unfold(folded).document
    assert named(again)[0] == [(1634, "width"), (1527, "value"), (444, "image")]


@pytest.mark.parametrize(
    "entry",
    [
        ["472e0756-1e1b-5d78-83ab-73ddbfd781f6:2400:seed", "seed", {"description": "x"}],
        ["472e0756-1e1b-5d78-83ab-73ddbfd781f6:2400:see%64", "seed", {"description": "x"}],
        ["2400", "seed", {"description": "x"}],
    ],
)
def test_what_the_builder_of_apps_writes_is_understood(entry):
    flat = unfold(with_app(catalogue.canvas(DEFAULT), [entry], ["1604", 2400])).document
    assert app_of(flat) == {"inputs": [[1527, "value", {"description": "x"}]], "outputs": ["1604"]}


def test_an_inner_node_that_takes_the_id_of_its_subgraph_takes_no_field_of_it():
    folded = fold(with_app(FLAT, []), Chapter("Size", [1634], [Setting("wide", [(1634, "width")])], node_id=2301))
    (definition,) = [each for each in folded["definitions"]["subgraphs"] if each["name"] == "Size"]
    definition["nodes"][0]["id"] = 2301
    for link in definition["links"]:
        for end in ("origin_id", "target_id"):
            link[end] = 2301 if link[end] == 1634 else link[end]
    flat = unfold(with_app(folded, [[2301, "height"], [2301, "wide"]], [2301])).document
    assert app_of(flat) == {"inputs": [[2301, "width"]], "outputs": []}


@pytest.mark.parametrize("broken", [7, [], {"inputs": 7, "outputs": None}, {"inputs": [7, [], [None, 3], [{}, "x"]]}])
def test_an_app_of_another_form_does_no_harm(broken):
    document = {**catalogue.canvas(DEFAULT)}
    document["extra"] = {**document["extra"], "linearData": broken}
    expected = {"inputs": [], "outputs": []} if isinstance(broken, dict) else broken
    assert app_of(unfold(document).document) == expected


def test_a_graph_that_is_no_app_becomes_none():
    assert "linearData" not in unfold(FLAT).document["extra"]
