"""Nodes of a video that is made window by window on a canvas: in two stages, or in another order than that of the song."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io
from comfy_execution.graph_utils import ExecutionBlocker

from ..loop_engine import shown_text
from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan

log = logging.getLogger(__name__)

CATEGORY = "Audio Loop/latent"
STAGES = ("draft", "finish", "both")
STOPPED = "the draft was stopped: enlarged as far as it goes, nothing is finished; Run goes on with it"


class LoopCanvas(io.ComfyNode):
    """The whole video's latent, before any window is made."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopCanvas",
            display_name="Video Canvas",
            category=CATEGORY,
            search_aliases=["empty latent", "whole video latent", "anchors first", "two stages", "long video"],
            description="The latent of the whole video, empty or from a draft of the same size. A loop cuts each window out of "
            "it and writes what was made back, in any order of windows.",
            inputs=[
                inputs.plan(),
                io.Int.Input("width", default=832, min=32, max=16384, step=32, tooltip="Pixels, a multiple of 32."),
                io.Int.Input("height", default=448, min=32, max=16384, step=32, tooltip="Pixels, a multiple of 32."),
                io.Latent.Input(
                    "draft",
                    optional=True,
                    tooltip="A video latent to start from, as long as the plan's windows and of this size. Not wired: zeros. "
                    "A draft of half the size goes through Enlarge Draft instead.",
                ),
            ],
            outputs=[
                io.Latent.Output("canvas", tooltip="The whole video's latent; initial_value of Tensor Loop Open."),
            ],
        )

    @classmethod
    @refuses("LoopCanvas")
    def execute(cls, plan: LoopPlan, width: int, height: int, draft: dict[str, Any] | None = None) -> io.NodeOutput:
        from ..latent_ops.canvas import canvas_of_draft, empty_canvas
        from ..loop_control.video_size import check_video_size

        check_video_size(width, height)
        canvas = empty_canvas(plan, width, height) if draft is None else canvas_of_draft(draft, plan, width, height)
        return io.NodeOutput(canvas)


