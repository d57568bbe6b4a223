"""One pass of sampling over the windows of a plan, and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..loop_control.geometry import WindowGeometry
from ..loop_control.units import SPATIAL_STEP_PX, audio_latents_for_clip, latents_from_pixels
from .architecture import Architecture
from .model_call import Flops, ModelCall, call_flops, guidance_flops, prompt_flops


@dataclass(frozen=True)
class Guidance:
    """The calls that a guider asks of the model in each step beyond one.

    Attributes:
        negative_passes: Calls with the negative prompt: 1 if cfg is above 1, else 0.
        perturbed_blocks: Blocks of an additional call whose self attention is left out (STG); 0 for no such call.
        separated_passes: Additional calls in which video and audio do not attend to each other (modality guidance).
        is_normalized: Whether every call is guided by a negative prompt inside (NAG).
        prompts: Conditionings that go through the connectors once a window.
    """

    negative_passes: int = 0
    perturbed_blocks: int = 0
    separated_passes: int = 0
    is_normalized: bool = False
    prompts: int = 2

    @property
    def calls(self) -> int:
        """Calls of the model in one step."""
        return 1 + self.negative_passes + (self.perturbed_blocks > 0) + self.separated_passes


NO_GUIDANCE = Guidance()
"""cfg 1 and nothing else. Sampling takes a positive and a negative prompt all the same."""


@dataclass(frozen=True)
class Stage:
    """How every window is sampled.

    Attributes:
        width_px: Width of the video that it samples.
        height_px: Its height.
        steps: Calls of the model by the sampler, one after another.
        guide_latents: Latents that guides append to a window.
        guidance: Further calls.
    """

    width_px: int
    height_px: int
    steps: int
    guide_latents: int = 0
    guidance: Guidance = NO_GUIDANCE

    @property
    def tokens_per_latent(self) -> int:
        """Height times width of a latent."""
        return (self.width_px // SPATIAL_STEP_PX) * (self.height_px // SPATIAL_STEP_PX)

    def call(self, window_px: int, fps: Fraction) -> ModelCall:
        """A call of the model for a window of `window_px` frames."""
        latents = latents_from_pixels(window_px) + self.guide_latents
        return ModelCall(latents, self.tokens_per_latent, audio_latents_for_clip(window_px, fps))


def step_flops(model: Architecture, stage: Stage, window_px: int, fps: Fraction) -> Flops:
    """Operations of one step of one window, all calls that guidance adds included."""
    call, guidance = stage.call(window_px, fps), stage.guidance
    each = guidance_flops(model, call) if guidance.is_normalized else Flops()
    flops = (call_flops(model, call) + each) * (1 + guidance.negative_passes)
    if guidance.perturbed_blocks:
        flops += call_flops(model, call, perturbed_blocks=guidance.perturbed_blocks) + each
    return flops + (call_flops(model, call, is_coupled=False) + each) * guidance.separated_passes


def window_flops(model: Architecture, stage: Stage, window_px: int, fps: Fraction) -> Flops:
    """Operations of one window: its steps, and its prompts' way through the connectors."""
    prompts = stage.guidance.prompts + stage.guidance.is_normalized
    return step_flops(model, stage, window_px, fps) * stage.steps + prompt_flops(model) * prompts


def windows_flops(model: Architecture, stage: Stage, lengths_px: Iterable[int], fps: Fraction) -> Flops:
    """Operations of windows of these lengths."""
    counted = Counter(lengths_px)
    return sum((window_flops(model, stage, window_px, fps) * count for window_px, count in counted.items()), Flops())


def flops_per_second(model: Architecture, stage: Stage, geometry: WindowGeometry) -> float:
    """Operations of sampling for a second of video of a song without end: of a window, shared by what it adds."""
    step = step_flops(model, stage, geometry.window_px, geometry.fps)
    return step.total * stage.steps / float(geometry.stride)
