"""The input that a bypassed node passes on for an output, by the frontend's rule (ExecutableNodeDTO._getBypassSlotIndex)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .schemas import is_valid_connection


def passed_input(inputs: Sequence[Any], outputs: Sequence[Any], slot: int, wanted: Any) -> int | None:
    """Index of the input whose value comes out of an output; None if none fits.

    Args:
        inputs: Types of the node's inputs, in order.
        outputs: Types of its outputs, in order.
        slot: The output.
        wanted: Type of the input that asks for the value.
    """
    if wanted in ("*", "", 0):
        return (slot if len(inputs) > slot else 0) if inputs else None
    output_type = outputs[slot] if slot < len(outputs) else "*"

    def fits(kind: Any) -> bool:
        return is_valid_connection(kind, output_type) and is_valid_connection(kind, wanted)

    if slot < len(inputs) and fits(inputs[slot]):
        return slot
    same = next((index for index, kind in enumerate(inputs) if kind == wanted), None)
    return same if same is not None else next((index for index, kind in enumerate(inputs) if fits(kind)), None)
