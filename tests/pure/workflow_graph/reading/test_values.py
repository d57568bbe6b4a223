"""Numbers through wires, in a graph that is edited; `test_flow.py` has the same for one that runs."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.reading.trace import number, origin
from audio_loop.workflow_graph.shipped import classic
from audio_loop.workflow_graph.shipped.classic_options import Options


@pytest.fixture
def graph():
    return Graph(classic.workflow(Options()))


def test_a_planner_of_frames_passes_its_numbers_on(graph):
    planner = graph.add("LTXFramePlanner", widgets={"target_seconds": 10.0, "fps": 24})
    controller = graph.one(type="AudioLoopController")
    graph.connect(planner.output("actual_seconds"), controller.input("window_seconds"))
    graph.connect(planner.output("fps_int"), controller.input("fps"))
    assert (number(controller, "window_seconds"), number(controller, "fps")) == (10.0, 24.0)


def test_half_a_size_is_half_of_what_is_written(graph):
    size = graph.add("AudioLoopVideoSize", widgets={"width": 1280, "height": 704})
    empty = graph.add("EmptyLTXVLatentVideo")
    graph.connect(size.output("half_width"), empty.input("width"))
    graph.connect(size.output("height"), empty.input("height"))
    assert (number(empty, "width"), number(empty, "height")) == (640, 704)


def test_a_constant_that_is_bypassed_leaves_the_widget(graph):
    controller = graph.one(type="AudioLoopController")
    source = origin(controller.input("window_seconds")).node
    controller.widgets["window_seconds"] = 8.0
    assert number(controller, "window_seconds") == source.widgets["value"] != 8.0
    graph.bypass(source)
    assert number(controller, "window_seconds") == 8.0


def test_a_constant_that_is_wired_itself(graph):
    one, two = (graph.add("PrimitiveFloat", widgets={"value": value}) for value in (1.0, 2.0))
    graph.connect(one.output(), two.input("value"))
    assert number(two, "value") == 1.0


def test_a_get_reads_the_set_around_its_subgraph(graph):
    setter, getter = (next(node for node in graph.root.nodes if node.type == kind) for kind in ("SetNode", "GetNode"))
    document = graph.to_document()
    (definition,) = document["definitions"]["subgraphs"]
    kept = next(node for node in document["nodes"] if node["id"] == getter.id)
    moved = {**kept, "id": 9000, "outputs": [{**kept["outputs"][0], "links": [9000]}]}
    moved["widgets_values"] = list(setter.raw["widgets_values"])
    sampler = next(node for node in definition["nodes"] if node["type"] == "SamplerCustomAdvanced")
    target = [slot["name"] for slot in sampler["inputs"]].index("sigmas")
    old = sampler["inputs"][target]["link"]
    definition["links"] = [link for link in definition["links"] if link["id"] != old]
    for slot in [*definition["inputs"], *(slot for node in definition["nodes"] for slot in node["outputs"])]:
        key = "linkIds" if "linkIds" in slot else "links"
        slot[key] = [link for link in slot[key] or () if link != old]
    sampler["inputs"][target]["link"] = 9000
    definition["nodes"].append(moved)
    definition["links"].append(
        {"id": 9000, "origin_id": 9000, "origin_slot": 0, "target_id": sampler["id"], "target_slot": target, "type": "*"}
    )
    edited = Graph(document)
    found = origin(edited.node(sampler["id"]).inputs[target])
    assert found == origin(edited.node(setter.id).inputs[0])
    assert found.level == edited.root
