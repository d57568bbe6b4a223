"""All sampling of one render: which windows of which plan, at which size, how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ..loop_control.plan import LoopPlan
from ..loop_control.units import latents_from_pixels
from .architecture import Architecture
from .model_call import Flops, ModelCall
from .stage import Stage, windows_flops
from .upscaler import PUBLISHED_UPSCALER, upscale_flops

HALF = 2
"""A second stage has this many times the width and the height of the first."""


class WindowPart(Enum):
    """Windows that are sampled alike."""

    ALL = "all"
    FIRST = "first"
    LATER = "later"


@dataclass(frozen=True)
class Sampling:
    """Windows of one plan that are sampled alike.

    Attributes:
        stage: How.
        plan: Where they lie.
        part: Which windows of the plan.
        is_enlarged: Whether each is made from one of half the size by the spatial upscaler.
        there: Windows that are on disk and not sampled.
    """

    stage: Stage
    plan: LoopPlan
    part: WindowPart
    is_enlarged: bool = False
    there: frozenset[int] = frozenset()

    @property
    def windows(self) -> tuple[int, ...]:
        """The numbers of the windows that are sampled, in their order."""
        wanted = (index for index in self.plan.sequence if index not in self.there)
        return tuple(
            index for index in wanted if self.part is WindowPart.ALL or (index == 0) is (self.part is WindowPart.FIRST)
        )

    @property
    def lengths_px(self) -> Iterator[int]:
        """The length of each window."""
        return (self.plan.nth_window(index).window_px for index in self.windows)

    @property
    def calls(self) -> int:
        """Calls of the model."""
        return len(self.windows) * self.stage.steps * self.stage.guidance.calls


@dataclass(frozen=True)
class Recipe:
    """All of a render's sampling.

    Attributes:
        samplings: In the order in which they are made; of the last one the video is shown.
    """

    samplings: tuple[Sampling, ...]

    @property
    def seconds(self) -> float:
        """Length of the finished video."""
        plan = self.samplings[-1].plan
        return float(plan.frames_delivered / plan.fps)

    @property
    def plans(self) -> frozenset[LoopPlan]:
        """The plans, one for each stage."""
        return frozenset(sampling.plan for sampling in self.samplings)

    @property
    def calls(self) -> int:
        """Calls of the model."""
        return sum(sampling.calls for sampling in self.samplings)

    @property
    def largest_calls(self) -> Iterator[ModelCall]:
        """The call with most tokens of each sampling."""
        for sampling in self.samplings:
            longest_px = max(sampling.lengths_px, default=None)
            if longest_px is not None:
                yield sampling.stage.call(longest_px, sampling.plan.fps)

    @property
    def enlarged_windows(self) -> Iterator[tuple[int, int]]:
        """(latents, positions of one before) of the windows that the upscaler makes."""
        for sampling in self.samplings:
            for window_px in sampling.lengths_px if sampling.is_enlarged else ():
                yield latents_from_pixels(window_px), sampling.stage.tokens_per_latent // HALF**2

    def flops(self, model: Architecture) -> Flops:
        """Operations of everything that is sampled, prompts and enlargement included."""
        sampled = (windows_flops(model, each.stage, each.lengths_px, each.plan.fps) for each in self.samplings)
        enlarged = (upscale_flops(PUBLISHED_UPSCALER, *window) for window in self.enlarged_windows)
        return sum((*sampled, *enlarged), Flops())
