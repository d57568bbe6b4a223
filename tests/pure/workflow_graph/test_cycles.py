"""Circles of data through subgraph instances that are bypassed."""

from __future__ import annotations

from audio_loop.workflow_graph.cycles import find_cycle
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
