"""Inputs that several nodes share, so that a name means the same everywhere and has one tooltip."""

from __future__ import annotations

from typing import Any

from comfy_api.latest import io

Plan = io.Custom("AUDIO_LOOP_PLAN")
"""A `loop_control.plan.LoopPlan`."""

Model = io.Custom("AUDIO_LOOP_MODEL_FACTS")
"""A `loop_control.model_facts.ModelFacts`."""

MAX_SEED = 2**64 - 1


def window_seconds() -> io.Float.Input:
    """Target length of a window."""
    return io.Float.Input(
        "window_seconds",
        default=19.88,
        min=0.04,
        max=600.0,
        step=0.01,
        tooltip="Seconds of video that are sampled at once (a target: the nearest 8k+1 frames below are used). "
        "LTX 2.3 can do about 20 s. 19.88: fewest joins; 12: cheapest by count at 832x448 (x0.93), 0.6 of a step's memory.",
    )


def overlap_seconds() -> io.Float.Input:
    """Target overlap of two windows."""
    return io.Float.Input(
        "overlap_seconds",
        default=2.0,
        min=0.0,
        max=600.0,
        step=0.01,
        tooltip="Seconds that a window shares with the one before, so that motion goes on (a target: whole latent frames "
        "are used). More is smoother and slower.",
    )


def fps() -> io.MultiType.Input:
    """Frames per second, a whole number or not."""
    return io.MultiType.Input(
        io.Int.Input("fps", default=25, min=0, max=1000, tooltip="Frames per second; 23.976 and 29.97 are read as n/1001."),
        [io.Float],
    )


def base_seed(*, optional: bool = False) -> io.Int.Input:
    """The seed from which the seeds of all windows follow."""
    return io.Int.Input(
        "base_seed",
        default=0,
        min=0,
        max=MAX_SEED,
        optional=optional,
        tooltip="Seed of the initial render; window k uses base_seed + k.",
    )


def current_iteration(default: int = 1) -> io.Int.Input:
    """The number of the iteration, from the loop's open node."""
    return io.Int.Input(
        "current_iteration",
        default=default,
        min=0,
        max=1_000_000,
        tooltip="Number of the iteration, from Tensor Loop Open; 0 is the initial render.",
    )


def stride_seconds() -> io.Float.Input:
    """The distance of two windows."""
    return io.Float.Input(
        "stride_seconds",
        default=17.92,
        min=0.0,
        max=600.0,
        step=0.0001,
        tooltip="Seconds from one window's start to the next; wire the planner's or the controller's stride_seconds.",
    )


def schedule(default: str = "0:00+: a person is singing") -> io.String.Input:
    """The text of a schedule with times, of several lines."""
    return io.String.Input(
        "schedule",
        multiline=True,
        default=default,
        tooltip="One entry per line: 'START-END: prompt', 'START+: prompt' or 'START: prompt' (holds until the next). "
        "Times are 75, 1:15 or 1:02:03.5; # starts a comment; an indented line continues the prompt above it. Text without "
        "times is one prompt for the whole song.",
    )


def snap_boundaries() -> io.Boolean.Input:
    """Whether schedule times go to the grid of windows."""
    return io.Boolean.Input(
        "snap_boundaries",
        default=True,
        tooltip="On: each entry starts with the nearest window, so that every window has one pure prompt. "
        "Off: each window takes what the schedule says at its time. What a window's time is: snap_to.",
    )


def snap_to() -> io.Combo.Input:
    """The point of a window that times of a schedule are compared with."""
    return io.Combo.Input(
        "snap_to",
        options=["visible", "window_start"],
        default="visible",
        optional=True,
        tooltip="What times of the schedule are compared with. visible: the second at which a window's new frames are seen, "
        "which is what you see and hear; needs plan (or overlap_seconds, if there is such an input), else window_start is "
        "used and the report says so. window_start: where the window starts, one overlap earlier, as in earlier versions.",
    )


def blend_seconds(*, optional: bool = False) -> io.Float.Input:
    """Length of the ramp between two prompts."""
    return io.Float.Input(
        "blend_seconds",
        default=0.0,
        min=0.0,
        max=6000.0,
        step=0.5,
        optional=optional,
        tooltip="Seconds over which one prompt turns into the next; 0 cuts. Anything below one stride is raised to it, which "
        "mixes a single window by half; a real ramp needs three strides or more.",
    )


def overlap_latent_frames() -> io.Int.Input:
    """Latent frames that two windows share."""
    return io.Int.Input(
        "overlap_latent_frames",
        default=4,
        min=0,
        max=100_000,
        tooltip="Latent frames that two windows share; wire the controller's overlap_latent_frames.",
    )


def plan(*, optional: bool = False) -> Any:
    """The plan, from the planner."""
    return Plan.Input("plan", optional=optional, tooltip="From Audio Loop Planner.")
