"""Files that the frontend does not write, or no longer: written out all the same, without a wire that nothing feeds."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.command_line import main
from audio_loop.workflow_graph.document import DocumentError, dumps
from audio_loop.workflow_graph.folding import unfold as unfolding
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check

from ....prompt_ids import short
from .test_unfold import one_instance


def definition(document):
    (found,) = document["definitions"]["subgraphs"]
    return found


def node(document, identity):
    levels = [document, *document.get("definitions", {}).get("subgraphs", ())]
    return next(each for level in levels for each in level["nodes"] if each["id"] == identity)


def fed_by(flat, identity, slot=0):
    """The node and slot that feed an input, None if nothing does."""
    link = node(flat, identity)["inputs"][slot]["link"]
    return next(((each[1], each[2]) for each in flat["links"] if each[0] == link), None)


def straight_through(*, fed):
    """A subgraph that is a wire: what enters it leaves it."""
    kind = {"name": "samples", "type": "LATENT"}
    boundary = {**kind, "id": "b", "linkIds": [1]}
    wire = {"id": 1, "origin_id": -10, "origin_slot": 0, "target_id": -20, "target_slot": 0, "type": "LATENT"}
    inside = {"id": "wire", "name": "Wire", "nodes": [], "links": [wire], "inputs": [boundary], "outputs": [boundary]}
    nodes = [
        {"id": 5, "type": "EmptyLatentImage", "inputs": [], "outputs": [{**kind, "links": [10] if fed else []}]},
        {"id": 7, "type": "wire", "inputs": [{**kind, "link": 10 if fed else None}], "outputs": [{**kind, "links": [11]}]},
        {"id": 8, "type": "VAEDecode", "inputs": [{**kind, "link": 11}], "outputs": []},
    ]
    links = [[10, 5, 0, 7, 0, "LATENT"]] * fed + [[11, 7, 0, 8, 0, "LATENT"]]
    return {"nodes": nodes, "links": links, "version": 0.4, "last_node_id": 8, "last_link_id": 11} | {
        "definitions": {"subgraphs": [inside]}
    }


@pytest.mark.parametrize("fed", [True, False])
def test_a_subgraph_that_is_a_wire_becomes_one(fed):
    flat = unfold(straight_through(fed=fed)).document
    assert [each["id"] for each in flat["nodes"]] == [5, 8]
    assert fed_by(flat, 8) == ((5, 0) if fed else None)
    assert len(flat["links"]) == fed
    assert check(flat) == ()


def test_an_output_that_nothing_makes_feeds_nothing_not_even_its_own_instance():
    folded = straight_through(fed=False)
    inside = definition(folded)
    inside["inputs"][0] = {**inside["inputs"][0], "linkIds": []}
    inside["outputs"][0] = {**inside["outputs"][0], "linkIds": []}
    inside["links"] = []
    node(folded, 7)["inputs"][0]["link"] = 12
    node(folded, 7)["outputs"][0]["links"].append(12)
    folded["links"].append([12, 7, 0, 7, 0, "LATENT"])
    flat = unfold(folded).document
    assert [each["id"] for each in flat["nodes"]] == [5, 8]
    assert (flat["links"], fed_by(flat, 8)) == ([], None)


def test_lists_that_name_links_which_do_not_exist_do_no_harm():
    folded = one_instance(width=640)
    sound = unfold(folded).document
    width = next(slot for slot in definition(folded)["inputs"] if slot["name"] == "width")
    width["linkIds"].insert(0, 999)
    node(folded, 7)["outputs"][0]["links"].append(998)
    assert unfold(folded).document == sound
    assert 640 in node(sound, 30)["widgets_values"]


def test_an_id_that_is_a_word_stays_a_word():
    folded = one_instance()
    node(folded, 31)["id"] = "last"
    for link in definition(folded)["links"]:
        for end in ("origin_id", "target_id"):
            link[end] = "last" if link[end] == 31 else link[end]
    flat = unfold(folded)
    assert flat.ids == {}
    assert fed_by(flat.document, 8) == ("last", 0)
    assert to_api(flat.document) == short(to_api(folded))


def test_places_written_as_an_object_are_places():
    written, listed = one_instance(), one_instance()
    node(listed, 30)["pos"] = [-400, 700]
    node(written, 30)["pos"] = {"0": -400, "1": 700}
    assert unfold(written).document == unfold(listed).document


def test_a_graph_that_would_be_too_large_is_refused(monkeypatch):
    folded = one_instance()
    monkeypatch.setattr(unfolding, "MOST_NODES", 7)
    assert len(unfold(folded).document["nodes"]) == 6
    monkeypatch.setattr(unfolding, "MOST_NODES", 6)
    with pytest.raises(DocumentError, match="the flat graph would have more than 6 nodes"):
        unfold(folded)


def test_what_cannot_be_kept_is_a_note_of_the_command(tmp_path, capsys):
    folded = one_instance(width=640)
    node(folded, 30)["type"] = "SomebodysUpscale"
    node(folded, 30)["widgets_values"] = []
    source = tmp_path / "folded.json"
    source.write_bytes(dumps(folded))
    assert main(["unfold", str(source), "-o", str(tmp_path / "flat.json")]) == 0
    said = capsys.readouterr().err
    assert "note: node 30, input 'width': it had 640 from a widget of its subgraph; " in said


def version_1(folded):
    """The file as the frontend's newer form has it: links as objects, bends in place."""
    keys = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
    folded["links"] = [dict(zip(keys, link, strict=True)) for link in folded["links"]]
    folded["version"] = 1
    return folded


def test_bends_of_a_newer_file_are_written_in_place():
    folded = version_1(one_instance())
    outer = next(link for link in folded["links"] if link["target_id"] == 7)
    outer["parentId"] = 1
    folded["reroutes"] = [{"id": 1, "pos": [0, 0], "linkIds": [outer["id"]]}]
    inner = next(link for link in definition(folded)["links"] if link["origin_id"] == 30)
    straight = next(link for link in definition(folded)["links"] if link["target_id"] == -20)
    inner["parentId"], straight["parentId"] = 6, 77
    definition(folded)["reroutes"] = [
        {"id": 5, "pos": [10, 20], "linkIds": [inner["id"]]},
        {"id": 6, "pos": [10, 20], "linkIds": [inner["id"]], "parentId": 5},
    ]
    flat = unfold(folded).document
    assert "linkExtensions" not in flat.get("extra", {})
    last = {(link["origin_id"], link["target_id"]): link.get("parentId") for link in flat["links"]}
    bends = {bend["id"]: bend for bend in flat["reroutes"]}
    assert last[5, 30] == 1
    assert last[31, 8] is None
    between = bends[last[30, 31]]
    assert bends[between["parentId"]].get("parentId") is None
    assert sorted(bends) == sorted({1, between["id"], between["parentId"]})
    assert all(bend["linkIds"] for bend in bends.values())


def test_a_bend_inside_is_kept_if_the_wire_outside_has_none():
    folded = one_instance()
    inner = next(link for link in definition(folded)["links"] if link["target_id"] == 30 and link["target_slot"] == 0)
    inner["parentId"] = 5
    definition(folded)["reroutes"] = [{"id": 5, "pos": [10, 20], "linkIds": [inner["id"]]}]
    flat = unfold(folded).document
    (bend,) = flat["extra"]["reroutes"]
    (end,) = flat["extra"]["linkExtensions"]
    joined = next(link for link in flat["links"] if link[3] == 30)
    assert (end, bend["linkIds"]) == ({"id": joined[0], "parentId": bend["id"]}, [joined[0]])
    assert "parentId" not in bend
