"""The graph as it runs and the graph as it is edited give the same answers: what feeds an input, and which number it has."""

from __future__ import annotations

import random

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.reading import trace
from audio_loop.workflow_graph.reading.flow import Flow, Source
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.shipped import classic
from audio_loop.workflow_graph.shipped.classic_options import Options

EXAMPLES = REPOSITORY / "example_workflows"
SHIPPED = ("latent", "image", "latent_keyframe", "retake")


def document(name):
    if name == "classic":
        return classic.workflow(Options())
    return documents.load_workflow(EXAMPLES / f"audio-loop-music-video_{name}.json")


def with_bypassed(graph, seed):
    """The graph with a few nodes bypassed that feed something."""
    able = [node for node in graph.nodes if node.schema is not None and any(output.links for output in node.outputs)]
    for node in random.Random(seed).sample(able, 4 if seed else 0):
        graph.bypass(node)
    return graph


def flow_id(level, node_id):
    """The id with the instances that the node lies in; each subgraph here has one."""
    if not level.id:
        return str(node_id)
    (instance,) = level.instances
    return f"{flow_id(instance.level, instance.id)}:{node_id}"


def as_edited(slot):
    source = trace.origin(slot)
    if source is None or source.node is None or not trace.runs(source.node):
        return None
    return flow_id(source.level, source.node_id), source.slot


def as_it_runs(node, name):
    source = node.inputs.get(name)
    return (source.node, source.slot) if isinstance(source, Source) else None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["classic", *SHIPPED])
def test_both_readings_agree(name, seed):
    graph = with_bypassed(Graph(document(name)), seed)
    flow = Flow(graph.to_document(), Schemas.load())
    pairs = [(node, flow.nodes.get(flow_id(node.level, node.id))) for node in graph.nodes]
    slots = [(node, running, slot) for node, running in pairs if running is not None for slot in node.inputs]
    assert len(slots) > 10
    for node, running, slot in slots:
        assert as_edited(slot) == as_it_runs(running, slot.name), f"{node}, {slot.name}"
        assert trace.number(node, slot.name) == flow.number(running, slot.name), f"{node}, {slot.name}"
