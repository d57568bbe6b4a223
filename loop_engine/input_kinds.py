"""Answers of ComfyUI's node classes about their inputs, for the search of a loop's body."""

from __future__ import annotations

import functools

from ..comfyui_internals.node_classes import input_settings, is_output_node
from .body import CLOSE_CLASS, InputKinds
from .copies import TAP_NODE


def input_kinds() -> InputKinds:
    """The answers of the ComfyUI that runs."""
    info = functools.cache(input_settings)

    def is_lazy(class_type: str, name: str) -> bool:
        # The flow_control of a loop inside must stay the link that it is: no preview may be put where it leads.
        if class_type == CLOSE_CLASS and name == "flow_control":
            return False
        return bool(info(class_type, name).get("lazy"))

    return InputKinds(
        is_lazy=is_lazy,
        # A tap of an outer loop only waits for its link, so a loop inside may read it through its state as any value.
        is_raw_link=lambda class_type, name: class_type != TAP_NODE and bool(info(class_type, name).get("rawLink")),
        is_output=is_output_node,
    )
