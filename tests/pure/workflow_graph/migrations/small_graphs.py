"""Small graphs with one node of another pack, and the checks that hold for each of them when it is modernized."""

from __future__ import annotations

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.loaded_view import BROWSER_ONLY
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.migrations.modernize.modernize import OUR_PACKS, modernize

EMPTY = {"nodes": [], "links": [], "version": 0.4, "last_node_id": 0, "last_link_id": 0}


def empty_graph():
    return Graph(EMPTY)


def raw_node(identity, node_type, inputs, outputs, values):
    """A node as a file holds it, nothing wired; `inputs` and `outputs`: (name, kind)."""
    return {
        "id": identity,
        "type": node_type,
        "pos": [0, 0],
        "size": [200, 100],
        "mode": 0,
        "inputs": [{"name": name, "type": kind, "link": None} for name, kind in inputs],
        "outputs": [{"name": name, "type": kind, "links": []} for name, kind in outputs],
        "properties": {},
        "widgets_values": values,
    }


def foreign(graph, node_type, inputs, outputs, values, identity=500):
    """The graph with one more node, which no snapshot knows."""
    document = graph.to_document()
    document["nodes"].append(raw_node(identity, node_type, inputs, outputs, values))
    document["last_node_id"] = max(identity, document["last_node_id"])
    return Graph(document)


def modern(graph, *, stays=()):
    """The graph without other packs but for the types in `stays`, and what was said, one sentence a line."""
    outcome = modernize(graph.to_document())
    assert check(outcome.document) == ()
    after = Graph(outcome.document)
    left = {n.type for n in after.nodes if n.type not in BROWSER_ONLY and n.schema and n.schema.pack not in OUR_PACKS}
    assert left == set(stays)
    assert modernize(outcome.document).made == ()
    return after, "\n".join(outcome.remarks)


def picture(graph):
    return graph.add("LoadImage").output("IMAGE")


def decoded(graph, decoder="VAEDecode", **widgets):
    """A decoder with all it needs, and the saver that reads it."""
    node = graph.add(decoder)
    latent = graph.add("EmptyLTXVLatentVideo").output()
    graph.connect(latent, node.input("samples" if decoder.startswith("VAE") else "latents"))
    graph.connect(graph.add("VAELoader", widgets={"vae_name": "v"}).output(), node.input("vae"))
    combine = graph.add("VHS_VideoCombine", widgets={"format": "video/h264-mp4", "frame_rate": 25.0, **widgets})
    graph.connect(node.output(), combine.input("images"))
    return node, combine
