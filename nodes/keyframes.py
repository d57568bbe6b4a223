"""Pictures over time: which one guides which window, encoded before the loop."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan
    from ..schedule.snapping import SnapTo

log = logging.getLogger(__name__)

ONE_PICTURE = "0:00+: 0"


def _schedule() -> io.String.Input:
    return io.String.Input(
        "schedule",
        multiline=True,
        default=ONE_PICTURE,
        tooltip="One entry per line, with the index of a picture (from 0) in the place of a prompt: '0:00-1:15: 0', "
        "'1:15+: 1'. The word auto gives window k picture k.",
    )


def _audio_duration() -> io.Float.Input:
    return io.Float.Input(
        "audio_duration",
        default=180.0,
        min=0.0,
        max=1_000_000.0,
        step=0.01,
        tooltip="Length of the song in seconds; wire the planner's. Not used if a plan is wired.",
    )


class AudioLoopKeyframes(io.ComfyNode):
    """The text of a schedule of pictures. The page shows it as sections with their pictures on the song."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopKeyframes",
            display_name="Keyframes Over Time",
            category="Audio Loop/keyframes",
            search_aliases=["keyframe", "pictures over time", "timeline", "image schedule", "storyboard", "music video"],
            description="Pictures on the song: sections with the picture that guides them, on the waveform, with the windows "
            "that will be made and the moments at which a change is seen. The text is the truth; the sections and the text "
            "follow each other.",
            inputs=[_schedule()],
            outputs=[io.String.Output("schedule", tooltip="For the nodes that choose or encode the pictures.")],
        )

    @classmethod
    def execute(cls, schedule: str) -> io.NodeOutput:
        return io.NodeOutput(schedule)


class KeyframeImageSchedule(io.ComfyNode):
    """The picture of one window, by its schedule."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="KeyframeImageSchedule",
            display_name="Keyframe Image Schedule",
            category="Audio Loop/keyframes",
            search_aliases=["keyframe", "pictures over time", "image schedule", "storyboard"],
            description="Gives the picture of a window from a schedule with times. To guide a loop, encode all of them "
            "before it with Keyframe Latent Schedule (Batch Encode): a VAE inside the loop pushes the model out of memory.",
            inputs=[
                io.Image.Input("images", tooltip="The pictures, as a batch; index 0 is the first."),
                _schedule(),
                inputs.current_iteration(),
                inputs.stride_seconds(),
                _audio_duration(),
                inputs.snap_boundaries(),
                inputs.plan(optional=True),
                inputs.snap_to(),
            ],
            outputs=[
                io.Image.Output("image", tooltip="The picture of this window, a batch of one."),
                io.Int.Output("index", tooltip="Index of the picture, from 0."),
                io.String.Output("report", tooltip="For each entry what was asked and when it becomes visible."),
            ],
        )

    @classmethod
    @refuses("KeyframeImageSchedule")
    def execute(
        cls,
        images: Any,
        schedule: str,
        current_iteration: int,
        stride_seconds: float,
        audio_duration: float,
        snap_boundaries: bool = True,
        plan: LoopPlan | None = None,
        snap_to: SnapTo = "visible",
    ) -> io.NodeOutput:
        from ..schedule.conditioning_list import select
        from ..schedule.keyframes import schedule_keyframes
        from ..schedule.loop_windows import LoopWindows

        windows = LoopWindows(plan, stride_seconds, audio_duration)
        keyframes = schedule_keyframes(schedule, images.shape[0], windows, snap=snap_boundaries, snap_to=snap_to)
        index = select(keyframes.indices, current_iteration, "picture")
        return io.NodeOutput(images[index : index + 1].clone(), index, keyframes.report)


class KeyframeLatentScheduleBatchEncode(io.ComfyNode):
    """All pictures of a song, encoded before the loop starts."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="KeyframeLatentScheduleBatchEncode",
            display_name="Keyframe Latent Schedule (Batch Encode)",
            category="Audio Loop/keyframes",
            search_aliases=["keyframe", "pictures over time", "image schedule", "storyboard", "encode pictures"],
            description="Encodes every picture that a schedule uses once, before the loop. Pick from the list with Latent "
            "Select By Iteration.",
            inputs=[
                io.Vae.Input("vae", tooltip="The video VAE."),
                io.Image.Input(
                    "images", tooltip="The pictures, as a batch in the size of the video, prepared with LTXVPreprocess."
                ),
                _schedule(),
                inputs.stride_seconds(),
                _audio_duration(),
                inputs.snap_boundaries(),
                inputs.plan(optional=True),
                inputs.snap_to(),
            ],
            outputs=[
                io.AnyType.Output("latent_list", tooltip="One encoded picture for each window; 0 is the initial render."),
                io.Int.Output("iteration_count", tooltip="Windows with a picture, that of the initial render included."),
                io.String.Output("report", tooltip="For each entry what was asked and when it becomes visible."),
            ],
        )

    @classmethod
    @refuses("KeyframeLatentScheduleBatchEncode")
    def execute(
        cls,
        vae: Any,
        images: Any,
        schedule: str,
        stride_seconds: float,
        audio_duration: float,
        snap_boundaries: bool = True,
        plan: LoopPlan | None = None,
        snap_to: SnapTo = "visible",
    ) -> io.NodeOutput:
        from ..schedule.keyframes import schedule_keyframes
        from ..schedule.loop_windows import LoopWindows

        windows = LoopWindows(plan, stride_seconds, audio_duration)
        keyframes = schedule_keyframes(schedule, images.shape[0], windows, snap=snap_boundaries, snap_to=snap_to)
        for warning in keyframes.warnings:
            log.warning("KeyframeLatentScheduleBatchEncode: %s", warning)
        encoded = {index: {"samples": vae.encode(images[index : index + 1])} for index in keyframes.used}
        latents = [encoded[index] for index in keyframes.indices]
        return io.NodeOutput(latents, keyframes.windows, keyframes.report)


