"""The render that ComfyUI works on now, as far as ComfyUI tells."""

from __future__ import annotations

from typing import Any


def prompt_id() -> str:
    """The id of the render that the calling node belongs to; empty outside a node."""
    from comfy_execution.utils import get_executing_context

    context = get_executing_context()
    return context.prompt_id if context is not None else ""


def queue_item(of_prompt: str | None = None) -> tuple[Any, ...] | None:
    """ComfyUI's queue entry of a render: (number, prompt id, prompt, extra data, ids of the output nodes to run, ...).

    Args:
        of_prompt: A prompt id; None for whatever runs.

    Returns:
        None where no such render runs, or this ComfyUI keeps its queue differently.
    """
    from server import PromptServer

    queue = getattr(getattr(PromptServer, "instance", None), "prompt_queue", None)
    if not hasattr(queue, "get_current_queue_volatile"):
        return None
    running, _ = queue.get_current_queue_volatile()
    return next((item for item in running if len(item) > 4 and of_prompt in (None, item[1])), None)


def target_nodes(graph: Any) -> tuple[str, ...]:
    """The output nodes that the calling node's render is to run: all of the prompt's that are in order, or those chosen."""
    item = queue_item(prompt_id())
    if item is not None:
        return tuple(item[4])
    import nodes as comfy_nodes

    prompt = graph.get_original_prompt()
    classes = comfy_nodes.NODE_CLASS_MAPPINGS
    return tuple(n for n, node in prompt.items() if getattr(classes[node["class_type"]], "OUTPUT_NODE", False))
