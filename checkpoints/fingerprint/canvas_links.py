"""How a fingerprint reads the nodes of a canvas: what only says which window is made does not count a second time.

Where a window lies, and its seed, are hashed with the plan; so in whichever pass of a loop it is made, and whichever others are
made with it, it is the same window.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...loop_engine.prompt_links import Link, as_link
from .graph_rules import Constant

WINDOW_OF_CANVAS = "LoopWindowOfCanvas"
_DRAFT_WINDOW, _SAID_BY_PLAN = 3, (2, 4, 5)
"""Output slots: the draft's window, and the number, seed and report of the window."""

_SAYS_NO_MORE = frozenset(
    {
        ("AudioLoopPlanner", "order"),
        ("AudioLoopPlanner", "windows"),
        (WINDOW_OF_CANVAS, "current_iteration"),
        ("LoopWindowNew", "current_iteration"),
    }
)


def says_no_more(class_type: str, name: str) -> bool:
    """Whether an input only chooses the window that is made, or when; an `ignore` for `GraphRules`."""
    return (class_type, name) in _SAYS_NO_MORE


def follow_canvas(class_type: str, inputs: Mapping[str, Any], slot: int) -> Link | Constant | None:
    """Finds what decides an output of the node that cuts a window out; a `Redirect` for `GraphRules`.

    Args:
        class_type: The node's.
        inputs: The node's inputs.
        slot: Output slot.

    Returns:
        The link of the draft's plan for its window, a constant for what the plan says, None for any other node or output.
    """
    if class_type != WINDOW_OF_CANVAS:
        return None
    if slot == _DRAFT_WINDOW:
        return as_link(inputs.get("draft_plan")) or Constant("window")
    return Constant("window") if slot in _SAID_BY_PLAN else None