class LoopDraftEnlarge(io.ComfyNode):
    """A draft at twice its size, to be finished window by window."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopDraftEnlarge",
            display_name="Enlarge Draft",
            category=CATEGORY,
            search_aliases=["latent upscale", "spatial upscaler", "two stages", "upscale draft", "ltxv latent upsampler"],
            description="Enlarges the draft of a whole song with LTX's latent upscale model, one window of the second stage at "
            "a time: memory does not grow with the song, and a window depends on the draft under it alone.",
            inputs=[
                io.Latent.Input("draft", tooltip="The first stage's video, half as wide and half as high, of the same song."),
                io.LatentUpscaleModel.Input(
                    "upscale_model", tooltip="ltx-2.3-spatial-upscaler-x2, from Load Latent Upscale Model."
                ),
                io.Vae.Input("vae", tooltip="The video VAE; only its statistics of channels are used."),
                inputs.Plan.Input("plan", tooltip="The plan of the second stage."),
            ],
            outputs=[
                io.Latent.Output("canvas", tooltip="The whole video's latent at full size; initial_value of Tensor Loop Open."),
            ],
            hidden=[io.Hidden.unique_id],
        )

    @classmethod
    @refuses("LoopDraftEnlarge")
    def execute(cls, draft: dict[str, Any], upscale_model: Any, vae: Any, plan: LoopPlan) -> io.NodeOutput:
        import comfy.model_management
        import comfy.utils

        from ..comfyui_internals.latent_upsampler import upsampled, why_no_upsampler
        from ..comfyui_internals.running_prompt import prompt_id
        from ..latent_ops.enlarge import ends_early, enlarged_canvas, missing_latents
        from ..loop_engine.running_loops import running_loops

        if problem := why_no_upsampler(upscale_model, vae):
            raise ValueError(problem)
        # The loop behind this node ends before its first window too, so whoever stopped the draft gets a video of it.
        is_stopping = running_loops.is_stopping(prompt_id())
        words = STOPPED if is_stopping and ends_early(draft, plan) else ""
        missing = missing_latents(draft, plan)
        if missing > 0 and not words:
            log.info(
                "LoopDraftEnlarge: the windows of the plan reach %d latents beyond the draft, behind the song's end; its last "
                "one is repeated there and is not seen",
                missing,
            )
        bar = comfy.utils.ProgressBar(len(plan.windows), node_id=cls.hidden.unique_id)

        def enlarge(stretch: dict[str, Any]) -> dict[str, Any]:
            comfy.model_management.throw_exception_if_processing_interrupted()
            return upsampled(stretch, upscale_model, vae)

        canvas = enlarged_canvas(draft, plan, enlarge, bar.update_absolute, whole=not is_stopping)
        return io.NodeOutput(canvas, ui=shown_text.with_text(words))


class LoopWindowOfCanvas(io.ComfyNode):
    """The window that this pass of the loop makes, ready to sample."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopWindowOfCanvas",
            display_name="Window of Canvas",
            category=CATEGORY,
            search_aliases=["next window", "anchors first", "two stages", "cut window", "extend video", "lip sync"],
            description="Cuts the window that comes next out of the canvas, with the song beside it and fresh masks: what "
            "neighbours have finished stays and is seen, the rest is made.",
            inputs=[
                io.Latent.Input("canvas", tooltip="previous_value of Tensor Loop Open."),
                io.Latent.Input("audio_latent", tooltip="The whole song, encoded once before the loop."),
                inputs.plan(),
                _pass_of_loop(),
                inputs.Plan.Input(
                    "draft_plan",
                    optional=True,
                    tooltip="The first stage's plan, if this is the second; decides draft_window.",
                ),
                io.Latent.Input(
                    "first_latent",
                    optional=True,
                    tooltip="The picture, encoded at the canvas's size. Window 0 begins with it; other windows do not use it.",
                ),
                io.Float.Input(
                    "first_strength",
                    default=1.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    optional=True,
                    tooltip="0 to 1. 1: the first latent stays the picture; lower lets the sampler change it.",
                ),
            ],
            outputs=[
                io.Latent.Output("video_latent", tooltip="The window, with a mask: 0 stays, 1 is sampled."),
                io.Latent.Output("audio_latent", tooltip="The song under this window, with a mask of 0: it stays."),
                io.Int.Output(
                    "window", tooltip="Number of the window, 0 for the first of the video; for Iteration Checkpoint."
                ),
                io.Int.Output(
                    "draft_window",
                    tooltip="Number of the draft's window that is seen in the middle of this one; for its prompt. The window's "
                    "own number if draft_plan is not wired.",
                ),
                io.Int.Output("iteration_seed", tooltip="This window's seed."),
                io.String.Output("report", tooltip="What the window is made of."),
            ],
        )

    @classmethod
    @refuses("LoopWindowOfCanvas")
    def execute(
        cls,
        canvas: dict[str, Any],
        audio_latent: dict[str, Any],
        plan: LoopPlan,
        current_iteration: int,
        draft_plan: LoopPlan | None = None,
        first_latent: dict[str, Any] | None = None,
        first_strength: float = 1.0,
    ) -> io.NodeOutput:
        from ..latent_ops.canvas import audio_of_window, window_of_canvas
        from ..loop_control.window_made import draft_window, window_made, window_report

        window = window_made(plan, current_iteration)
        video = window_of_canvas(canvas, window, plan, first_latent, first_strength)
        audio = audio_of_window(audio_latent, window, plan, video["samples"].shape[0])
        of_draft = window.index if draft_plan is None else draft_window(plan, window.index, draft_plan)
        return io.NodeOutput(video, audio, window.index, of_draft, window.seed, window_report(window, plan.fps))


