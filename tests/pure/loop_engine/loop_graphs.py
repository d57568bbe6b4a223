"""Graphs with loops in them, and the body and copies that the engine makes of them."""

from __future__ import annotations

from audio_loop.loop_engine.body import InputKinds, find_body
from audio_loop.loop_engine.copies import CAPTURE_NODE, DRIVER_NODE, IN_NODE, ITERATION_NODE, SHOW_NODE, TAP_NODE, make_copies
from audio_loop.loop_engine.state import LoopSettings, LoopState

KINDS = InputKinds(
    is_lazy=lambda class_type, name: class_type == "Switch" and name.startswith("on_"),
    is_raw_link=lambda class_type, name: class_type == "TensorLoopClose" and name in ("flow_control", "processed", "stop"),
    is_output=lambda class_type: class_type in ("Preview", "Show"),
)
ENGINE = {IN_NODE, CAPTURE_NODE, DRIVER_NODE, SHOW_NODE, TAP_NODE, ITERATION_NODE}


class Graph(dict):
    """API-form nodes by id."""

    def get_node(self, node_id):
        return self[node_id]

    def add(self, node_id, class_type="Plain", **inputs):
        self[node_id] = {"class_type": class_type, "inputs": inputs}
        return [node_id, 0]

    def body(self, close_id="close"):
        outputs = [node_id for node_id, node in self.items() if KINDS.is_output(node["class_type"])]
        return find_body(self, close_id, KINDS, outputs)


def simple(**close_inputs):
    """outside -> body -> close; the body reads the open node and the one outside."""
    graph = Graph()
    graph.add("outside")
    graph.add("open", "TensorLoopOpen", initial_value=["outside", 0])
    graph.add("body", a=["open", 1], b=["outside", 0], c=7)
    graph.add("close", "TensorLoopClose", flow_control=["open", 0], processed=["body", 0], **close_inputs)
    graph.add("after", value=["close", 0])
    return graph


def state_of(graph, close_id="close"):
    return LoopState(
        body=graph.body(close_id),
        settings=LoopSettings(True, "disabled", 0, False),
        display_id="open",
        count_frames=lambda value: 1,
        get_node=graph.get_node,
        display_of=lambda node_id: node_id,
    )


def copies_of(graph, iterations=range(1, 4), grows=False):
    return make_copies(state_of(graph), "close.run", iterations, grows)