class LatentSelectByIteration(io.ComfyNode):
    """The encoded picture of one window, out of the list made before the loop."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LatentSelectByIteration",
            display_name="Latent Select By Iteration",
            category="Audio Loop/keyframes",
            search_aliases=["pick keyframe", "keyframe of window", "latent from list", "loop"],
            description="Picks the encoded picture of a window from Keyframe Latent Schedule (Batch Encode).",
            inputs=[
                io.AnyType.Input("latent_list", tooltip="From Keyframe Latent Schedule (Batch Encode)."),
                inputs.current_iteration(0),
            ],
            outputs=[io.Latent.Output("latent", tooltip="The encoded picture of this window.")],
        )

    @classmethod
    @refuses("LatentSelectByIteration")
    def execute(cls, latent_list: Sequence[dict[str, Any]], current_iteration: int) -> io.NodeOutput:
        from ..schedule.conditioning_list import select

        return io.NodeOutput(select(latent_list, current_iteration, "picture"))


class VideoFrameExtract(io.ComfyNode):
    """The frame of a reference video at the start of a window."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="VideoFrameExtract",
            display_name="Video Frame Extract",
            category="Audio Loop/keyframes",
            search_aliases=["video to image", "frame at time", "reference video", "grab frame", "extract frame"],
            description="Gives the frame of a reference video that is shown where a window starts.",
            inputs=[
                io.Video.Input("video", tooltip="The reference video, as long as the song or longer."),
                inputs.current_iteration(0),
                inputs.stride_seconds(),
                io.Float.Input(
                    "offset_seconds",
                    default=0.0,
                    min=-1_000_000.0,
                    max=1_000_000.0,
                    step=0.01,
                    tooltip="Seconds added to the second at which the window starts.",
                ),
                inputs.plan(optional=True),
            ],
            outputs=[
                io.Image.Output("image", tooltip="The frame, a batch of one."),
                io.Float.Output("seconds", tooltip="Second of the video at which the frame begins."),
            ],
        )

    @classmethod
    @refuses("VideoFrameExtract")
    def execute(
        cls,
        video: Any,
        current_iteration: int,
        stride_seconds: float,
        offset_seconds: float = 0.0,
        plan: LoopPlan | None = None,
    ) -> io.NodeOutput:
        import torch

        from ..loop_control.rates import read_number
        from ..video.frame_at import frame_at

        stride = plan.stride if plan else read_number(stride_seconds, "stride_seconds")
        wanted = current_iteration * stride + read_number(offset_seconds, "offset_seconds")
        pixels, begins = frame_at(video.get_stream_source(), wanted)
        return io.NodeOutput(torch.from_numpy(pixels).float().div(255).unsqueeze(0), float(begins))


NODES = [
    AudioLoopKeyframes,
    KeyframeImageSchedule,
    KeyframeLatentScheduleBatchEncode,
    LatentSelectByIteration,
    VideoFrameExtract,
]
