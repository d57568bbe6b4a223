"""Sentences about a plan: what became of rounded targets, which limits it passes, what it leaves unmade."""

from __future__ import annotations

from collections.abc import Iterator

from .plan import LoopPlan
from .rates import clock_text, fps_text, told_apart


def plan_notes(plan: LoopPlan) -> tuple[str, ...]:
    """All notes on `plan`, one sentence each, in the order in which they matter."""
    return (*_unmade(plan), *_limits(plan), *_lead_in(plan), *_rounded(plan), *_lengths(plan), *_seeds(plan))


def _unmade(plan: LoopPlan) -> Iterator[str]:
    if plan.iterations < plan.needed_iterations:
        yield (
            f"max_iterations {plan.max_iterations} stops the video at {clock_text(plan.made)}; the song runs to "
            f"{clock_text(plan.duration)} and would need {plan.needed_iterations} iterations."
        )


def _limits(plan: LoopPlan) -> Iterator[str]:
    if plan.window_px > plan.rope_limit_px:
        yield (
            f"The window has {plan.window_px} frames, more than the {plan.rope_limit_px} (20 s at "
            f"{fps_text(plan.fps)} fps) that LTX's positions were trained on; expect artefacts, or shorten the window."
        )


def _lead_in(plan: LoopPlan) -> Iterator[str]:
    if plan.model.lead_in_latents and plan.iterations:
        yield (
            "This model takes the first latent of a window for a single picture: each window of the loop makes one that is "
            f"thrown away, and goes on from {plan.overlap_latents - plan.model.lead_in_latents} of the "
            f"{plan.overlap_latents} latents that it shares."
        )


def _rounded(plan: LoopPlan) -> Iterator[str]:
    if plan.window != plan.requested_window:
        asked, became = told_apart(plan.requested_window, plan.window)
        yield (f"window {asked} became {became} ({plan.window_px} frames, {plan.window_latents} latents).")
    if plan.overlap != plan.requested_overlap:
        asked, became = told_apart(plan.requested_overlap, plan.overlap)
        yield (f"overlap {asked} became {became} ({plan.overlap_px} frames, {plan.overlap_latents} latents).")


def _lengths(plan: LoopPlan) -> Iterator[str]:
    if plan.iterations == 0 and plan.duration < plan.window:
        long, window = told_apart(plan.duration, plan.window)
        yield (f"The song ({long}) is shorter than one window ({window}): the loop does not run.")
    if plan.last_window_px < plan.window_px:
        which = "last" if plan.iterations else "only"
        yield f"The {which} window was shortened from {plan.window_px} to {plan.last_window_px} frames to fit the song."


def _seeds(plan: LoopPlan) -> Iterator[str]:
    for override in plan.seed_overrides:
        if override.window > plan.iterations:
            yield (f"The seed override for window {override.window} has no effect; the last window is {plan.iterations}.")
        elif override.window == 0:
            # The plan cannot see what is wired to the initial sampler; in the shipped graphs it is the base seed itself.
            yield (
                "The seed override for window 0 counts only if the noise of the initial render takes its seed from an "
                f"Audio Loop Controller. Wired to the base seed {plan.base_seed} itself, it stays as it is: change that one."
            )
