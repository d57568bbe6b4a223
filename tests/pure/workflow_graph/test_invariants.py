from __future__ import annotations

from collections.abc import Callable

import pytest

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.building.builder import WorkflowBuilder
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.repair import repair


def base() -> dict:
    b = WorkflowBuilder("invariants")
    model = b.node("CheckpointLoaderSimple", id=1, ckpt_name="a.safetensors")
    inside = b.subgraph("inside")
    scaled = inside.node("LatentUpscale", id=20, samples=inside.input("latent", "LATENT"))
    inside.output("latent", scaled.out())
    empty = b.node("EmptyLatentImage", id=2)
    placed = inside.place(id=3, latent=empty.out())
    b.node("VAEDecode", id=4, samples=placed.out(), vae=model.out("VAE"))
    return b.workflow()


def node(doc: dict, identity: int) -> dict:
    levels = [doc, *doc["definitions"]["subgraphs"]]
    return next(n for level in levels for n in level["nodes"] if n["id"] == identity)


def codes(doc: dict) -> set[str]:
    return {violation.code for violation in check(doc)}


def set_at(path: str, value: object) -> Callable[[dict], None]:
    def spoil(doc: dict) -> None:
        *parts, last = [int(p) if p.isdigit() else p for p in path.split(".")]
        at = doc
        for part in parts:
            at = at[part]
        at[last] = value

    return spoil


def on_node(identity: int, change: Callable[[dict], None]) -> Callable[[dict], None]:
    return lambda doc: change(node(doc, identity))


def second_link_into_one_input(doc: dict) -> None:
    doc["links"].append([90, 2, 0, 4, 0, "LATENT"])
    node(doc, 2)["outputs"][0]["links"].append(90)
    doc["last_link_id"] = 90


def link_twice(entry: dict) -> None:
    entry["outputs"][0]["links"] *= 2


def leaving(doc: dict) -> dict:
    return next(link for link in doc["definitions"]["subgraphs"][0]["links"] if link["target_id"] == -20)


def second_link_out_of_a_subgraph(doc: dict) -> None:
    inside = doc["definitions"]["subgraphs"][0]
    inside["links"].append({**leaving(doc), "id": 90})
    inside["outputs"][0]["linkIds"].append(90)
    node(doc, 20)["outputs"][0]["links"].append(90)
    inside["state"]["lastLinkId"] = 90


SUB = "definitions.subgraphs.0"

LINK_FAULTS = {
    "link to a missing node": (lambda d: d["links"].append([90, 2, 0, 77, 0, "LATENT"]), "link_target"),
    "link from a missing node": (lambda d: d["links"].append([90, 77, 0, 4, 0, "LATENT"]), "link_origin"),
    "link to a missing slot": (lambda d: d["links"].append([90, 2, 0, 4, 9, "LATENT"]), "link_target"),
    "link from a missing slot": (lambda d: d["links"].append([90, 2, 9, 4, 0, "LATENT"]), "link_origin"),
    "two links into one input": (second_link_into_one_input, "input_link"),
    "dead id in an input": (on_node(4, lambda n: n["inputs"][0].update(link=77)), "input_link"),
    "dead id in an output": (on_node(2, lambda n: n["outputs"][0]["links"].append(77)), "output_list"),
    "link missing in its output": (on_node(2, lambda n: n["outputs"][0].update(links=[])), "output_list"),
    "link missing in its input": (on_node(4, lambda n: n["inputs"][0].update(link=None)), "input_link"),
    "link twice in its output": (on_node(2, link_twice), "output_list"),
    "slots null": (on_node(2, lambda n: n["outputs"][0].update(links=None)), "output_list"),
    "boundary input forgets its link": (set_at(f"{SUB}.inputs.0.linkIds", []), "boundary"),
    "boundary output names a dead link": (set_at(f"{SUB}.outputs.0.linkIds", [77]), "boundary"),
    "boundary slot out of range": (lambda d: d["definitions"]["subgraphs"][0]["links"][0].update(origin_slot=5), "link_origin"),
    "boundary output out of range": (lambda d: leaving(d).update(target_slot=5), "link_target"),
    "boundary output fed twice": (second_link_out_of_a_subgraph, "boundary"),
    "boundary input lists a link twice": (lambda d: d["definitions"]["subgraphs"][0]["inputs"][0]["linkIds"].extend(
        d["definitions"]["subgraphs"][0]["inputs"][0]["linkIds"]), "boundary"),
    "last node id too small": (set_at("last_node_id", 3), "last_id"),
    "last link id missing": (lambda d: d.pop("last_link_id"), "last_id"),
    "last link id of a subgraph": (set_at(f"{SUB}.state.lastLinkId", 0), "last_id"),
}  # fmt: skip


def test_a_sound_document_has_none_and_is_not_repaired() -> None:
    doc = base()
    assert check(doc) == ()
    result = repair(doc)
    assert result.changes == ()
    assert result.document == doc


