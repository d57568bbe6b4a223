"""The loop: what an iteration is given, the iteration itself, what is kept of it, and how the results are joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..building.builder import BuiltNode, SubgraphBuilder, Wire, WorkflowBuilder
from . import extension
from .base import Base


@dataclass(frozen=True)
class Turn:
    """The values that an iteration is given.

    Attributes:
        opened: TensorLoopOpen.
        iteration: Its number.
        controller: AudioLoopController.
        prompt: Its prompt.
        audio: Its part of the song.
    """

    opened: BuiltNode
    iteration: Wire
    controller: BuiltNode
    prompt: Wire
    audio: Wire

    @property
    def previous(self) -> Wire:
        """The result of the iteration before."""
        return self.opened.out("previous_value")

    @property
    def overlap(self) -> Wire:
        """Latents that a window shares with the one before."""
        return self.controller.out("overlap_latent_frames")


def add(b: WorkflowBuilder, base: Base, initial: Wire) -> Wire:
    """The loop of the default: the latents of all iterations, joined."""
    turn = begin(b, base, initial)
    strength = guide_strength(b)
    extended = extend(base, turn, turn.previous, extension.define(b), strength=strength)
    return close(b, turn, keep(b, base, turn, turn.previous, extended))


def begin(b: WorkflowBuilder, base: Base, initial: Wire) -> Turn:
    """Opens the loop.

    Args:
        b: The workflow.
        base: What the loop is wired to.
        initial: What the first iteration continues.
    """
    opened = b.node(
        "TensorLoopOpen",
        id=1539,
        role="loop_open",
        inputs={
            "mode": "iterations",
            "mode.iterations": 50,
            "initial_value": initial,
            "iterations_in": base.song.planner.out("total_iterations"),
        },
    )
    iteration = opened.out("current_iteration")
    controller = b.node(
        "AudioLoopController",
        id=1582,
        role="controller",
        current_iteration=iteration,
        window_seconds=base.song.window.out(),
        overlap_seconds=base.song.overlap.out(),
        audio=base.song.audio,
        base_seed=base.song.seed.out(),
        fps=base.song.fps.out(),
        plan=base.song.plan,
    )
    prompt = b.node(
        "ConditioningSelectByIteration",
        id=1616,
        title="This iteration's prompt",
        role="loop_prompt",
        conditioning_list=base.conditioning_list,
        current_iteration=iteration,
    )
    audio = b.node(
        "AudioLatentWindow",
        id=2012,
        title="Song under this window",
        role="loop_audio",
        audio_latent=base.song.latent,
        current_iteration=iteration,
        plan=base.song.plan,
    )
    return Turn(opened, iteration, controller, prompt.out(), audio.out())


def guide_strength(b: WorkflowBuilder) -> Wire:
    """How much the picture holds."""
    return b.node("PrimitiveFloat", id=1269, title="Picture guide strength", role="guide_strength", value=0.7).out()


def extend(base: Base, turn: Turn, previous: Wire, definition: SubgraphBuilder, **more: Any) -> Wire:
    """Places the extension: the latents that the iteration makes.

    Args:
        base: What the loop is wired to.
        turn: What the iteration is given.
        previous: The latent whose end it continues.
        definition: Of the extension.
        **more: Its further inputs.
    """
    given: dict[str, Any] = {
        "previous_latent": previous,
        "positive": turn.prompt,
        "negative": base.negative,
        "audio_latent": turn.audio,
        "plan": base.song.plan,
        "current_iteration": turn.iteration,
        "overlap_latent_frames": turn.overlap,
        "iteration_seed": turn.controller.out("iteration_seed"),
        "model": base.model,
        "sampler": base.sampler,
        "sigmas": base.sigmas,
        "guide_latent": base.guide,
    }
    inputs = {name: value for name, value in {**given, **more}.items() if value is not None}
    placed = definition.place(id=843, title="Extension (one iteration)", role="extension", inputs=inputs)
    return placed.out("latent")


def keep(b: WorkflowBuilder, base: Base, turn: Turn, previous: Wire, latent: Wire, **more: Wire) -> Wire:
    """Keeps a window's latents on disk; `previous` is all that it continues, `more` are further inputs."""
    kept = b.node(
        "IterationCheckpoint",
        id=2202,
        title="Keep each window",
        role="loop_checkpoint",
        latent=latent,
        plan=base.song.plan,
        current_iteration=turn.iteration,
        previous_latent=previous,
        conditioning=turn.prompt,
        negative=base.negative,
        audio_latent=turn.audio,
        seed_value=turn.controller.out("iteration_seed"),
        inputs={**base.keep, **more},
    )
    return kept.out("latent")


def close(b: WorkflowBuilder, turn: Turn, processed: Wire, *, accumulate: bool = True) -> Wire:
    """Closes the loop: the results of all iterations joined, or the last one alone."""
    closed = b.node(
        "TensorLoopClose",
        id=1540,
        role="loop_close",
        flow_control=turn.opened.out("flow_control"),
        processed=processed,
        accumulate=accumulate,
        overlap="disabled",
        stop=turn.controller.out("should_stop"),
    )
    return closed.out()
