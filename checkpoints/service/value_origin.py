"""Which node a value that is not finite comes from, as far as ComfyUI still has the outputs of the nodes before it."""

from __future__ import annotations

from typing import Any

from ...comfyui_internals.executor import cached_outputs
from ...latent_ops.finite import not_finite
from ...loop_engine.prompt_links import Link, as_link
from ..fingerprint.loop_links import follow_loop, is_inside_loop

MOST_STEPS = 10_000


def origin_of(graph: Any, link: Link | None) -> str:
    """Names the first node upstream that gave a value which is not finite.

    Args:
        graph: ComfyUI's dynamic prompt.
        link: Where the value arrived, as (node id, output slot).

    Returns:
        For example "SamplerCustomAdvanced (node 562)"; "an earlier window" if it came with the loop's value; "" if it is not
        known.
    """
    found = link
    for _ in range(MOST_STEPS):
        if found is None:
            return ""
        node = graph.get_node(found[0])
        behind = follow_loop(node["class_type"], node["inputs"], found[1])
        if behind is not None:
            found = behind if isinstance(behind, tuple) else None
            continue
        earlier = next((source for source in map(as_link, node["inputs"].values()) if _is_bad(source)), None)
        if earlier is None:
            return _name(graph, found[0])
        found = earlier
    return ""


def _is_bad(link: Link | None) -> bool:
    if link is None:
        return False
    outputs = cached_outputs(link[0])
    return outputs is not None and link[1] < len(outputs) and bool(not_finite(outputs[link[1]]))


def _name(graph: Any, node_id: str) -> str:
    class_type = graph.get_node(node_id)["class_type"]
    if is_inside_loop(class_type):
        return "an earlier window"
    shown = graph.get_display_node_id(node_id)
    title = graph.get_node(node_id).get("_meta", {}).get("title") or class_type
    return f"{title} (node {shown})" if title == class_type else f"{title} ({class_type}, node {shown})"
