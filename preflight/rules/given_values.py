"""The values that arrive at the node of the check fit the model and the plan."""

from __future__ import annotations

from collections.abc import Iterator

from ...loop_control.errors import PlanError
from ...loop_control.units import SPATIAL_STEP_PX, is_clip_px, largest_clip_px, latents_from_pixels, smallest_clip_px
from ...loop_control.video_size import check_video_size
from ...schedule.errors import ScheduleError
from ...schedule.parser import parse_schedule
from ...workflow_graph.audit.rule import ERR, Finding, rule
from ..subject import LATENT_CHANNELS, PlannedSubject
from ..values import GivenValues

_NODE = "LoopPreflight"


@rule(
    severity=ERR,
    summary="size, length, schedule, latent and model that arrive at Loop Preflight fit the model and the plan",
    seen="the render stops, or the video has another size or length than asked",
    why="the model holds only multiples of 32 pixels and 8k + 1 frames, and cuts the rest off without a word",
    mend="set what is wired there to what the finding names",
)
def given_values(subject: PlannedSubject) -> Iterator[Finding]:
    """Looks at the inputs of the node that runs the check; a graph without one has none."""
    given = subject.given
    if given is None:
        return
    place = next(iter(subject.flow.of_type(_NODE)), _NODE)
    for message in (*_size(given), *_length(given, subject), *_schedule(given), *_wired(given)):
        yield Finding(place, message)


def _size(given: GivenValues) -> Iterator[str]:
    try:
        check_video_size(given.width_px, given.height_px)
    except PlanError as error:
        yield str(error)


def _length(given: GivenValues, subject: PlannedSubject) -> Iterator[str]:
    length, plan = given.length_px, subject.planned.plan
    if length <= 0:
        return
    if not is_clip_px(length):
        yield f"length is {length}, not 8k + 1; the nearest are {largest_clip_px(length)} and {smallest_clip_px(length)}"
    elif plan is not None and length != plan.nth_window(0).window_px:
        yield f"length is {length} frames, the first window of the plan has {plan.nth_window(0).window_px}"


def _schedule(given: GivenValues) -> Iterator[str]:
    if not given.schedule.strip():
        return
    try:
        parse_schedule(given.schedule)
    except ScheduleError as error:
        yield str(error)


def _wired(given: GivenValues) -> Iterator[str]:
    if given.model_channels is not None and given.model_channels != LATENT_CHANNELS:
        yield f"the model has latents of {given.model_channels} channels, those of LTX 2.3 have {LATENT_CHANNELS}"
    if given.latent_shape is None:
        return
    if len(given.latent_shape) != 5:
        yield f"the latent has the shape {tuple(given.latent_shape)}; a video latent is (batch, channels, time, height, width)"
        return
    _, channels, latents, height, width = given.latent_shape
    expected = (given.height_px // SPATIAL_STEP_PX, given.width_px // SPATIAL_STEP_PX)
    if channels != LATENT_CHANNELS:
        yield f"the latent has {channels} channels, one of LTX 2.3 has {LATENT_CHANNELS}"
    if (height, width) != expected:
        size = f"{width * SPATIAL_STEP_PX} x {height * SPATIAL_STEP_PX}"
        yield f"the latent is one of {size} pixels, width and height are {given.width_px} x {given.height_px}"
    asked = latents_from_pixels(given.length_px) if given.length_px > 0 else latents
    if latents != asked:
        yield f"the latent has {latents} time steps, a length of {given.length_px} frames has {asked}"
