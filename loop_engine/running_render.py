"""The output nodes that the running render is to run."""

from __future__ import annotations

from typing import Any

from ..comfyui_internals.node_classes import is_output_node
from ..comfyui_internals.running_prompt import prompt_id, running_prompt


def target_nodes(graph: Any) -> tuple[str, ...]:
    """The output nodes that the calling node's render is to run: all of the prompt's that are in order, or those chosen."""
    running = running_prompt(prompt_id())
    if running is not None:
        return running.targets
    prompt = graph.get_original_prompt()
    return tuple(n for n, node in prompt.items() if is_output_node(node["class_type"]))
