"""A workflow of two stages: its prompt for the draft and for the finish, and which windows were sampled for each."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from ..loop_engine.prompt_links import as_link
from ..workflow_graph.node_kinds import SAMPLERS
from .workflow_patch import Prompt

SWITCH = "AudioLoopStages"
DRAFT, FINISH = "draft", "finish"


def stages_of(prompt: Prompt) -> tuple[str, ...]:
    """The stages to render, in order; none if the workflow has no switch for them."""
    return (DRAFT, FINISH) if _switch(prompt) is not None else ()


def for_stage(prompt: Prompt, stage: str) -> dict[str, Any]:
    """A copy of the prompt with its switch at a stage."""
    changed = copy.deepcopy({node_id: dict(node) for node_id, node in prompt.items()})
    for node in changed.values():
        if node["class_type"] == SWITCH:
            node["inputs"]["stage"] = stage
    return changed


def windows_sampled(prompt: Prompt, sampled: Mapping[str, int]) -> dict[str, int]:
    """How many windows of each stage were sampled; of a workflow of one stage all are the draft's.

    Args:
        prompt: API form.
        sampled: Windows by the node of the prompt that samples them.
    """
    switch = _switch(prompt)
    draft = set(prompt) if switch is None else set(_upstream(prompt, prompt[switch]["inputs"]["draft"]))
    counts = {DRAFT: 0, FINISH: 0}
    for node_id, windows in sampled.items():
        if prompt[node_id]["class_type"] in SAMPLERS:
            counts[DRAFT if node_id in draft else FINISH] += windows
    return counts


def _switch(prompt: Prompt) -> str | None:
    switches = (node_id for node_id, node in prompt.items() if node["class_type"] == SWITCH)
    return next((node_id for node_id in switches if as_link(prompt[node_id]["inputs"].get("draft"))), None)


def _upstream(prompt: Prompt, value: Any) -> Iterator[str]:
    """Every node that an input takes its value from."""
    waiting, seen = [value], set()
    while waiting:
        link = as_link(waiting.pop())
        if link is not None and link[0] not in seen:
            seen.add(link[0])
            yield link[0]
            waiting.extend(prompt[link[0]]["inputs"].values())
