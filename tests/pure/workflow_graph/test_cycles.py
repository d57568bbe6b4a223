"""Circles of data through subgraph instances that are bypassed."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph import cycles
from audio_loop.workflow_graph.cycles import MAX_NESTING, expanded_size, find_cycle
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.view import read

INNER = {
    "id": "inner",
    "name": "inner",
    "inputs": [{"id": "i", "name": "latent", "type": "LATENT", "linkIds": []}],
    "outputs": [{"id": "o", "name": "made", "type": "LATENT", "linkIds": [1]}],
    "nodes": [
        {"id": 1, "type": "EmptyLatentImage", "inputs": [], "outputs": [{"name": "LATENT", "type": "LATENT", "links": [1]}]}
    ],
    "links": [{"id": 1, "origin_id": 1, "origin_slot": 0, "target_id": -20, "target_slot": 0, "type": "LATENT"}],
}


def around_an_instance(mode):
    """An instance whose output does not depend on its input, and a node that leads the one back to the other."""
    slot = {"name": "latent", "type": "LATENT"}
    return {
        "nodes": [
            {
                "id": 2,
                "type": "inner",
                "mode": mode,
                "inputs": [slot | {"link": 4}],
                "outputs": [{"name": "made", "type": "LATENT", "links": [3]}],
            },
            {"id": 5, "type": "LatentUpscale", "inputs": [slot | {"link": 3}], "outputs": [slot | {"links": [4]}]},
        ],
        "links": [[3, 2, 0, 5, 0, "LATENT"], [4, 5, 0, 2, 0, "LATENT"]],
        "definitions": {"subgraphs": [INNER]},
    }


def test_an_instance_that_makes_its_output_itself_closes_no_circle():
    assert find_cycle(read(around_an_instance(mode=0))) == ()


def test_a_bypassed_instance_hands_its_input_on_and_closes_the_circle():
    assert set(find_cycle(read(around_an_instance(mode=4)))) == {"2", "5"}


def test_a_link_that_ends_at_no_slot_of_an_instance_closes_no_circle():
    document = around_an_instance(mode=4)
    document["links"][1][4] = 7
    assert find_cycle(read(document)) == ()


def test_no_circle_is_looked_for_in_a_graph_that_is_too_large_to_be_written_out(monkeypatch):
    document = around_an_instance(mode=4)
    monkeypatch.setattr(cycles, "_LIMIT", 3)
    assert set(find_cycle(read(document))) == {"2", "5"}
    monkeypatch.setattr(cycles, "_LIMIT", 2)
    assert find_cycle(read(document)) == ()


def test_no_circle_is_looked_for_in_subgraphs_that_are_nested_too_deep():
    document = around_an_instance(mode=4)
    levels = document["definitions"]["subgraphs"] = [INNER]
    for number in range(MAX_NESTING):
        inside = {"id": 1, "type": levels[-1]["id"], "inputs": [], "outputs": []}
        levels.append({"id": f"around {number}", "name": f"around {number}", "nodes": [inside], "links": []})
    view = read(document)
    with pytest.raises(DocumentError, match=f"subgraph 'around {MAX_NESTING - 1}': nested deeper than {MAX_NESTING} levels"):
        expanded_size(view)
    assert find_cycle(view) == ()
