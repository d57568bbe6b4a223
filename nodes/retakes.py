"""Nodes that make a part of a finished run again and keep the rest."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan
    from ..loop_control.retake_span import RetakeSpan

Job = io.Custom("AUDIO_LOOP_RETAKE")
"""A `RetakeJob`."""


@dataclass(frozen=True)
class RetakeJob:
    """The facts that `LoopRetakeKeep` needs about the window that was sampled."""

    run: str
    plan: LoopPlan
    span: RetakeSpan
    whole: dict[str, Any]
    prompt: str
    started: float


class LoopRetakeWindow(io.ComfyNode):
    """The window around a part that is to be made again."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopRetakeWindow",
            display_name="Retake Window",
            category="Audio Loop/checkpoint",
            search_aliases=["retake", "redo part", "inpaint video", "fix window", "reshoot"],
            description="Makes a part of a finished run ready to be sampled again: the part is new, what comes before and "
            "after it stays and is seen by the model.",
            inputs=[
                io.Latent.Input("latent", tooltip="The whole run, from Load Loop Checkpoint (first 0, last -1)."),
                inputs.plan(),
                io.String.Input(
                    "run_name", force_input=True, tooltip="From Load Loop Checkpoint: the run that gets the new take."
                ),
                io.Latent.Input("audio_latent", tooltip="The whole song, from Encode Song with the plan."),
                io.Int.Input(
                    "window",
                    default=1,
                    min=-1,
                    max=100_000,
                    tooltip="Number of the window that is made again, 0 for the initial render. -1: the seconds below.",
                ),
                _seconds("start"),
                _seconds("end"),
                io.String.Input(
                    "prompt", multiline=True, default="", tooltip="What the part shows. Empty: the prompt it was made with."
                ),
                io.Int.Input(
                    "fade_latents",
                    default=1,
                    min=0,
                    max=1000,
                    tooltip="Latent frames (8 frames each) on either side that fade from the old to the new; 0 cuts.",
                ),
            ],
            outputs=[
                io.Latent.Output(
                    "video_latent", tooltip="The part with what lies around it, with a mask: 0 stays, 1 is sampled."
                ),
                io.Latent.Output("audio_latent", tooltip="The song under this part, with a mask of 0: it stays."),
                io.String.Output("prompt", tooltip="The prompt of the part, to be encoded."),
                Job.Output("retake", tooltip="For Keep Retake."),
                io.String.Output("report", tooltip="Which frames and windows are made again."),
                io.Int.Output("width", tooltip="Pixels; for the picture that guides the part."),
                io.Int.Output("height", tooltip="Pixels; for the picture that guides the part."),
                io.Float.Output("fps", tooltip="Frames per second of the run; for LTXVConditioning."),
            ],
        )

    @classmethod
    @refuses("LoopRetakeWindow")
    def execute(
        cls,
        latent: dict[str, Any],
        plan: LoopPlan,
        run_name: str,
        audio_latent: dict[str, Any],
        window: int,
        start_seconds: float,
        end_seconds: float,
        prompt: str,
        fade_latents: int,
    ) -> io.NodeOutput:
        from ..checkpoints.runs.keep_retake import check_chosen, check_whole, prompt_of
        from ..checkpoints.service.open_runs import open_store
        from ..latent_ops.retake_window import retake_window
        from ..loop_control.retake_span import span_asked_for
        from ..loop_control.units import SPATIAL_STEP_PX

        store = open_store(run_name)
        check_whole(store, plan, latent)
        span = span_asked_for(plan, latent["samples"].shape[2], window, start_seconds, end_seconds, fade_latents)
        check_chosen(store, plan, span, latent)
        video, audio = retake_window(latent, audio_latent, span)
        words = prompt.strip() or prompt_of(store, plan, span)
        job = RetakeJob(store.run, plan, span, latent, words, time.monotonic())
        height, width = (SPATIAL_STEP_PX * side for side in latent["samples"].shape[-2:])
        report = f"run {store.run}: {span.report()}"
        return io.NodeOutput(video, audio, words, job, report, width, height, float(plan.fps))


def _seconds(side: str) -> io.Float.Input:
    return io.Float.Input(
        f"{side}_seconds",
        default=0.0,
        min=0.0,
        max=1_000_000.0,
        step=0.01,
        tooltip=f"Second of the video at which the new part {side}s (whole latent frames are taken). Only if window is -1.",
    )


class LoopRetakeKeep(io.ComfyNode):
    """Puts the sampled part back into its run, as a new take."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopRetakeKeep",
            display_name="Keep Retake",
            category="Audio Loop/checkpoint",
            search_aliases=["retake", "save take", "keep take", "redo part"],
            description="Keeps the part that was made again as a new take of its windows. The takes before it stay and can be "
            "chosen again; the windows after it are not made anew, not even when the render's own workflow is queued.",
            inputs=[
                Job.Input("retake", tooltip="From Retake Window."),
                io.Latent.Input("latent", tooltip="The window as it was sampled, guides taken off."),
                io.Int.Input("seed_value", default=0, min=0, max=inputs.MAX_SEED, tooltip="The seed it was sampled with."),
            ],
            outputs=[
                io.Latent.Output("latent", tooltip="The whole run with the new part in it."),
                io.Int.Output("frames", tooltip="Frames of the video."),
                io.Float.Output("fps", tooltip="Frames per second of the run."),
                io.String.Output("report", tooltip="Which takes were kept and chosen."),
            ],
        )

    @classmethod
    @refuses("LoopRetakeKeep")
    def execute(cls, retake: RetakeJob, latent: dict[str, Any], seed_value: int) -> io.NodeOutput:
        from ..checkpoints.fingerprint.prompt_files import versions
        from ..checkpoints.folders import hides_metadata
        from ..checkpoints.runs.keep_retake import keep_retake
        from ..checkpoints.service.open_runs import open_store
        from ..latent_ops.retake_window import put_back
        from ..loop_control.units import pixels_from_latents

        whole = put_back(retake.whole, latent, retake.span)
        store = open_store(retake.run)
        seconds = time.monotonic() - retake.started
        prompt = "" if hides_metadata() else retake.prompt
        windows = keep_retake(
            store, retake.plan, retake.span, whole, seed=seed_value, prompt=prompt, seconds=seconds, versions=versions()
        )
        takes = ", ".join(f"window {index}: take {len(store.takes(index))}" for index in windows)
        frames = min(pixels_from_latents(whole["samples"].shape[2]), retake.plan.frames_delivered)
        return io.NodeOutput(whole, frames, float(retake.plan.fps), f"run {retake.run}: {takes}, chosen; the rest is kept")


NODES = [LoopRetakeWindow, LoopRetakeKeep]
