"""The request of a checkpoint node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...loop_control.plan import LoopPlan
from ..runs.after_update import AS_THE_RUN_NEEDS


@dataclass(frozen=True)
class Request:
    """The inputs of the checkpoint node, besides the latent."""

    plan: LoopPlan
    index: int
    values: Mapping[str, Any]
    run_name: str
    locked: str
    takes: str
    keep_takes: int = 0
    limit_gb: float = 0.0
    stop_on_nan: bool = True
    after_update: str = AS_THE_RUN_NEEDS
