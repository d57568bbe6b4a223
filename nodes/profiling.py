"""Opt-in nodes that measure a render. All files go to output/audio_loop/<run>/trace/ and hold no prompt text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..measuring.profiling import ProfileSession

Profile = io.Custom("AUDIO_LOOP_PROFILE")

# What a loop can pass on; the slot is called `latent` because saved graphs have it by that name.
LOOPED = [io.Image, io.Mask, io.Latent]


def _passed(template: io.MatchType.Template, what: str) -> io.MatchType.Input:
    return io.MatchType.Input("latent", template=template, tooltip=f"Latent, pictures or masks, passed through; {what}.")


def _trace_folder(run_name: str) -> Path:
    from ..checkpoints.folders import runs_folder
    from ..files.names import clean_name

    return runs_folder() / clean_name(run_name or "profile") / "trace"


def _run_name() -> io.String.Input:
    return io.String.Input("run_name", default="profile", tooltip="Folder inside output/audio_loop for the trace files.")


class LoopIterationStamp(io.ComfyNode):
    """Tells the model which window it renders."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopIterationStamp",
            display_name="Loop Iteration Stamp",
            category="Audio Loop/measure",
            search_aliases=["trace attention", "debug attention", "iteration number"],
            description="Writes the iteration into the model's options, and with trace on a line for each attention call.",
            inputs=[
                io.Model.Input("model", tooltip="The video model."),
                inputs.current_iteration(),
                io.Boolean.Input("trace", default=False, tooltip="On: attention calls are written to the trace folder."),
                _run_name(),
            ],
            outputs=[io.Model.Output("model", tooltip="The model that knows the iteration.")],
        )

    @classmethod
    @refuses("LoopIterationStamp")
    def execute(cls, model: Any, current_iteration: int, trace: bool, run_name: str) -> io.NodeOutput:
        from ..attention.tracing import stamp_iteration

        return io.NodeOutput(stamp_iteration(model, current_iteration, _trace_folder(run_name) if trace else None))


class ProfileBegin(io.ComfyNode):
    """Starts measuring."""

    TEMPLATE = io.MatchType.Template("looped", allowed_types=LOOPED)

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="ProfileBegin",
            display_name="Profile Begin",
            category="Audio Loop/measure",
            search_aliases=["profiler", "benchmark", "timing", "torch profiler"],
            description="Starts torch's profiler and a log of node times. Put it in front of the loop.",
            inputs=[
                _passed(cls.TEMPLATE, "use the loop's initial value"),
                _run_name(),
                io.Int.Input("warmup_iterations", default=1, min=0, max=100, tooltip="Iterations to let pass first."),
                io.Int.Input("active_iterations", default=1, min=1, max=100, tooltip="Iterations to record."),
            ],
            outputs=[
                io.MatchType.Output(cls.TEMPLATE, id="latent", display_name="latent", tooltip="What came in, unchanged."),
                Profile.Output("profile", tooltip="For Profile Iteration Step and Profile End."),
            ],
            not_idempotent=True,
        )

    @classmethod
    def fingerprint_inputs(cls, **_: Any) -> float:
        # A cached session would be one that has ended.
        return float("nan")

    @classmethod
    @refuses("ProfileBegin")
    def execute(cls, latent: Any, run_name: str, warmup_iterations: int, active_iterations: int) -> io.NodeOutput:
        from ..measuring.node_log import attach_execution_log
        from ..measuring.profiling import ProfileSettings, begin_profile

        folder = _trace_folder(run_name)
        attach_execution_log(folder)
        return io.NodeOutput(latent, begin_profile(ProfileSettings(folder, warmup_iterations, active_iterations)))


class ProfileIterStep(io.ComfyNode):
    """Marks the end of an iteration."""

    TEMPLATE = io.MatchType.Template("looped", allowed_types=LOOPED)

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="ProfileIterStep",
            display_name="Profile Iteration Step",
            category="Audio Loop/measure",
            search_aliases=["profiler", "benchmark", "timing"],
            description="Marks the end of an iteration for Profile Begin. Put it at the end of the loop's body.",
            inputs=[
                _passed(cls.TEMPLATE, "the result of one iteration"),
                Profile.Input("profile", tooltip="From Profile Begin."),
            ],
            outputs=[io.MatchType.Output(cls.TEMPLATE, id="latent", display_name="latent", tooltip="What came in, unchanged.")],
        )

    @classmethod
    @refuses("ProfileIterStep")
    def execute(cls, latent: Any, profile: ProfileSession) -> io.NodeOutput:
        from ..measuring.profiling import step_profile

        step_profile(profile)
        return io.NodeOutput(latent)


class ProfileEnd(io.ComfyNode):
    """Writes what was measured between Profile Begin and the end of the loop."""

    TEMPLATE = io.MatchType.Template("looped", allowed_types=LOOPED)

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="ProfileEnd",
            display_name="Profile End",
            category="Audio Loop/measure",
            search_aliases=["profiler", "benchmark", "timing", "memory timeline"],
            description="Ends what Profile Begin started and writes trace, table and memory timeline.",
            inputs=[
                _passed(cls.TEMPLATE, "the loop's result"),
                Profile.Input("profile", tooltip="From Profile Begin."),
            ],
            outputs=[
                io.MatchType.Output(cls.TEMPLATE, id="latent", display_name="latent", tooltip="What came in, unchanged."),
                io.String.Output("summary", tooltip="Node times and memory, as a table."),
            ],
        )

    @classmethod
    @refuses("ProfileEnd")
    def execute(cls, latent: Any, profile: ProfileSession) -> io.NodeOutput:
        from ..measuring.profiling import end_profile

        return io.NodeOutput(latent, end_profile(profile).summary)


NODES = [LoopIterationStamp, ProfileBegin, ProfileIterStep, ProfileEnd]
