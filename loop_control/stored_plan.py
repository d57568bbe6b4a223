"""A plan that was written down, read again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .errors import PlanError
from .model_facts import ModelFacts
from .plan import JSON_VERSION, LoopPlan, make_plan
from .seeds import parse_seed_overrides


def plan_from_json(document: Mapping[str, Any]) -> LoopPlan:
    """Makes the plan that `LoopPlan.to_json` wrote, and checks that it comes out the same.

    Raises:
        PlanError: Another version, a missing or unusable value, or an outcome that no longer follows from the inputs.
    """
    version = document.get("version")
    if version != JSON_VERSION:
        raise PlanError(f"the stored plan has version {version!r}; this one reads version {JSON_VERSION}")
    try:
        inputs = dict(document["inputs"])
        outcome = dict(document["outcome"])
        inputs["seed_overrides"] = parse_seed_overrides(",".join(inputs["seed_overrides"]))
        if "model" in inputs:
            inputs["model"] = ModelFacts.from_json(inputs["model"])
        plan = make_plan(**inputs)
    except PlanError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"the stored plan cannot be read: {error!r}") from error
    if outcome.get("iterations") == plan.iterations + 1 == _older_count(plan):
        plan = replace(plan, iterations=plan.iterations + 1)
    for name, value in plan.outcome().items():
        if outcome.get(name) != value:
            raise PlanError(
                f"the stored plan does not hold together: {name} is {outcome.get(name)!r}, but its inputs give {value}"
            )
    return plan


def _older_count(plan: LoopPlan) -> int:
    """Iterations of a stored plan for a song that ends within a frame behind a window: that took one window more."""
    count = max(0, math.ceil((plan.duration - plan.window) / plan.stride))
    return min(count, plan.max_iterations) if plan.max_iterations else count
