"""Files from before widgets had sockets: every verb and migration works on them as on today's."""

from __future__ import annotations

import copy

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.audit.engine import audit
from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.earlier.complete import complete
from audio_loop.workflow_graph.editing.graph import Graph, GraphError
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.migrations import chain

from .... import aged_graphs

EXAMPLES = sorted((REPOSITORY / "example_workflows").glob("*.json")) + sorted(
    (REPOSITORY / "example_workflows" / "classic").glob("*.json")
)


def _without_sockets(document):
    old = copy.deepcopy(document)
    aged_graphs.drop_sockets(old, None)
    return old


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem, scope="module")
def young(request):
    return documents.load_workflow(request.param)


def test_it_means_the_same_and_is_completed_to_the_same(young):
    old = _without_sockets(young)
    assert old != young
    assert to_api(old) == to_api(young)
    assert diff(old, young) == ()
    graph = Graph(old)
    complete(graph)
    completed = graph.to_document()
    assert check(completed) == ()
    assert to_api(completed) == to_api(young)
    assert {r.rule.code for r in audit(old).reported} == {r.rule.code for r in audit(young).reported}


@pytest.mark.parametrize("name", [migration.name for migration in chain.all_migrations()])
def test_every_migration_does_the_same_as_on_todays_form(name):
    young = documents.load_workflow(EXAMPLES[-1])
    old = _without_sockets(young)
    expected, made = (chain.apply(document, chain.find(name)) for document in (young, old))
    assert made.made == expected.made
    assert to_api(made.document) == to_api(expected.document)


def test_an_input_of_a_widget_is_there_when_it_is_asked_for():
    graph = Graph(_without_sockets(documents.load_workflow(EXAMPLES[-1])))
    planner = graph.node(1560)
    assert "max_iterations" not in [slot.name for slot in planner.inputs]
    link = graph.connect(graph.node(526).output(), planner.input("max_iterations"))
    assert planner.input("max_iterations").source.node_id == 526
    assert planner.input("audio").source.node_id == 567
    assert check(graph.to_document()) == ()
    graph.disconnect(planner.input("max_iterations"))
    assert link.id not in [each[0] for each in graph.to_document()["links"]]
    with pytest.raises(GraphError, match="no input 'nothing'"):
        planner.input("nothing")


def test_a_wire_of_an_earlier_name_survives_edits_around_it():
    document = documents.load_workflow(EXAMPLES[-1])
    controller = next(node for node in document["nodes"] if node["id"] == 1582)
    next(slot for slot in controller["inputs"] if slot["name"] == "base_seed")["name"] = "seed"
    graph = Graph(document)
    before = graph.node(1582).input("seed").source
    graph.connect(graph.node(688).output(), graph.node(1582).input("overlap_seconds"))
    graph.node(1582).widgets["fps"] = 24
    assert graph.node(1582).input("seed").source == before
    assert check(graph.to_document()) == ()