class LoopWindowNew(io.ComfyNode):
    """The part of a sampled window that it adds to the video."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopWindowNew",
            display_name="New Part of Window",
            category=CATEGORY,
            search_aliases=["trim window", "cut overlap", "anchors first", "two stages", "crop window"],
            description="Cuts off what the window only saw of its neighbours. The rest is what Iteration Checkpoint keeps.",
            inputs=[
                io.Latent.Input("latent", tooltip="The sampled window's video latent, guides taken off."),
                inputs.plan(),
                _pass_of_loop(),
            ],
            outputs=[io.Latent.Output("latent", tooltip="What the window adds; latent of Iteration Checkpoint.")],
        )

    @classmethod
    @refuses("LoopWindowNew")
    def execute(cls, latent: dict[str, Any], plan: LoopPlan, current_iteration: int) -> io.NodeOutput:
        from ..latent_ops.canvas import added_of_window
        from ..loop_control.window_made import window_made

        return io.NodeOutput(added_of_window(latent, window_made(plan, current_iteration)))


class LoopWindowToCanvas(io.ComfyNode):
    """The canvas with one more window on it."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopWindowToCanvas",
            display_name="Window to Canvas",
            category=CATEGORY,
            search_aliases=["write window", "join windows", "anchors first", "two stages", "paste window"],
            description="Writes what a window adds into its place on the canvas; everything else stays as it is.",
            inputs=[
                io.Latent.Input("canvas", tooltip="previous_value of Tensor Loop Open, as for Window of Canvas."),
                io.Latent.Input("latent", tooltip="What the window adds, from Iteration Checkpoint."),
                inputs.plan(),
                _pass_of_loop(),
            ],
            outputs=[
                io.Latent.Output(
                    "canvas", tooltip="The canvas with this window; processed of Tensor Loop Close, with accumulate off."
                )
            ],
        )

    @classmethod
    @refuses("LoopWindowToCanvas")
    def execute(cls, canvas: dict[str, Any], latent: dict[str, Any], plan: LoopPlan, current_iteration: int) -> io.NodeOutput:
        from ..latent_ops.canvas import write_to_canvas
        from ..loop_control.window_made import window_made

        return io.NodeOutput(write_to_canvas(canvas, latent, window_made(plan, current_iteration), plan))


class AudioLoopStages(io.ComfyNode):
    """One switch for what is rendered: the draft, the finished video, or both."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopStages",
            display_name="Draft and Finish",
            category="Audio Loop/plan",
            search_aliases=["two stages", "preview render", "draft first", "final render", "switch", "quick look"],
            description="Chooses what is rendered. draft: the quick video at half the size. finish: the full size, made from "
            "the draft. both: one after the other. What is not chosen is not rendered.",
            inputs=[
                io.Combo.Input(
                    "stage",
                    options=list(STAGES),
                    tooltip="draft: look at the song at half the size first, about a third of both. finish: the full "
                    "size; windows of the draft that are on disk are not made again.",
                ),
                io.Latent.Input(
                    "draft", lazy=True, optional=True, tooltip="The first stage's video latent. Not asked for if not chosen."
                ),
                io.Latent.Input(
                    "finished",
                    lazy=True,
                    optional=True,
                    tooltip="The second stage's video latent. Not asked for if not chosen. With both, put it on a second node "
                    "of this kind: then the draft's video is there before anything is finished.",
                ),
            ],
            outputs=[
                io.Latent.Output("draft", tooltip="To the draft's decoder; nothing behind it runs with finish."),
                io.Latent.Output("finished", tooltip="To the finished video's decoder; nothing behind it runs with draft."),
                io.Combo.Output("stage", options=list(STAGES), tooltip="The choice, for a second node of this kind."),
            ],
        )

    @classmethod
    def check_lazy_status(cls, stage: str, **wired: Any) -> list[str]:
        return [name for name in _chosen(stage) if name in wired and wired[name] is None]

    @classmethod
    def execute(cls, stage: str, draft: Any = None, finished: Any = None) -> io.NodeOutput:
        given, chosen = {"draft": draft, "finished": finished}, _chosen(stage)
        passed = [ExecutionBlocker(None) if latent is None or name not in chosen else latent for name, latent in given.items()]
        return io.NodeOutput(*passed, stage)


def _chosen(stage: str) -> tuple[str, ...]:
    return {"draft": ("draft",), "finish": ("finished",)}.get(stage, ("draft", "finished"))


def _pass_of_loop() -> io.Int.Input:
    return io.Int.Input(
        "current_iteration",
        default=1,
        min=1,
        max=1_000_000,
        tooltip="Pass of the loop, from Tensor Loop Open: 1 makes the window that comes first in the plan's order.",
    )


NODES = [LoopCanvas, LoopDraftEnlarge, LoopWindowOfCanvas, LoopWindowNew, LoopWindowToCanvas, AudioLoopStages]
