"""The windows that a checkpoint is going to ask for, known before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...loop_control.plan import LoopPlan


@dataclass(frozen=True)
class WindowsAsked:
    """The windows that one checkpoint is going to ask for.

    Attributes:
        indexes: Their numbers, in the order in which they are made.
        prompts: Number -> the words of its prompt.
        plan: The plan of the render.
        latent_size: Height and width of its latents.
        run_name: As the user wrote it; "" for the run of the graph.
        locked: Windows that stand whatever they would be made from.
        picked: Window -> number of the take, from 1, that is to stand there.
        after_update: One of `after_update.CHOICES`.
    """

    indexes: tuple[int, ...]
    prompts: Mapping[int, str]
    plan: LoopPlan
    latent_size: tuple[int, int]
    run_name: str
    locked: frozenset[int]
    picked: Mapping[int, int]
    after_update: str
