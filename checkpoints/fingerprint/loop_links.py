"""Looks through the loop engine's own nodes, so that a fingerprint sees the graph as the user drew it.

The copies of a loop's body hold no links out of their iteration: values from outside come from an `in` node that reads
them from the loop's state. Where they really come from is written in the body that the state carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...loop_engine.body import OPEN_CLASS, Capture
from ...loop_engine.copies import IN_NODE, TAP_NODE
from ...loop_engine.prompt_links import Link, as_link
from ...loop_engine.slots import IN_FIRST_CAPTURE, IN_ITERATION, OPEN_ITERATION
from .graph_rules import Constant


def follow_loop(class_type: str, inputs: Mapping[str, Any], slot: int) -> Link | Constant | None:
    """Finds what stands behind an output of the loop engine's nodes; a `Redirect` for `GraphRules`.

    The previous value and the frame count of an iteration have no source of their own: the previous value must be cut
    by a hashed value, or the fingerprint is refused.

    Args:
        class_type: The node's.
        inputs: The node's inputs, with the loop's state as a literal.
        slot: Output slot.

    Returns:
        The link outside the loop, the number of the iteration, or None for any other node or output.
    """
    if class_type == TAP_NODE:
        return as_link(inputs["through"])
    if class_type != IN_NODE:
        return None
    if slot == IN_ITERATION:
        return Constant(inputs["iteration"])
    if slot >= IN_FIRST_CAPTURE and inputs["index"] >= 0:
        capture: Capture = inputs["state"].body.captures[inputs["index"]]
        return capture.links[slot - IN_FIRST_CAPTURE]
    return None


def open_iteration(class_type: str, slot: int, iteration: int) -> Constant | None:
    """The number of the iteration, as the loop gives it in a graph that does not run yet; None for other outputs."""
    return Constant(iteration) if class_type == OPEN_CLASS and slot == OPEN_ITERATION else None


def is_inside_loop(class_type: str) -> bool:
    """Whether a node hands values into an iteration; one that `follow_loop` does not follow came from the iteration before."""
    return class_type == IN_NODE
