"""Nodes that cut latents or keep their statistics."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...editing.handles import Node

_ALL = 16384
"""The most that LatentCut takes; it stops at the end."""


def context(graph: Graph, node: Node) -> Iterator[str]:
    """LTXVSelectLatents: the end becomes LatentContextExtract, which leaves no mask behind, a middle part LatentCut."""
    start, end = node.widgets["start_index"], node.widgets["end_index"]
    if any(slot.link for slot in node.inputs if slot.name != "samples"):
        yield f"{node}: its start_index or end_index is wired, and it counts otherwise than ComfyUI's nodes; it stays"
        return
    if end == -1 and start < 0:
        graph.swap(
            node,
            "LatentContextExtract",
            inputs={"samples": "latent"},
            outputs={"LATENT": "context"},
            widgets={"start_index": None, "end_index": None},
            values={"overlap_latent_frames": -start},
        )
        return
    if (start < 0) == (end < 0) and end >= start:
        amount = end - start + 1
    elif start >= 0 and end == -1:
        amount = _ALL
    else:
        yield f"{node}: start_index {start} and end_index {end} count from two sides; it stays"
        return
    graph.swap(
        node,
        "LatentCut",
        widgets={"start_index": None, "end_index": None},
        values={"dim": "t", "index": start, "amount": amount},
    )


def per_step(graph: Graph, node: Node) -> Iterator[str]:
    """LTXVPerStepAdainPatcher -> PerStepStatisticsMatch: one factor up to the step behind which there is none."""
    text = str(node.widgets["factors"])
    factors = [float(part) for part in text.split(",") if part.strip()]
    used = [factor for factor in factors if factor]
    factor = min(max(used[0] if used else 0.0, 0.0), 1.0)
    last = max((i for i, each in enumerate(factors, start=1) if each), default=0)
    until = 1.0 if last == len(factors) else last / max(len(factors), 1)
    if set(factors) != {factor}:
        yield f"{node}: factors {text!r} became {factor:g} for the first {until:.0%} of the steps"
    if any(slot.name == "factors" and slot.link for slot in node.inputs):
        yield f"{node}: its factors were wired; factor is a number of its own now"
    if node.widgets.get("per_frame"):
        yield f"{node}: per_frame is not carried over; statistics are those of the whole window"
    graph.swap(
        node,
        "PerStepStatisticsMatch",
        inputs={"factors": None, "per_frame": None},
        outputs={"MODEL": "model"},
        widgets={"factors": None, "per_frame": None},
        values={"factor": factor, "start_percent": 0.0, "end_percent": until},
    )


REPLACED = {"LTXVSelectLatents": context, "LTXVPerStepAdainPatcher": per_step}
