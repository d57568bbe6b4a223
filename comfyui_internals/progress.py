"""ComfyUI's registry of progress: which nodes its messages list, and who is told when a node starts and finishes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .contact import Contact

LISTED_NODES = Contact("list of nodes in its progress messages", "they grow with the loop, and a long loop becomes slow")
NODE_EVENTS = Contact("events of nodes that start and finish", "the trace does not say which node ran for how long")
_EVENTS = ("start_handler", "finish_handler", "update_handler")
"""Methods that the registry calls, and that `follow_nodes` writes over."""


def forget_nodes(node_ids: Iterable[str]) -> None:
    """Takes nodes that are over out of ComfyUI's progress messages.

    Each message lists every node that ran so far, so in a long loop they would take most of the time.
    """
    try:
        from comfy_execution.progress import get_progress_state

        listed = get_progress_state().nodes
        for node_id in node_ids:
            listed.pop(node_id, None)
    except (ImportError, AttributeError, TypeError) as error:
        LISTED_NODES.is_gone(error)


def follow_nodes(
    name: str,
    started: Callable[[str], None] | None = None,
    finished: Callable[[str, str, str], None] | None = None,
    updated: Callable[[str, Mapping[str, Any], float, float], None] | None = None,
) -> None:
    """Follows the nodes of the running prompt; ComfyUI drops this when the next prompt begins.

    Args:
        name: Of who follows; called again with the same name, the newer one takes over.
        started: Called with a node's id.
        finished: Called with a node's id, the id of the node on the canvas, and its class.
        updated: Called with a node's id, its entry in the prompt, and how much of how much it has done.
    """
    try:
        from comfy_execution.progress import ProgressHandler, get_progress_state

        class Handler(ProgressHandler):
            """Hands ComfyUI's events on."""

            def start_handler(self, node_id: str, state: Any, prompt_id: str) -> None:  # noqa: ARG002  ComfyUI's signature
                """A node begins."""
                if started is not None:
                    started(node_id)

            def finish_handler(self, node_id: str, state: Any, prompt_id: str) -> None:  # noqa: ARG002
                """A node has ended."""
                if finished is None:
                    return
                try:
                    prompt = registry.dynprompt
                    display_id, class_type = prompt.get_display_node_id(node_id), prompt.get_node(node_id)["class_type"]
                except (AttributeError, LookupError) as error:
                    NODE_EVENTS.is_gone(error)
                else:
                    finished(node_id, display_id, class_type)

            def update_handler(
                self,
                node_id: str,
                value: float,
                max_value: float,
                state: Any,  # noqa: ARG002
                prompt_id: str,  # noqa: ARG002
                image: Any,  # noqa: ARG002
            ) -> None:
                """A node's bar moved."""
                if updated is None:
                    return
                try:
                    prompt = registry.dynprompt
                    # A bar may be drawn on a node that is on the canvas and not in the prompt.
                    node = prompt.get_node(node_id) if prompt.has_node(node_id) else {}
                except (AttributeError, LookupError) as error:
                    NODE_EVENTS.is_gone(error)
                else:
                    updated(node_id, node, value, max_value)

        unknown = [name for name in _EVENTS if not hasattr(ProgressHandler, name)]
        if unknown:
            NODE_EVENTS.is_gone(f"ProgressHandler has no {', '.join(unknown)}")
        registry = get_progress_state()
        registry.register_handler(Handler(name))
    except (ImportError, AttributeError, TypeError) as error:
        NODE_EVENTS.is_gone(error)
