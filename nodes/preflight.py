"""The check before sampling, as a node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comfy_api.latest import io, ui

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan


class LoopPreflight(io.ComfyNode):
    """The plan, the prompts as they will be seen, and what is wrong, before anything is sampled."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopPreflight",
            display_name="Loop Preflight",
            category="Audio Loop/plan",
            search_aliases=["check workflow", "preflight", "before run", "music video", "disk space", "validate"],
            description="Checks a render before it is made: sizes, lengths, schedule, prompts, models, disk. Samples nothing.",
            inputs=[
                inputs.Plan.Input("plan", tooltip="From Audio Loop Planner."),
                io.Int.Input("width", default=832, min=1, max=16384, tooltip="Width of the video in pixels."),
                io.Int.Input("height", default=448, min=1, max=16384, tooltip="Height of the video in pixels."),
                io.Int.Input(
                    "length",
                    default=0,
                    min=0,
                    max=1_000_000,
                    tooltip="Frames of the first window, from window_frames of the planner; 0 leaves it out of the check.",
                ),
                io.String.Input(
                    "schedule", multiline=True, default="", tooltip="The prompt schedule. May be empty: the graph is read too."
                ),
                io.Latent.Input(
                    "latents",
                    optional=True,
                    tooltip="The latent of the first window, to compare its size with width and height.",
                ),
                io.Model.Input("model", optional=True, tooltip="The model, to see whether its latents are those of LTX 2.3."),
            ],
            outputs=[
                io.String.Output("report", tooltip="Verdict, findings, windows, prompts, time and disk, for people."),
                io.Boolean.Output("ok", tooltip="True if there is no error; warnings may be left."),
                io.Int.Output("warnings", tooltip="Number of findings that may be meant."),
                io.Int.Output("errors", tooltip="Number of findings that stop the render or spoil the video."),
            ],
            hidden=[io.Hidden.prompt],
            is_output_node=True,
        )

    @classmethod
    def fingerprint_inputs(cls, **_: Any) -> float:
        # It looks at the whole graph and at the disk, and its inputs do not say whether those have changed.
        return float("nan")

    @classmethod
    @refuses("LoopPreflight")
    def execute(
        cls,
        plan: LoopPlan,
        width: int,
        height: int,
        length: int = 0,
        schedule: str = "",
        latents: Any = None,
        model: Any = None,
    ) -> io.NodeOutput:
        from ..preflight.inside_comfyui import check_prompt, given_values
        from ..preflight.report import as_text

        given = given_values(width, height, length, schedule, latents, model)
        found = check_prompt(cls.hidden.prompt, plan=plan, given=given)
        report = as_text(found, "")
        return io.NodeOutput(report, found.errors == 0, found.warnings, found.errors, ui=ui.PreviewText(report))


NODES = [LoopPreflight]
