"""Words on a node that stay when the render is over.

ComfyUI's own progress text does not do for that: frontends of 2026 take it away when a job ends, older ones leave it there
through the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def show(node_id: str, text: str, prompt_id: str | None = None) -> None:
    """Shows a word on a node now, in place of the one before.

    Args:
        node_id: The node on the canvas (`get_display_node_id` of a node in a loop).
        text: One short line.
        prompt_id: The render; None for the one that the calling node belongs to.
    """
    from ..comfyui_internals import prompt_server, running_prompt
    from . import render_state

    prompt_id = prompt_id if prompt_id is not None else running_prompt.prompt_id()
    render = render_state.of_render(prompt_id)
    if render is not None:
        render.words[node_id] = text
    prompt_server.send("audio_loop.word", {"node": node_id, "text": text, "prompt_id": prompt_id})


def clear(node_ids: Iterable[str]) -> None:
    """Takes words and pictures of an earlier render off these nodes."""
    from ..comfyui_internals import prompt_server, running_prompt
    from . import render_state

    nodes, prompt_id = list(node_ids), running_prompt.prompt_id()
    render = render_state.of_render(prompt_id)
    if render is not None:
        render.clear(nodes)
    prompt_server.send("audio_loop.begin", {"nodes": nodes, "prompt_id": prompt_id})


def with_text(text: str, shown: Any = None) -> dict[str, Any]:
    """The value that a node puts into the user interface: a last word, beside what it shows else.

    ComfyUI sends it again if the node's result is reused, and keeps it in the job's history.

    Args:
        text: One short line.
        shown: A `ui` value of `comfy_api`, or a dictionary, or None.
    """
    return {**(shown if isinstance(shown, dict) else shown.as_dict() if shown is not None else {}), "text": (text,)}
