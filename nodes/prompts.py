"""Prompts over time: schedule text in, prompts or encoded conditioning for each window out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan
    from ..schedule.blending import Blend
    from ..schedule.snapping import SnapTo

log = logging.getLogger(__name__)


class AudioLoopPrompts(io.ComfyNode):
    """The text of a schedule. The page shows it as sections on the song."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopPrompts",
            display_name="Prompts Over Time",
            category="Audio Loop/prompts",
            search_aliases=["timeline", "prompt schedule", "lyrics", "waveform", "song", "music video", "prompt travel"],
            description="Prompts on the song: sections on its waveform, with the windows that will be made and the moments at "
            "which a change is seen. The text is the truth; the sections and the text follow each other.",
            inputs=[inputs.schedule()],
            outputs=[io.String.Output("schedule", tooltip="For the planner and for the node that encodes the prompts.")],
        )

    @classmethod
    def execute(cls, schedule: str) -> io.NodeOutput:
        return io.NodeOutput(schedule)


class TimestampPromptSchedule(io.ComfyNode):
    """The prompt of one window, as text, by its schedule."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TimestampPromptSchedule",
            display_name="Timestamp Prompt Schedule",
            category="Audio Loop/prompts",
            search_aliases=["prompt schedule", "prompts over time", "prompt travel", "lyrics", "timeline"],
            description="Gives the prompt of a window from a schedule with times. Encoding it inside the loop loads the "
            "text encoder in every iteration: prefer Timestamp Prompt Schedule (Batch Encode).",
            inputs=[
                inputs.current_iteration(),
                inputs.stride_seconds(),
                inputs.schedule(),
                inputs.blend_seconds(),
                inputs.snap_boundaries(),
                io.Float.Input(
                    "overlap_seconds",
                    default=0.0,
                    min=0.0,
                    max=600.0,
                    step=0.01,
                    optional=True,
                    tooltip="The controller's (effective) overlap_seconds, from which follows when a prompt becomes visible: "
                    "the first frames of a window repeat the one before. 0: not known. Not used if a plan is wired.",
                ),
                inputs.snap_to(),
                inputs.plan(optional=True),
            ],
            outputs=[
                io.String.Output("prompt", tooltip="The prompt of this window."),
                io.String.Output("next_prompt", tooltip="What it is blended with."),
                io.Float.Output(
                    "blend_factor", tooltip="Share of next_prompt, 0 to 1: at 0 prompt alone, at 1 next_prompt alone."
                ),
                io.Float.Output("current_time", tooltip="Second at which this window starts."),
                io.String.Output("report", tooltip="For each entry what was asked and when it becomes visible."),
            ],
        )

    @classmethod
    @refuses("TimestampPromptSchedule")
    def execute(
        cls,
        current_iteration: int,
        stride_seconds: float,
        schedule: str,
        blend_seconds: float = 0.0,
        snap_boundaries: bool = True,
        overlap_seconds: float = 0.0,
        snap_to: SnapTo = "visible",
        plan: LoopPlan | None = None,
    ) -> io.NodeOutput:
        from ..schedule.blending import blend_at
        from ..schedule.loop_windows import LoopWindows
        from ..schedule.parser import parse_schedule

        windows = LoopWindows(plan, stride_seconds, overlap_seconds=overlap_seconds or None)
        snapped = windows.snap(parse_schedule(schedule), snap=snap_boundaries, snap_to=snap_to)
        blend = blend_at(snapped, current_iteration, blend_seconds)
        warnings = _blend_warnings(blend_seconds, snapped, snap_boundaries)
        if current_iteration <= 1:
            for warning in (*snapped.warnings, *warnings):
                log.warning("TimestampPromptSchedule: %s", warning)
        report = "\n".join([*snapped.lines(), *warnings])
        return io.NodeOutput(blend.current.value, blend.next.value, blend.factor, float(blend.time), report)


class TimestampPromptScheduleBatchEncode(io.ComfyNode):
    """All prompts of a song, encoded before the loop starts."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TimestampPromptScheduleBatchEncode",
            display_name="Timestamp Prompt Schedule (Batch Encode)",
            category="Audio Loop/prompts",
            search_aliases=["prompt schedule", "prompts over time", "prompt travel", "lyrics", "timeline", "music video"],
            description="Encodes every prompt of a schedule once, before the loop, so that the text encoder never pushes the "
            "video model out of memory. Pick from the list with Conditioning Select By Iteration.",
            inputs=[
                io.Clip.Input("clip", tooltip="The text encoder."),
                inputs.schedule(),
                inputs.stride_seconds(),
                io.Float.Input(
                    "audio_duration",
                    default=180.0,
                    min=0.0,
                    max=1_000_000.0,
                    step=0.01,
                    tooltip="Length of the song in seconds; wire the planner's. Not used if a plan is wired.",
                ),
                inputs.snap_boundaries(),
                io.Float.Input(
                    "frame_rate",
                    default=25.0,
                    min=0.0,
                    max=1000.0,
                    step=0.001,
                    tooltip="Frames per second, written into every conditioning as LTXVConditioning does. 0: the plan's.",
                ),
                inputs.blend_seconds(optional=True),
                inputs.plan(optional=True),
                inputs.snap_to(),
            ],
            outputs=[
                io.AnyType.Output("conditioning_list", tooltip="One conditioning for each window; 0 is the initial render."),
                io.Int.Output("iteration_count", tooltip="Windows with a prompt, that of the initial render included."),
                io.String.Output("report", tooltip="For each entry what was asked and when it becomes visible."),
            ],
        )

    @classmethod
    @refuses("TimestampPromptScheduleBatchEncode")
    def execute(
        cls,
        clip: Any,
        schedule: str,
        stride_seconds: float,
        audio_duration: float,
        snap_boundaries: bool = True,
        frame_rate: float = 25.0,
        blend_seconds: float = 0.0,
        plan: LoopPlan | None = None,
        snap_to: SnapTo = "visible",
    ) -> io.NodeOutput:
        from ..schedule.blending import blend_at
        from ..schedule.conditioning_list import prompts_of
        from ..schedule.loop_windows import LoopWindows
        from ..schedule.parser import parse_schedule

        windows = LoopWindows(plan, stride_seconds, audio_duration)
        snapped = windows.snap(parse_schedule(schedule), snap=snap_boundaries, snap_to=snap_to)
        count = windows.count
        warnings = [*snapped.warnings, *_blend_warnings(blend_seconds, snapped, snap_boundaries)]
        for warning in warnings:
            log.warning("TimestampPromptScheduleBatchEncode: %s", warning)
        # One more than the plan has: a loop whose end is tested behind its body runs once more than needed.
        blends = [blend_at(snapped, k, blend_seconds) for k in range(count + 1)]
        rate = frame_rate or (float(plan.fps) if plan else 0.0)
        encoded = {text: _encode(clip, text, rate) for text in prompts_of(blends)}
        conditioning = [_mixed(encoded, blend) for blend in blends]
        said = set(snapped.lines())
        return io.NodeOutput(conditioning, count, "\n".join([*snapped.lines(), *(w for w in warnings if w not in said)]))