@pytest.mark.parametrize(("spoil", "code"), LINK_FAULTS.values(), ids=LINK_FAULTS.keys())
def test_faults_of_links_are_found_and_repaired(spoil: Callable[[dict], None], code: str) -> None:
    doc = base()
    spoil(doc)
    kept = document.clone(doc)
    assert code in codes(doc)
    result = repair(doc)
    assert check(result.document) == ()
    assert result.changes
    assert doc == kept
    assert repair(result.document).changes == ()


def test_repair_keeps_the_link_that_the_input_holds() -> None:
    doc = base()
    second_link_into_one_input(doc)
    held = node(doc, 4)["inputs"][0]["link"]
    mended = repair(doc).document
    assert node(mended, 4)["inputs"][0]["link"] == held
    assert [link[0] for link in mended["links"] if link[3] == 4 and link[4] == 0] == [held]


def test_repair_removes_the_link_that_it_says_it_removes() -> None:
    doc = base()
    second_link_out_of_a_subgraph(doc)
    first = leaving(doc)["id"]
    result = repair(doc)
    assert f"subgraph 'inside': removed link {first}, a second one into input 0 of node -20" in result.changes
    assert leaving(result.document)["id"] == 90
    assert result.document["definitions"]["subgraphs"][0]["outputs"][0]["linkIds"] == [90]


def test_repair_drops_a_link_whose_id_is_taken_and_says_so() -> None:
    doc = base()
    doc["links"].append(list(doc["links"][0]))
    result = repair(doc)
    assert result.document == base()
    assert result.changes == (f"top level: removed a second link with the id {doc['links'][0][0]}",)


def test_repair_reads_links_that_are_written_as_a_mapping() -> None:
    doc = base()
    doc["links"] = {str(link[0]): link for link in doc["links"]}
    assert repair(doc).changes == ()
    node(doc, 4)["inputs"][0]["link"] = None
    result = repair(doc)
    assert len(result.changes) == 1
    assert result.document == base()


def test_repair_adds_no_counters_to_a_subgraph_without_them() -> None:
    doc = base()
    del doc["definitions"]["subgraphs"][0]["state"]
    assert repair(doc).changes == ()
    doc["last_node_id"] = 0
    result = repair(doc)
    assert result.changes == ("top level: last_node_id 0 became 4",)
    assert "state" not in result.document["definitions"]["subgraphs"][0]


def broadcast(doc: dict, *names: str) -> None:
    for index, name in enumerate(names):
        doc["nodes"].append({"id": 60 + index, "type": "SetNode", "inputs": [], "outputs": [], "widgets_values": [name]})
    doc["last_node_id"] = 99


def circle(doc: dict) -> None:
    one, two = ({"id": i, "type": "Reroute", "inputs": [{"link": 80 + i}], "outputs": [{"links": [91 - i]}]} for i in (5, 6))
    doc["nodes"] += [one, two]
    doc["links"] += [[85, 6, 0, 5, 0, "*"], [86, 5, 0, 6, 0, "*"]]
    doc["last_node_id"] = doc["last_link_id"] = 100


def circle_through_broadcast(doc: dict) -> None:
    doc["nodes"] += [
        {"id": 60, "type": "SetNode", "inputs": [{"link": 80}], "outputs": [], "widgets_values": ["x"]},
        {"id": 61, "type": "GetNode", "inputs": [], "outputs": [{"links": [81]}], "widgets_values": ["x"]},
        {"id": 62, "type": "Reroute", "inputs": [{"link": 81}], "outputs": [{"links": [80]}]},
    ]
    doc["links"] += [[80, 62, 0, 60, 0, "*"], [81, 61, 0, 62, 0, "*"]]
    doc["last_node_id"] = doc["last_link_id"] = 100


def circle_through_broadcast_into_a_subgraph(doc: dict) -> None:
    """The instance feeds a SetNode outside, and a GetNode inside it reads that."""
    level = doc["definitions"]["subgraphs"][0]
    scaled = next(n for n in level["nodes"] if n["id"] == 20)
    first = scaled["inputs"][0]["link"]
    level["links"] = [link for link in level["links"] if link["id"] != first]
    level["inputs"][0]["linkIds"] = []
    link = {"id": 80, "origin_id": 61, "origin_slot": 0, "target_id": 20, "target_slot": 0, "type": "LATENT"}
    level["links"].append(link)
    scaled["inputs"][0]["link"] = 80
    level["nodes"].append({"id": 61, "type": "GetNode", "inputs": [], "outputs": [{"links": [80]}], "widgets_values": ["x"]})
    level["state"].update(lastLinkId=99, lastNodeId=99)
    node(doc, 3)["outputs"][0]["links"].append(81)
    doc["nodes"].append({"id": 60, "type": "SetNode", "inputs": [{"link": 81}], "outputs": [], "widgets_values": ["x"]})
    doc["links"].append([81, 3, 0, 60, 0, "LATENT"])
    doc["last_node_id"] = doc["last_link_id"] = 100


