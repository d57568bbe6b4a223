"""A workflow without its subgraphs sends what it sent with them, under shorter ids."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.building.builder import WorkflowBuilder
from audio_loop.workflow_graph.command_line import main
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.shipped import catalogue

from ....prompt_ids import short
from ..editing.test_stateful import sample


def one_instance(**place):
    """A subgraph with a promoted width between an empty latent and a decoder."""
    b = WorkflowBuilder("one")
    vae = b.node("CheckpointLoaderSimple", id=4, ckpt_name="a.safetensors").out("VAE")
    empty = b.node("EmptyLatentImage", id=5)
    s = b.subgraph("Scale")
    scaled = s.node("LatentUpscale", id=30, samples=s.input("samples", "LATENT"), width=s.input("width", "INT"))
    again = s.node("LatentUpscale", id=31, samples=scaled.out(), width=96)
    s.output("LATENT", again.out())
    placed = s.place(id=7, samples=empty.out(), **place)
    image = b.node("VAEDecode", id=8, samples=placed.out(), vae=vae)
    b.node("PreviewImage", id=9, images=image.out())
    return b.workflow()


@pytest.mark.parametrize("name", catalogue.WORKFLOWS)
def test_a_shipped_workflow_sends_the_same(name):
    folded = catalogue.WORKFLOWS[name]().workflow()
    kept = documents.clone(folded)
    flat = unfold(folded)
    assert folded == kept
    assert (flat.ids, flat.notes) == ({}, ())
    assert "definitions" not in flat.document
    assert check(flat.document) == ()
    assert to_api(flat.document) == short(to_api(folded))


def test_what_is_used_twice_and_nested_gets_ids_of_its_own_and_they_are_told():
    folded = sample()
    flat = unfold(folded)
    assert check(flat.document) == ()
    assert {former: str(new) for former, new in flat.ids.items()} == {
        "844:20": "845", "844:22": "847", "844:21:30": "848"
    }  # fmt: skip
    assert to_api(flat.document) == short(to_api(folded), flat.ids)
    assert [group["title"] for group in flat.document["groups"]] == ["outer", "outer", "inner", "inner"]


def test_a_promoted_value_comes_back_to_the_widget_that_it_was_of():
    flat = unfold(one_instance(width=640)).document
    (scale,) = [node for node in flat["nodes"] if node["id"] == 30]
    assert 640 in scale["widgets_values"]
    assert [slot["link"] for slot in scale["inputs"] if slot["name"] == "width"] == [None]


@pytest.mark.parametrize("mode", [2, 4])
def test_an_idle_instance_stays_idle(mode):
    folded = one_instance()
    (instance,) = [node for node in folded["nodes"] if node["id"] == 7]
    instance["mode"] = mode
    flat = unfold(folded).document
    assert check(flat) == ()
    assert to_api(flat) == to_api(folded)
    assert {node["mode"] for node in flat["nodes"] if node["id"] in (30, 31)} == {2}


def test_bends_of_links_are_kept_and_joined():
    folded = one_instance()
    (outer,) = [link for link in folded["links"] if link[3] == 7]
    definition = folded["definitions"]["subgraphs"][0]
    (inner,) = [link for link in definition["links"] if (link["origin_id"], link["origin_slot"]) == (-10, 0)]
    (between,) = [link for link in definition["links"] if link["origin_id"] == 30]
    inner["parentId"], between["parentId"] = 1, 2
    definition["reroutes"] = [
        {"id": 1, "pos": [10, 20], "linkIds": [inner["id"]]},
        {"id": 2, "pos": [10, 20], "linkIds": [between["id"]]},
    ]
    folded["extra"]["reroutes"] = [{"id": 1, "pos": [0, 0], "linkIds": [outer[0]]}]
    folded["extra"]["linkExtensions"] = [{"id": outer[0], "parentId": 1}]
    flat = unfold(folded).document
    links = {link[0]: link for link in flat["links"]}
    bends = {bend["id"]: bend for bend in flat["extra"]["reroutes"]}
    last = {entry["id"]: entry["parentId"] for entry in flat["extra"]["linkExtensions"]}
    (joined,) = [number for number, link in links.items() if link[3] == 30]
    assert bends[last[joined]]["parentId"] == 1
    assert bends[1]["linkIds"] == [joined]
    (straight,) = [number for number, link in links.items() if link[3] == 31]
    assert bends[last[straight]]["linkIds"] == [straight]


def test_an_instance_that_feeds_itself_is_written_out():
    b = WorkflowBuilder("itself")
    s = b.subgraph("Two")
    first = s.node("EmptyLatentImage", id=30)
    s.output("first", first.out())
    second = s.node("LatentUpscale", id=31, samples=s.input("samples", "LATENT"))
    s.output("second", second.out())
    placed = s.place(id=7)
    placed.assign({"samples": placed.out("first")})
    b.node("LatentUpscale", id=8, samples=placed.out("second"))
    folded = b.workflow()
    flat = unfold(folded).document
    assert check(flat) == ()
    assert to_api(flat) == short(to_api(folded))


def test_two_names_that_would_meet_are_refused():
    folded = one_instance()
    setter = {"id": 90, "type": "SetNode", "pos": [0, 0], "size": [1, 1], "mode": 0, "inputs": [], "widgets_values": ["x"]}
    folded["nodes"].append(setter)
    folded["definitions"]["subgraphs"][0]["nodes"].append({**setter, "id": 91})
    with pytest.raises(DocumentError, match="SetNode called 'x'"):
        unfold(folded)


def test_the_command_writes_the_flat_form_and_tells_new_ids(tmp_path, capsysbinary):
    source, target = tmp_path / "folded.json", tmp_path / "flat.json"
    documents.save(sample(), source)
    assert main(["unfold", str(source), "-o", str(target)]) == 0
    assert documents.load(target) == unfold(sample()).document
    assert b"node 844:20 is node 845 now" in capsysbinary.readouterr().err
    assert main(["unfold", str(source)]) == 0
    assert documents.loads(capsysbinary.readouterr().out) == unfold(sample()).document
