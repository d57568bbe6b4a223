"""The earlier forms of nodes of our ids: input and output names, the order of saved values, and today's names.

Ids are shared with the older pack, ComfyUI-AudioLoopHelper, so files on disk hold its forms as well as our own. A form is
written as the file shows it; what has another name today is in `inputs` and `outputs`, with None if nothing took its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

CONTROL = "CONTROL"
"""Kind of the widget that the frontend draws under an input called seed; its value is one of `CONTROL_WORDS`."""
CONTROL_WORDS = frozenset({"fixed", "increment", "decrement", "randomize", "increment-wrap"})
"""Values of the widget that the frontend draws under a seed."""


@dataclass(frozen=True)
class Earlier:
    """One earlier form of a node type.

    Attributes:
        widgets: "NAME KIND, NAME KIND": what has a widget, in the order of the saved values.
        sockets: The same for inputs without a widget.
        output_names: In the order of their slots.
        inputs: Today's name by earlier name, of inputs and widgets; None if there is none.
        outputs: The same for outputs.
    """

    widgets: str = ""
    sockets: str = ""
    output_names: tuple[str, ...] = ()
    inputs: Mapping[str, str | None] = field(default_factory=dict)
    outputs: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def widget_kinds(self) -> dict[str, str]:
        """Kind by widget name, in saved order."""
        return _pairs(self.widgets)

    @property
    def socket_kinds(self) -> dict[str, str]:
        """Type by name of the inputs without a widget."""
        return _pairs(self.sockets)


@lru_cache(maxsize=1024)
def _pairs(text: str) -> dict[str, str]:
    return dict(part.split() for part in text.split(",") if part.strip())


_CONTROLLER_OUTPUTS = (
    "start_index",
    "should_stop",
    "audio_duration",
    "iteration_seed",
    "stride_seconds",
    "overlap_frames",
    "overlap_latent_frames",
    "overlap_seconds",
)
_CONTROLLER = "current_iteration INT, window_seconds FLOAT, overlap_seconds FLOAT"
_SEED = {"seed": "base_seed", "control_after_generate": None}
_ITERATION_STRIDE = "current_iteration INT, stride_seconds FLOAT"
_FRAME = f"{_ITERATION_STRIDE}, source_fps FLOAT"
_PROMPTS = ("prompt", "next_prompt", "blend_factor", "current_time")
_IMAGES = ("image", "next_image", "blend_factor")
_NO_NEXT = {"next_image": None, "blend_factor": None}
_NO_BLEND: Mapping[str, str | None] = {"blend_seconds": None}

TABLE: Mapping[str, tuple[Earlier, ...]] = {
    "AudioLoopController": (
        Earlier(f"{_CONTROLLER}, seed INT, control_after_generate CONTROL, fps INT", "audio AUDIO", _CONTROLLER_OUTPUTS, _SEED),
        Earlier(f"{_CONTROLLER}, seed INT, fps INT", "audio AUDIO", _CONTROLLER_OUTPUTS, _SEED),
        Earlier(
            f"{_CONTROLLER}, base_seed INT, control_after_generate CONTROL, fps INT",
            "audio AUDIO",
            _CONTROLLER_OUTPUTS,
            {"control_after_generate": None},
        ),
        Earlier(f"{_CONTROLLER}, base_seed INT, fps INT", "audio AUDIO", _CONTROLLER_OUTPUTS),
    ),
    "AudioLoopPlanner": (
        Earlier(
            "stride_seconds FLOAT, window_seconds FLOAT",
            "audio AUDIO",
            ("summary", "total_iterations"),
            {"stride_seconds": None},
        ),
        Earlier(
            "window_seconds FLOAT, overlap_seconds FLOAT, fps INT, max_iterations INT, schedule STRING",
            "audio AUDIO",
            ("summary", "total_iterations", "stride_seconds", "audio_duration"),
        ),
    ),
    "TimestampPromptSchedule": (
        Earlier(f"{_ITERATION_STRIDE}, schedule STRING, blend_seconds FLOAT, snap_boundaries BOOLEAN", "", _PROMPTS),
        Earlier(f"{_ITERATION_STRIDE}, schedule STRING, blend_seconds FLOAT", "", _PROMPTS),
        Earlier(f"{_ITERATION_STRIDE}, schedule STRING", "", ("prompt", "current_time")),
        Earlier(f"schedule STRING, {_ITERATION_STRIDE}, blend_seconds FLOAT", "", _PROMPTS),
    ),
    "TimestampPromptScheduleBatchEncode": (
        Earlier(
            "schedule STRING, stride_seconds FLOAT, audio_duration FLOAT, snap_boundaries BOOLEAN, frame_rate FLOAT",
            "clip CLIP",
            ("conditioning_list", "iteration_count"),
        ),
        Earlier(
            "schedule STRING, stride_seconds FLOAT, audio_duration FLOAT, snap_boundaries BOOLEAN",
            "clip CLIP",
            ("conditioning_list", "iteration_count"),
        ),
    ),
    "ConditioningSelectByIteration": (Earlier("current_iteration INT", "conditioning_list *", ("conditioning",)),),
    "ConditioningBlend": (
        Earlier("blend_factor FLOAT", "conditioning_a CONDITIONING, conditioning_b CONDITIONING", ("conditioning",)),
    ),
    "KeyframeImageSchedule": (
        Earlier(
            f"{_ITERATION_STRIDE}, schedule STRING, blend_seconds FLOAT, snap_boundaries BOOLEAN",
            "images IMAGE",
            _IMAGES,
            _NO_BLEND,
            _NO_NEXT,
        ),
        Earlier(f"{_ITERATION_STRIDE}, schedule STRING, blend_seconds FLOAT", "images IMAGE", _IMAGES, _NO_BLEND, _NO_NEXT),
        Earlier(f"{_ITERATION_STRIDE}, schedule STRING", "images IMAGE", _IMAGES, {}, _NO_NEXT),
        Earlier(f"schedule STRING, {_ITERATION_STRIDE}, blend_seconds FLOAT", "images IMAGE", _IMAGES, _NO_BLEND, _NO_NEXT),
    ),
    "KeyframeLatentScheduleBatchEncode": (
        Earlier(
            "schedule STRING, stride_seconds FLOAT, audio_duration FLOAT, snap_boundaries BOOLEAN",
            "vae VAE, images IMAGE",
            ("latent_list", "iteration_count"),
        ),
    ),
    "LatentSelectByIteration": (Earlier("current_iteration INT", "latent_list *", ("latent",)),),
    "VideoFrameExtract": (
        Earlier(_FRAME, "images IMAGE", ("image",), {"images": "video", "source_fps": None}),
        Earlier(_FRAME, "video_frames IMAGE", ("image",), {"video_frames": "video", "source_fps": None}),
        Earlier(_FRAME, "video IMAGE", ("image",), {"source_fps": None}),
    ),
    "AudioDuration": (
        Earlier("", "audio AUDIO", ("duration", "sample_rate", "samples")),
        Earlier(
            "",
            "audio AUDIO",
            ("duration_seconds", "sample_rate", "num_samples"),
            {},
            {"duration_seconds": "duration", "num_samples": "samples"},
        ),
    ),
    "LatentContextExtract": (Earlier("overlap_latent_frames INT", "latent LATENT", ("context",)),),
    "LatentOverlapTrim": (Earlier("overlap_latent_frames INT", "latent LATENT", ("trimmed",)),),
    "StripLatentNoiseMask": (Earlier("", "latent LATENT", ("latent",)),),
    "IterationCleanup": (Earlier("mode COMBO", "latent LATENT", ("latent",)),),
    "PurgeVRAM": (Earlier("", "latent LATENT", ("latent",)),),
    "AudioLoopHelperSageAttention": (
        Earlier("mode COMBO, fallback_on_error BOOLEAN, skip_under_seq_len INT", "model MODEL", ("model",)),
    ),
    "LoopIterationStamp": (Earlier("current_iteration INT", "model MODEL", ("model",)),),
}
"""The newest form first."""

LOST_OUTPUTS = {
    ("KeyframeImageSchedule", "next_image"): "the picture changes with the window; there is no fade to the next one",
    ("KeyframeImageSchedule", "blend_factor"): "the picture changes with the window; there is no fade to the next one",
}
LOST_INPUTS = {
    ("AudioLoopPlanner", "stride_seconds"): "the planner works its stride out from window_seconds and overlap_seconds",
    ("AudioLoopController", "control_after_generate"): "base_seed has no control; one seed gives one video",
    ("KeyframeImageSchedule", "blend_seconds"): "the picture changes with the window; there is no fade to the next one",
    ("VideoFrameExtract", "source_fps"): "a VIDEO knows its frames per second; frames become one with CreateVideo",
}
"""The sentence about each thing that nothing took the place of."""
