"""Guidance taken out of a workflow: NAG, spatio-temporal guidance, and a guidance scale above 1."""

from __future__ import annotations

from typing import Any

from ..farm.graph import GraphRefusedError, of_type, set_value

GUIDANCES = ("LTX2_NAG", "LTXNormalizedAttentionGuidance", "LTXVSpatioTemporalGuidance")
"""Nodes that take a model and give it back with guidance."""


def take_guidance_off(prompt: dict[str, dict[str, Any]], value: Any) -> None:
    """Takes a workflow's guidance out.

    Args:
        prompt: Nodes by id; changed.
        value: False. True leaves all as it is.

    Raises:
        GraphRefusedError: The workflow has no guidance, or another node makes its scale.
    """
    if value is not False and value is not True:
        raise GraphRefusedError(f"guidance is {value!r}; false takes it out, true leaves it in")
    guided = [node_id for kind in GUIDANCES for node_id in of_type(prompt, kind)]
    scaled = [node_id for node_id in of_type(prompt, "CFGGuider") if prompt[node_id]["inputs"].get("cfg") != 1.0]
    if not guided and not scaled:
        raise GraphRefusedError(
            f"this workflow has no guidance to take out: none of {', '.join(GUIDANCES)}, and no CFGGuider with cfg other than 1"
        )
    if value:
        return
    for node_id in guided:
        model = prompt[node_id]["inputs"]["model"]
        for node in prompt.values():
            for name, link in node["inputs"].items():
                if link == [node_id, 0]:
                    node["inputs"][name] = model
        del prompt[node_id]
    for node_id in scaled:
        set_value(prompt, node_id, "cfg", 1.0)
