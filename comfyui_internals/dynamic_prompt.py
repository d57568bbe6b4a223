"""ComfyUI's prompt as it grows while it runs: nodes, the nodes that they were added by, and where they are shown."""

from __future__ import annotations

from typing import Any

from .contact import Contact

GRAPH = Contact("dynamic prompt", "loops and checkpoints cannot run; look for an update of Audio Loop")
METHODS = ("all_node_ids", "get_display_node_id", "get_node", "get_original_prompt", "get_parent_node_id")


def graph_of(dynprompt: Any) -> Any:
    """The prompt behind a node's hidden input `dynprompt`, once it is known to be what the pack reads.

    Raises:
        ComfyUIChangedError: It is not. Guessing here would make other runs of the same windows.
    """
    missing = [name for name in METHODS if not callable(getattr(dynprompt, name, None))]
    if missing:
        raise GRAPH.refusal(f"no {', '.join(missing)}")
    return dynprompt
