"""The answers of nodes when ComfyUI asks them whether they have changed (IS_CHANGED, `fingerprint_inputs`)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from .contact import Contact

CHANGE_ANSWERS = Contact(
    "IsChangedCache", "windows behind a node that speaks of changes of its own are made again after a restart of ComfyUI"
)


async def change_answers(graph: Any, node_ids: Iterable[str]) -> dict[str, Any]:
    """The answer of each node, asked as ComfyUI asks for its own cache.

    Args:
        graph: ComfyUI's dynamic prompt.
        node_ids: Nodes of classes that speak of changes.

    Returns:
        Node id -> answer; NaN, which is equal to nothing, for all if ComfyUI cannot be asked.
    """
    asked = list(node_ids)
    try:
        from execution import IsChangedCache

        told = IsChangedCache("", graph, None)
        return {node_id: await told.get(node_id) for node_id in asked}
    except (ImportError, AttributeError, TypeError) as error:
        CHANGE_ANSWERS.is_gone(error)
        return dict.fromkeys(asked, math.nan)
