"""The loop over windows of a canvas, in their plan's order: each is cut out, sampled, kept, and its new part written back."""

from __future__ import annotations

from dataclasses import dataclass

from ..building.builder import Wire, WorkflowBuilder
from . import window_on_canvas
from .base import Base


@dataclass(frozen=True)
class Canvas:
    """The video's latents that the loop begins with, and what its windows are made from.

    Attributes:
        latents: Of the whole video.
        windows: How many windows are to be made.
        plan: Of these windows.
        guide: The user's picture at this size, encoded: the first latent, and the guide of every window.
        draft_plan: Plan of the draft if this is its finish; prompts are then those of the draft's windows.
    """

    latents: Wire
    windows: Wire
    plan: Wire
    guide: Wire
    draft_plan: Wire | None = None


def add(
    b: WorkflowBuilder,
    base: Base,
    canvas: Canvas,
    sigmas: Wire,
    *,
    one_window: str,
    keep: str,
    prompt: str,
    strength: Wire | None = None,
) -> Wire:
    """The latents of the video.

    Args:
        b: The workflow.
        base: What the loop is wired to.
        canvas: What it begins with.
        sigmas: Of every window.
        one_window: Title of the node that makes a window.
        keep: Title of its checkpoint.
        prompt: Title of the node that chooses its prompt.
        strength: How much the picture guides; wholly if it is not wired.
    """
    opened = b.node(
        "TensorLoopOpen",
        id=2513,
        role="canvas_loop_open",
        inputs={
            "mode": "iterations",
            "mode.iterations": 50,
            "initial_value": canvas.latents,
            "iterations_in": canvas.windows,
        },
    )
    whole, turn = opened.out("previous_value"), opened.out("current_iteration")
    window = b.node(
        "LoopWindowOfCanvas",
        id=2515,
        role="canvas_window",
        canvas=whole,
        audio_latent=base.song.latent,
        plan=canvas.plan,
        current_iteration=turn,
        draft_plan=canvas.draft_plan,
        first_latent=canvas.guide,
        first_strength=1.0,
    )
    chosen = b.node(
        "ConditioningSelectByIteration",
        id=2516,
        title=prompt,
        role="canvas_prompt",
        conditioning_list=base.conditioning_list,
        current_iteration=window.out("draft_window"),
    )
    seed = window.out("iteration_seed")
    sampled = window_on_canvas.define(b).place(
        id=2517,
        title=one_window,
        role="canvas_one_window",
        video_latent=window.out("video_latent"),
        audio_latent=window.out("audio_latent"),
        positive=chosen.out(),
        negative=base.negative,
        guide_latent=canvas.guide,
        strength=strength,
        model=base.model,
        sampler=base.sampler,
        sigmas=sigmas,
        plan=canvas.plan,
        current_iteration=turn,
        iteration_seed=seed,
    )
    kept = b.node(
        "IterationCheckpoint",
        id=2518,
        title=keep,
        role="canvas_checkpoint",
        latent=sampled.out("latent"),
        plan=canvas.plan,
        current_iteration=window.out("window"),
        previous_latent=window.out("video_latent"),
        conditioning=chosen.out(),
        negative=base.negative,
        audio_latent=window.out("audio_latent"),
        seed_value=seed,
        inputs=base.keep,
    )
    written = b.node(
        "LoopWindowToCanvas",
        id=2519,
        role="canvas_written",
        canvas=whole,
        latent=kept.out("latent"),
        plan=canvas.plan,
        current_iteration=turn,
    )
    return b.node(
        "TensorLoopClose",
        id=2514,
        role="canvas_loop_close",
        flow_control=opened.out("flow_control"),
        processed=written.out(),
        accumulate=False,
        overlap="disabled",
    ).out()