class ConditioningSelectByIteration(io.ComfyNode):
    """The encoded prompt of one window, out of the list made before the loop."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="ConditioningSelectByIteration",
            display_name="Conditioning Select By Iteration",
            category="Audio Loop/prompts",
            search_aliases=["pick prompt", "prompt of window", "conditioning from list", "loop"],
            description="Picks the conditioning of a window from Timestamp Prompt Schedule (Batch Encode).",
            inputs=[
                io.AnyType.Input("conditioning_list", tooltip="From Timestamp Prompt Schedule (Batch Encode)."),
                inputs.current_iteration(0),
            ],
            outputs=[io.Conditioning.Output("conditioning", tooltip="The prompt of this window, encoded.")],
        )

    @classmethod
    @refuses("ConditioningSelectByIteration")
    def execute(cls, conditioning_list: Sequence[Any], current_iteration: int) -> io.NodeOutput:
        from ..schedule.conditioning_list import select

        return io.NodeOutput(select(conditioning_list, current_iteration))


class ConditioningBlend(io.ComfyNode):
    """A mix of two conditionings."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="ConditioningBlend",
            display_name="Conditioning Blend",
            category="Audio Loop/prompts",
            search_aliases=["mix prompts", "blend prompts", "average conditioning", "prompt transition"],
            description="Mixes two conditionings token by token; prompts of different length may be mixed.",
            inputs=[
                io.Conditioning.Input("conditioning_a", tooltip="The one that blend_factor 0 gives."),
                io.Conditioning.Input("conditioning_b", tooltip="The one that blend_factor 1 gives."),
                io.Float.Input(
                    "blend_factor", default=0.0, min=0.0, max=1.0, step=0.01, tooltip="Share of conditioning_b, 0 to 1."
                ),
            ],
            outputs=[io.Conditioning.Output("conditioning", tooltip="The mixture, as long as the longer of the two.")],
        )

    @classmethod
    @refuses("ConditioningBlend")
    def execute(cls, conditioning_a: Any, conditioning_b: Any, blend_factor: float) -> io.NodeOutput:
        from ..latent_ops.conditioning import blend_conditioning

        return io.NodeOutput(blend_conditioning(conditioning_a, conditioning_b, blend_factor))


def _blend_warnings(blend_seconds: float, snapped: Any, snap: bool) -> tuple[str, ...]:
    from ..schedule.blending import effective_blend, shortened_ramps

    if not snap or not blend_seconds:
        return ()
    raised = effective_blend(blend_seconds, snapped.stride).warning
    return (*([raised] if raised else []), *shortened_ramps(snapped, blend_seconds))


def _encode(clip: Any, text: str, frame_rate: float) -> Any:
    import node_helpers

    from ..latent_ops.conditioning import PROMPT_KEY

    encoded = clip.encode_from_tokens_scheduled(clip.tokenize(text))
    noted = {PROMPT_KEY: text} | ({"frame_rate": frame_rate} if frame_rate else {})
    return node_helpers.conditioning_set_values(encoded, noted)


def _mixed(encoded: dict[str, Any], blend: Blend[str]) -> Any:
    import node_helpers

    from ..latent_ops.conditioning import PROMPT_KEY, blend_conditioning

    before, after = blend.current.value, blend.next.value
    if blend.factor in (0, 1):
        return encoded[after if blend.factor else before]
    mixed = blend_conditioning(encoded[before], encoded[after], blend.factor)
    return node_helpers.conditioning_set_values(mixed, {PROMPT_KEY: f"{before} | {after} ({blend.factor:.0%})"})


NODES = [
    AudioLoopPrompts,
    TimestampPromptScheduleBatchEncode,
    ConditioningSelectByIteration,
    TimestampPromptSchedule,
    ConditioningBlend,
]
