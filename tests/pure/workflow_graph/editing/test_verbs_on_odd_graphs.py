"""Edits of things that are gone, that no snapshot knows, or that a file writes in a rarer form."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.editing.graph import Graph, GraphError
from audio_loop.workflow_graph.editing.places import place
from audio_loop.workflow_graph.editing.verbs import connect as connected
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.links import Link
from audio_loop.workflow_graph.schemas import SchemaError

from .test_stateful import sample
from .test_verbs import base


@pytest.fixture
def graph() -> Graph:
    return Graph(base())


def raw_node(doc: dict, identity: int) -> dict:
    levels = [doc, *doc["definitions"]["subgraphs"]]
    return next(node for level in levels for node in level["nodes"] if node["id"] == identity)


def test_a_handle_of_what_was_removed_says_so(graph: Graph) -> None:
    node, level = graph.node(8), graph.subgraph("sample")
    graph.remove(node)
    with pytest.raises(GraphError, match="node 8 has been removed from the top level"):
        _ = node.type
    graph.remove(graph.node(843))
    graph.remove(graph.node(844))
    with pytest.raises(GraphError, match=f"the subgraph {level.id} has been removed"):
        _ = level.name
    assert level.nodes == ()


def test_names_in_messages(graph: Graph) -> None:
    del graph.node(843).raw["title"]
    assert str(graph.node(843)) == "node 843 (sample)"
    assert repr(graph.node(8)) == "<Node 8>"
    graph.node(8).raw["outputs"][0]["name"] = "picture"
    assert graph.node(8).output("IMAGE") == graph.node(8).output("picture")


def test_a_node_may_have_a_word_for_an_id(graph: Graph) -> None:
    last = graph.to_document()["last_node_id"]
    graph.add("VAEDecode", id="mine")
    assert graph.node("mine").type == "VAEDecode"
    assert graph.to_document()["last_node_id"] == last
    with pytest.raises(GraphError, match="node id mine is in use"):
        graph.add("VAEDecode", id="mine")


def test_counters_are_kept_where_the_file_has_them() -> None:
    doc = base()
    last = doc.pop("last_node_id")
    doc["state"] = {"lastNodeId": last, "lastLinkId": doc.pop("last_link_id")}
    graph = Graph(doc)
    added = graph.add("VAEDecode")
    made = graph.to_document()
    assert (added.id, made["state"]["lastNodeId"]) == (last + 1, last + 1)
    assert "last_node_id" not in made


def test_a_subgraph_whose_id_is_a_node_type_counts_such_nodes_as_its_own() -> None:
    text = document.dumps(base()).decode()
    identity = base()["definitions"]["subgraphs"][0]["id"]
    graph = Graph(document.loads(text.replace(identity, "LatentUpscale").encode()))
    added = graph.add("LatentUpscale", id=900)
    assert added in graph.subgraph("sample").instances


def test_a_removed_node_leaves_the_groups_that_list_it(graph: Graph) -> None:
    graph.root.raw["groups"] = [{"title": "a", "nodes": [8, 9]}, {"title": "b"}, "no group"]
    graph.remove(graph.node(8))
    assert graph.to_document()["groups"] == [{"title": "a", "nodes": [9]}, {"title": "b"}, "no group"]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_subgraphs_of_a_subgraph_go_with_it_if_nothing_else_holds_them(elsewhere: bool) -> None:
    doc = sample()
    if elsewhere:
        inner = doc["definitions"]["subgraphs"][0]
        slots = {"inputs": [], "outputs": []}
        doc["nodes"].append({"id": 90, "type": inner["id"], "pos": [0, 0], "size": [1, 1], "mode": 0, **slots})
        assert inner["name"] == "inner"
    graph = Graph(doc)
    for identity in (843, 844):
        graph.remove(graph.node(identity))
    assert [level.name for level in graph.levels] == ["", "inner"][: 1 + elsewhere]


def test_a_slot_that_a_node_does_not_have_is_not_wired(graph: Graph) -> None:
    source = graph.node(4).output("VAE")
    gone = type(source)(source.level, 4, 9)
    before = graph.to_document()
    with pytest.raises(GraphError, match="node 4 has no slot 9"):
        graph.connect(gone, graph.node(8).input("vae"))
    with pytest.raises(GraphError, match="node 4 has no slot 9"):
        connected(gone, graph.node(8).input("vae"))
    assert graph.to_document() == before


@pytest.mark.parametrize(
    ("maps", "said"),
    [
        ({"widgets": {"text": "width"}, "inputs": {"clip": None}, "outputs": {"CONDITIONING": None}}, "whole number"),
        ({"widgets": {"text": "words"}, "inputs": {"clip": None}, "outputs": {"CONDITIONING": None}}, "has no widget 'words'"),
        ({"inputs": {"clip": "width"}, "outputs": {"CONDITIONING": None}}, "input 'width': CLIP does not fit INT"),
        (
            {"inputs": {"clip": None}, "outputs": {"CONDITIONING": "LATENT"}},
            "output 'LATENT': LATENT does not fit CONDITIONING",
        ),
    ],
)
def test_a_swap_that_would_lose_what_was_asked_for_is_refused(graph: Graph, maps: dict, said: str) -> None:
    before = graph.to_document()
    with pytest.raises(GraphError, match=said):
        graph.swap(graph.node(6), "EmptyLatentImage", **maps)
    assert graph.to_document() == before


def test_an_instance_that_goes_while_its_widgets_change_is_left_out(graph: Graph) -> None:
    with graph.guard():
        graph.remove(graph.node(844))
        graph.remove_input(graph.subgraph("sample"), "width")
    assert dict(graph.node(843).widgets) == {"seed": 7}
    assert [node.id for node in graph.subgraph("sample").instances] == [843]
    assert graph.check() == ()


def test_a_dead_link_in_the_list_of_an_input_hides_no_widget() -> None:
    doc = base()
    width = next(slot for slot in doc["definitions"]["subgraphs"][0]["inputs"] if slot["name"] == "width")
    width["linkIds"].insert(0, 999)
    assert dict(Graph(doc).node(843).widgets) == {"width": 64, "seed": 7}


def test_an_input_goes_though_an_old_file_does_not_list_it_at_an_instance() -> None:
    doc = base()
    raw_node(doc, 844)["inputs"] = [slot for slot in raw_node(doc, 844)["inputs"] if slot["name"] != "seed"]
    graph = Graph(doc)
    graph.remove_input(graph.subgraph("sample"), "seed")
    assert [[slot.name for slot in graph.node(each).inputs] for each in (843, 844)] == [
        ["width", "model", "positive", "negative"]
    ] * 2
    assert graph.check() == ()


def test_the_control_of_a_seed_is_set_and_both_copies_of_the_values_agree(graph: Graph) -> None:
    sampler = graph.node(22)
    sampler.raw["widgets_values_named"] = {"seed": 1, "steps": 20}
    sampler.widgets["control_after_generate"] = "increment"
    sampler.widgets["steps"] = 8
    assert "increment" in sampler.raw["widgets_values"]
    assert sampler.raw["widgets_values_named"] == dict(sampler.widgets)
    assert (sampler.widgets["steps"], sampler.widgets["control_after_generate"]) == (8, "increment")


def test_a_node_that_no_snapshot_knows_gets_no_inputs_by_asking() -> None:
    doc = base()
    raw_node(doc, 8)["type"] = "SomebodysDecode"
    graph = Graph(doc)
    with pytest.raises(GraphError, match="has no input 'tile_size'; it has 'samples', 'vae'"):
        graph.node(8).input("tile_size")
    with pytest.raises(SchemaError, match="no snapshot knows the node type 'SomebodysDecode'"):
        graph.add("SomebodysDecode")


def test_empty_entries_of_a_link_table_stay_while_inputs_move() -> None:
    doc = base()
    sampler, inside = raw_node(doc, 22), doc["definitions"]["subgraphs"][0]
    seed = next(slot for slot in sampler["inputs"] if slot["name"] == "seed")
    sampler["inputs"] = [seed, *(slot for slot in sampler["inputs"] if "widget" not in slot)]
    for link in inside["links"]:
        if link["target_id"] == 22:
            link["target_slot"] = [slot["link"] for slot in sampler["inputs"]].index(link["id"])
    inside["links"].insert(0, None)
    graph = Graph(doc)
    assert graph.node(22).input("cfg").link is None
    assert graph.node(22).input("seed").link.id == seed["link"]
    made = graph.to_document()
    assert made["definitions"]["subgraphs"][0]["links"][0] is None
    assert check(made) == ()
    assert to_api(made) == to_api(base())


def test_a_link_that_is_not_in_the_table_is_neither_replaced_nor_removed(graph: Graph) -> None:
    before = graph.to_document()
    graph.root.table.replace(Link(999, 4, 0, 8, 0, "MODEL"))
    graph.root.table.remove(999)
    assert graph.to_document() == before
    assert 999 not in graph.root.links


def test_an_edit_that_ends_in_a_damaged_document_is_undone(graph: Graph) -> None:
    before = graph.to_document()

    def edit() -> None:
        with graph.guard():
            graph.remove(graph.node(8))
            raise DocumentError("nobody can read that")

    with pytest.raises(GraphError, match="nobody can read that") as refused:
        edit()
    assert type(refused.value.__cause__) is DocumentError
    assert graph.to_document() == before


def test_a_node_that_the_file_places_nowhere_has_neighbours_near_the_corner(graph: Graph) -> None:
    graph.node(8).raw["pos"] = [100, 50]
    assert place(graph.node(8), -40, 20) == (60, 70)
    del graph.node(8).raw["pos"]
    assert place(graph.node(8), -40, 20) == (-40, 20)