def recursive(doc: dict) -> None:
    level = doc["definitions"]["subgraphs"][0]
    level["nodes"].append({"id": 70, "type": level["id"], "inputs": [], "outputs": []})
    level["state"]["lastNodeId"] = 99


def boundary_input_again(doc: dict) -> None:
    doc["definitions"]["subgraphs"][0]["inputs"].append({"name": "latent", "type": "LATENT", "linkIds": []})


def nest(doc: dict, depth: int) -> None:
    level = doc["definitions"]["subgraphs"]
    name = level[0]["id"]
    for number in range(depth):
        slots = {"inputs": [{"name": "latent", "link": None}], "outputs": [{"name": "latent", "links": []}]}
        nodes = [{"id": 1000 + number, "type": name, **slots}]
        name = f"level-{number}"
        boundary = {"inputs": [{"name": "latent", "linkIds": []}], "outputs": [{"name": "latent", "linkIds": []}]}
        level.append({"id": name, "name": name, "nodes": nodes, "links": [], **boundary})
    doc["nodes"].append({"id": 5, "type": name, "inputs": [], "outputs": []})


OTHER_FAULTS = {
    "double node id": (lambda d: d["nodes"].append(dict(d["nodes"][0])), "unreadable"),
    "double link id": (lambda d: d["links"].append(list(d["links"][0])), "unreadable"),
    "double subgraph": (lambda d: d["definitions"]["subgraphs"].append(d["definitions"]["subgraphs"][0]), "unreadable"),
    "node without id": (on_node(2, lambda n: n.pop("id")), "unreadable"),
    "node id is a list": (on_node(2, lambda n: n.update(id=[2])), "unreadable"),
    "node without type": (on_node(2, lambda n: n.pop("type")), "unreadable"),
    "node is a number": (lambda d: d["nodes"].append(7), "unreadable"),
    "slot is a number": (on_node(2, lambda n: n["outputs"].append(7)), "unreadable"),
    "inputs are a number": (on_node(2, lambda n: n.update(inputs=7)), "unreadable"),
    "link is a number": (lambda d: d["links"].append(7), "unreadable"),
    "link id is text": (lambda d: d["links"].append(["x", 2, 0, 4, 0, "LATENT"]), "unreadable"),
    "link list is text": (set_at("links", "x"), "unreadable"),
    "instance with other inputs": (on_node(3, lambda n: n["inputs"][0].update(name="other")), "instance"),
    "two boundary inputs of one name": (boundary_input_again, "boundary"),
    "two SetNodes of one name": (lambda d: broadcast(d, "x", "x"), "set_get"),
    "circle": (circle, "cycle"),
    "circle through Set and Get": (circle_through_broadcast, "cycle"),
    "circle through Set outside and Get inside": (circle_through_broadcast_into_a_subgraph, "cycle"),
    "subgraph in itself": (recursive, "recursive_subgraph"),
    "subgraphs nested too deep": (lambda d: nest(d, 101), "recursive_subgraph"),
    "subgraph without id": (lambda d: d["definitions"]["subgraphs"].append({"nodes": [{"id": 9, "type": "A"}]}), "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "code"), OTHER_FAULTS.values(), ids=OTHER_FAULTS.keys())
def test_other_faults_are_found(spoil: Callable[[dict], None], code: str) -> None:
    doc = base()
    spoil(doc)
    found = [violation for violation in check(doc) if violation.code == code]
    assert found
    assert all(str(violation) for violation in found)


def test_different_broadcast_names_are_fine() -> None:
    doc = base()
    broadcast(doc, "x", "y")
    assert check(doc) == ()


def test_the_circle_is_named() -> None:
    doc = base()
    circle(doc)
    assert any("5 -> 6" in violation.message or "6 -> 5" in violation.message for violation in check(doc))


def test_ids_as_strings_and_numbers_as_strings_are_no_fault() -> None:
    doc = base()
    for entry in doc["nodes"]:
        entry["id"] = str(entry["id"])
        for slot in entry["inputs"]:
            slot["link"] = None if slot["link"] is None else str(slot["link"])
    doc["links"] = [[str(value) for value in link] for link in doc["links"]]
    assert check(doc) == ()


def test_both_forms_of_links_are_read_at_the_top() -> None:
    doc = base()
    keys = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
    doc["links"] = [dict(zip(keys, link, strict=True)) for link in doc["links"]]
    assert check(doc) == ()
    doc["links"] = {str(link["id"]): link for link in doc["links"]}
    assert check(doc) == ()


def test_an_api_prompt_is_named_as_such() -> None:
    with pytest.raises(DocumentError, match="API prompt"):
        check({"1": {"class_type": "KSampler", "inputs": {}}})


def test_deeply_nested_subgraphs_are_read() -> None:
    doc = base()
    nest(doc, 60)
    assert check(doc) == ()


def test_repair_refuses_what_it_cannot_read() -> None:
    doc = base()
    del doc["nodes"][0]["id"]
    with pytest.raises(DocumentError, match="whose id is None"):
        repair(doc)
