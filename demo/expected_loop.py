"""How many iterations a workflow will need, before the server says it: only then can a bar show the time that is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..loop_control.plan import PlanError, make_plan
from ..loop_engine.prompt_links import as_link
from ..workflow_graph.node_kinds import PLANNER
from .workflow_patch import Prompt


def expected_iterations(prompt: Prompt, audio_samples: int, sample_rate: int) -> int | None:
    """Iterations after the initial render, None if the workflow has no planner or its values are computed.

    Args:
        prompt: API form.
        audio_samples: Length of the song in samples.
        sample_rate: Samples per second.
    """
    # A second stage has a planner of its own, without prompts.
    planners = [node["inputs"] for node in prompt.values() if node["class_type"] == PLANNER]
    planner = next((inputs for inputs in planners if inputs.get("schedule")), planners[0] if planners else None)
    if planner is None:
        return None
    values = {name: _literal(planner.get(name), prompt) for name in ("window_seconds", "overlap_seconds", "fps")}
    limit = _literal(planner.get("max_iterations", 0), prompt)
    if limit is None or None in values.values():
        return None
    try:
        plan = make_plan(audio_samples=audio_samples, sample_rate=sample_rate, max_iterations=int(limit), **values)
    except PlanError:
        return None
    return plan.iterations


def _literal(value: Any, prompt: Prompt) -> Any:
    """The value itself, or that of the primitive node it is wired to."""
    link = as_link(value)
    if link is None:
        return value
    source: Mapping[str, Any] = prompt[link[0]]
    inner = source["inputs"].get("value") if source["class_type"].startswith("Primitive") else None
    return inner if as_link(inner) is None else None
