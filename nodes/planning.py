"""The planner, which knows the whole song, and the controller, which knows one iteration."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io
from comfy_execution.graph_utils import ExecutionBlocker

from ..loop_control.window_order import IN_TURN, ORDERS
from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.model_facts import ModelFacts
    from ..loop_control.plan import LoopPlan
    from ..loop_control.window_order import Order

log = logging.getLogger(__name__)


def plan_for(audio: Any, **settings: Any) -> LoopPlan:
    """The plan for a ComfyUI AUDIO value; see `read_audio`, `refuse_not_finite` and `make_plan` for settings and errors."""
    from ..audio.finite import refuse_not_finite
    from ..loop_control.audio_facts import audio_facts, read_audio
    from ..loop_control.plan import make_plan

    waveform, sample_rate = read_audio(audio)
    facts = audio_facts(waveform.shape, sample_rate)
    refuse_not_finite(waveform, sample_rate)
    return make_plan(audio_samples=facts.samples, sample_rate=facts.sample_rate, **settings)


class AudioLoopPlanner(io.ComfyNode):
    """Plans every window of a song before anything is sampled."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopPlanner",
            display_name="Audio Loop Planner",
            category="Audio Loop/plan",
            search_aliases=[
                "music video",
                "song",
                "loop",
                "long video",
                "audio duration",
                "number of windows",
                "timeline",
                "song length",
                "anchors first",
                "window order",
            ],
            description="Says how many iterations a song needs and where every window and cut lies.",
            inputs=[
                io.Audio.Input("audio", tooltip="The whole song."),
                inputs.window_seconds(),
                inputs.overlap_seconds(),
                inputs.fps(),
                io.Int.Input(
                    "max_iterations",
                    default=0,
                    min=0,
                    max=100_000,
                    tooltip="Most iterations to run, for a short test; 0 is no limit.",
                ),
                io.String.Input(
                    "schedule",
                    multiline=True,
                    default="",
                    tooltip="The schedule, to see in the summary when each entry becomes visible (as with snap_to visible). "
                    "May be empty.",
                ),
                io.Combo.Input(
                    "last_window",
                    options=["full", "fit"],
                    default="fit",
                    optional=True,
                    tooltip="fit: the last window is only as long as the song still needs, and so is the only one of a short "
                    "song (less to sample). full: all windows have the same length.",
                ),
                inputs.base_seed(optional=True),
                io.String.Input(
                    "seed_overrides",
                    default="",
                    optional=True,
                    tooltip="Other seeds for single windows: '7: 1234, 9: +1'. Only these and those after them are made again.",
                ),
                io.Combo.Input(
                    "order",
                    options=list(ORDERS),
                    default=IN_TURN,
                    optional=True,
                    tooltip="in turn: each window goes on from the one before. anchors first: windows 0, 2, 4 ... by "
                    "themselves, then 1, 3, 5 ... each between two finished ones; what changes in one window reaches its "
                    "neighbours alone. "
                    "Only for a loop that works on a canvas; the overlap is 2 latents or more.",
                ),
                io.String.Input(
                    "windows",
                    default="",
                    optional=True,
                    tooltip="Only these windows, and those that they are made from: '3, 5-7'. Empty: all. To make parts of a "
                    "song on several machines.",
                ),
                inputs.Model.Input(
                    "model_facts",
                    optional=True,
                    tooltip="From Audio Loop Model Facts; LTX 2.5 needs it. Without: as LTX 2.3.",
                ),
            ],
            outputs=[
                io.String.Output("summary", tooltip="The plan for people."),
                io.Int.Output("total_iterations", tooltip="Iterations the song needs; wire to Tensor Loop Open."),
                io.Float.Output("stride_seconds", tooltip="Seconds from one window's start to the next."),
                io.Float.Output("audio_duration", tooltip="Length of the song in seconds."),
                io.Image.Output("timeline", tooltip="The windows over the song, as a picture."),
                inputs.Plan.Output("plan", tooltip="The plan for other nodes of this pack."),
                io.Int.Output("window_frames", tooltip="Frames of the initial render's window, 8k+1."),
                io.Int.Output("frames", tooltip="Frames of the finished video."),
                io.Int.Output("windows_to_make", tooltip="Windows that the plan makes now, the initial render among them."),
            ],
        )

    @classmethod
    @refuses("AudioLoopPlanner")
    def execute(
        cls,
        audio: Any,
        window_seconds: float,
        overlap_seconds: float,
        fps: float,
        max_iterations: int = 0,
        schedule: str = "",
        last_window: str = "fit",
        base_seed: int = 0,
        seed_overrides: str = "",
        order: Order = IN_TURN,
        windows: str = "",
        model_facts: ModelFacts | None = None,
    ) -> io.NodeOutput:
        from ..cost.window_words import cheapest_windows
        from ..loop_control.context_fits import check_context_fits
        from ..loop_control.index_sets import parse_windows
        from ..loop_control.model_facts import LTX_23
        from ..loop_control.report import plan_report
        from ..loop_control.seeds import parse_seed_overrides
        from ..schedule.parser import parse_schedule
        from ..schedule.snapping import snap_to_plan

        plan = plan_for(
            audio,
            window_seconds=window_seconds,
            overlap_seconds=overlap_seconds,
            fps=fps,
            max_iterations=max_iterations,
            last_window=last_window,
            base_seed=base_seed,
            seed_overrides=parse_seed_overrides(seed_overrides),
            order=order,
            only=parse_windows(windows),
            model=model_facts or LTX_23,
        )
        check_context_fits(plan)
        snapped = snap_to_plan(parse_schedule(schedule), plan) if schedule.strip() else None
        summary = "\n\n".join(part for part in (plan_report(plan, snapped), cheapest_windows(plan)) if part)
        log.info("%s", summary)
        return io.NodeOutput(
            summary,
            plan.iterations if plan.order != IN_TURN else len(plan.sequence) - 1,
            float(plan.stride),
            float(plan.duration),
            cls._timeline(plan),
            plan,
            plan.nth_window(0).window_px,
            plan.frames_delivered,
            len(plan.sequence),
        )

    @staticmethod
    def _timeline(plan: LoopPlan) -> Any:
        from ..timeline.picture import timeline_image

        return timeline_image(plan)


class AudioLoopController(io.ComfyNode):
    """The place of one iteration in the song: start, seed, end."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopController",
            display_name="Audio Loop Controller",
            category="Audio Loop/plan",
            search_aliases=["loop", "song", "iteration seed", "stop loop", "next window"],
            description="Gives an iteration its start in the song, its seed, and whether it is the last.",
            inputs=[
                inputs.current_iteration(),
                inputs.window_seconds(),
                inputs.overlap_seconds(),
                io.Audio.Input("audio", tooltip="The whole song."),
                inputs.base_seed(),
                inputs.fps(),
                inputs.Plan.Input(
                    "plan",
                    optional=True,
                    tooltip="From Audio Loop Planner: overrides all other inputs but current_iteration.",
                ),
            ],
            outputs=[
                io.Float.Output("start_index", tooltip="Second of the song at which this window starts."),
                io.Boolean.Output("should_stop", tooltip="True when the song ends with this iteration."),
                io.Float.Output("audio_duration", tooltip="Length of the song in seconds."),
                io.Int.Output("iteration_seed", tooltip="Seed of this iteration."),
                io.Float.Output("stride_seconds", tooltip="Seconds from one window's start to the next."),
                io.Int.Output("overlap_frames", tooltip="Pixel frames that two windows really share."),
                io.Int.Output("overlap_latent_frames", tooltip="Latent frames that two windows share."),
                io.Float.Output("overlap_seconds", tooltip="Seconds that two windows really share."),
            ],
        )

    @classmethod
    @refuses("AudioLoopController")
    def execute(
        cls,
        current_iteration: int,
        window_seconds: float,
        overlap_seconds: float,
        audio: Any,
        base_seed: int = 0,
        fps: float = 25,
        plan: LoopPlan | None = None,
    ) -> io.NodeOutput:
        plan = plan or plan_for(
            audio, window_seconds=window_seconds, overlap_seconds=overlap_seconds, fps=fps, base_seed=base_seed
        )
        return io.NodeOutput(
            float(plan.start_index(current_iteration)),
            plan.should_stop(current_iteration),
            float(plan.duration),
            plan.seed(current_iteration),
            float(plan.stride),
            plan.overlap_px,
            plan.overlap_latents,
            float(plan.overlap),
        )


class AudioLoopVideoSize(io.ComfyNode):
    """The size of the video, checked against the grid of the model."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopVideoSize",
            display_name="Video Size",
            category="Audio Loop/plan",
            search_aliases=["width", "height", "resolution", "aspect ratio", "music video"],
            description="Width and height of the video. Refuses a size that the model would cut down without a word.",
            inputs=[
                io.Int.Input("width", default=832, min=32, max=16384, step=32, tooltip="Pixels, a multiple of 32."),
                io.Int.Input("height", default=448, min=32, max=16384, step=32, tooltip="Pixels, a multiple of 32."),
                io.Combo.Input(
                    "multiple_of",
                    options=["32", "64"],
                    tooltip="64 if a first stage samples at half the size.",
                ),
            ],
            outputs=[
                io.Int.Output("width", tooltip="Width in pixels, checked."),
                io.Int.Output("height", tooltip="Height in pixels, checked."),
                io.Int.Output(
                    "half_width", tooltip="Half the width in pixels, for a first stage; only if both sides are multiples of 64."
                ),
                io.Int.Output(
                    "half_height",
                    tooltip="Half the height in pixels, for a first stage; only if both sides are multiples of 64.",
                ),
            ],
        )

    @classmethod
    @refuses("AudioLoopVideoSize")
    def execute(cls, width: int, height: int, multiple_of: str = "32") -> io.NodeOutput:
        from ..loop_control.errors import PlanError
        from ..loop_control.video_size import check_video_size, half_size

        size = check_video_size(width, height, int(multiple_of))
        try:
            return io.NodeOutput(*size, *half_size(*size))
        except PlanError as error:
            # Nobody may have asked for the halves. Whoever did gets this message instead of a number.
            return io.NodeOutput(*size, *[ExecutionBlocker(f"AudioLoopVideoSize: {error}")] * 2)


NODES = [AudioLoopPlanner, AudioLoopController, AudioLoopVideoSize]
