"""Nodes that cut, join and prepare latents for a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan


class LatentContextExtract(io.ComfyNode):
    """The tail of a window, which the next one sees."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LatentContextExtract",
            display_name="Latent Context Extract",
            category="Audio Loop/latent",
            search_aliases=["last frames", "extend video", "long video", "context window", "tail"],
            description="The last latent frames of a window, without a noise mask: what the next window begins with.",
            inputs=[
                io.Latent.Input("latent", tooltip="The window before, a video latent."),
                inputs.overlap_latent_frames(),
            ],
            outputs=[
                io.Latent.Output("context", tooltip="The last latent frames, without a noise mask; for Loop Window Latent.")
            ],
        )

    @classmethod
    @refuses("LatentContextExtract")
    def execute(cls, latent: dict[str, Any], overlap_latent_frames: int) -> io.NodeOutput:
        from ..latent_ops.context import context_tail

        return io.NodeOutput(context_tail(latent, overlap_latent_frames))


class LatentOverlapTrim(io.ComfyNode):
    """A window without the frames it shares with the one before."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LatentOverlapTrim",
            display_name="Latent Overlap Trim",
            category="Audio Loop/latent",
            search_aliases=["cut overlap", "remove repeated frames", "trim latent", "extend video"],
            description="Cuts the first latent frames, which repeat the window before, and drops the noise mask.",
            inputs=[
                io.Latent.Input("latent", tooltip="The sampled window, without guides."),
                inputs.overlap_latent_frames(),
            ],
            outputs=[io.Latent.Output("trimmed", tooltip="The new latent frames alone, without a noise mask.")],
        )

    @classmethod
    @refuses("LatentOverlapTrim")
    def execute(cls, latent: dict[str, Any], overlap_latent_frames: int) -> io.NodeOutput:
        from ..latent_ops.context import overlap_trim

        return io.NodeOutput(overlap_trim(latent, overlap_latent_frames))


class LatentOverlapCrossfade(io.ComfyNode):
    """Two latents joined, blended where they overlap."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LatentOverlapCrossfade",
            display_name="Latent Overlap Crossfade",
            category="Audio Loop/latent",
            search_aliases=["blend overlap", "join videos", "crossfade", "smooth transition", "seam"],
            description="Joins two latents whose ends show the same moments, blending where they overlap.",
            inputs=[
                io.Latent.Input("previous", tooltip="What was made so far; its end is blended out."),
                io.Latent.Input("latent", tooltip="What follows; its start is blended in."),
                inputs.overlap_latent_frames(),
                io.Combo.Input("curve", options=["smooth", "linear"], tooltip="Shape of the blend."),
            ],
            outputs=[io.Latent.Output("latent", tooltip="Both joined into one latent.")],
        )

    @classmethod
    @refuses("LatentOverlapCrossfade")
    def execute(cls, previous: dict[str, Any], latent: dict[str, Any], overlap_latent_frames: int, curve: str) -> io.NodeOutput:
        from ..latent_ops.crossfade import crossfade

        return io.NodeOutput(crossfade(previous, latent, overlap_latent_frames, curve))


class StripLatentNoiseMask(io.ComfyNode):
    """The same latent without its noise mask, which the next window must not inherit."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="StripLatentNoiseMask",
            display_name="Strip Latent Noise Mask",
            category="Audio Loop/latent",
            search_aliases=["remove mask", "clear noise mask", "drop mask"],
            description="Drops the noise mask, so that a mask of an earlier sampling cannot reach a later one.",
            inputs=[io.Latent.Input("latent", tooltip="Any latent.")],
            outputs=[io.Latent.Output("latent", tooltip="The same latent without a noise mask.")],
        )

    @classmethod
    @refuses("StripLatentNoiseMask")
    def execute(cls, latent: dict[str, Any]) -> io.NodeOutput:
        from ..latent_ops.context import strip_noise_mask

        return io.NodeOutput(strip_noise_mask(latent))


class AudioLatentWindow(io.ComfyNode):
    """A window's part of the encoded song."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLatentWindow",
            display_name="Audio Latent Window",
            category="Audio Loop/latent",
            search_aliases=["cut audio", "slice song", "song", "lip sync", "audio segment"],
            description="Cuts a window's part out of the audio latent of the whole song, by its place in the song.",
            inputs=[
                io.Latent.Input("audio_latent", tooltip="The whole song, encoded once before the loop."),
                inputs.current_iteration(),
                inputs.plan(optional=True),
                io.Float.Input(
                    "start_seconds",
                    default=0.0,
                    min=0.0,
                    max=1_000_000.0,
                    step=0.01,
                    tooltip="Second of the song at which the window starts. Not used if a plan is wired.",
                ),
                io.Float.Input(
                    "duration_seconds",
                    default=19.88,
                    min=0.04,
                    max=1_000_000.0,
                    step=0.01,
                    tooltip="Length of the window in seconds. Not used if a plan is wired.",
                ),
            ],
            outputs=[io.Latent.Output("audio_latent", tooltip="This window's part of the song.")],
        )

    @classmethod
    @refuses("AudioLatentWindow")
    def execute(
        cls,
        audio_latent: dict[str, Any],
        current_iteration: int,
        plan: LoopPlan | None = None,
        start_seconds: float = 0.0,
        duration_seconds: float = 19.88,
    ) -> io.NodeOutput:
        from ..latent_ops.audio_window import audio_latent_window, refuse_shorter_song
        from ..loop_control.units import audio_latents_from_seconds

        if plan is not None:
            refuse_shorter_song(audio_latent, plan.nth_window(plan.iterations).audio_latents[1])
            return io.NodeOutput(audio_latent_window(audio_latent, *plan.nth_window(current_iteration).audio_latents))
        start = audio_latents_from_seconds(start_seconds)
        return io.NodeOutput(
            audio_latent_window(audio_latent, start, start + max(1, audio_latents_from_seconds(duration_seconds)))
        )


class LoopWindowLatent(io.ComfyNode):
    """A window ready to sample."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopWindowLatent",
            display_name="Loop Window Latent",
            category="Audio Loop/latent",
            search_aliases=["extend video", "long video", "lip sync", "continue video", "mask audio"],
            description="Puts a window together: context that stays, new frames to sample, audio that stays, fresh masks.",
            inputs=[
                io.Latent.Input("context", tooltip="From Latent Context Extract."),
                io.Latent.Input("audio_latent", tooltip="From Audio Latent Window, for the whole window."),
                inputs.current_iteration(),
                inputs.plan(optional=True),
                io.Int.Input(
                    "window_latents",
                    default=63,
                    min=2,
                    max=100_000,
                    tooltip="Latent frames in the window. Not used if a plan is wired.",
                ),
            ],
            outputs=[
                io.Latent.Output("video_latent", tooltip="Context and new frames, with a mask: 0 stays, 1 is sampled."),
                io.Latent.Output("audio_latent", tooltip="This window's part of the song, with a mask of 0: it stays."),
                io.String.Output("report", tooltip="What the window is made of."),
            ],
        )

    @classmethod
    @refuses("LoopWindowLatent")
    def execute(
        cls,
        context: dict[str, Any],
        audio_latent: dict[str, Any],
        current_iteration: int,
        plan: LoopPlan | None = None,
        window_latents: int = 63,
    ) -> io.NodeOutput:
        from ..latent_ops.window import window_latent
        from ..loop_control.context_fits import require_in_turn

        if plan is None:
            return io.NodeOutput(*window_latent(context, audio_latent, window_latents))
        require_in_turn(plan)
        window = plan.nth_window(current_iteration)
        return io.NodeOutput(
            *window_latent(
                context,
                audio_latent,
                window.window_latents,
                expected_audio_latents=plan.audio_latents_beside(window.window_px),
                lead_in_latents=window.lead_in_latents,
            )
        )


class LatentGuide(io.ComfyNode):
    """A picture that guides a window without being part of it."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        from ..latent_ops.guide import ONE_LATENT_BEFORE_PX

        return io.Schema(
            node_id="LatentGuide",
            display_name="Latent Guide",
            category="Audio Loop/latent",
            search_aliases=["image guide", "keyframe", "reference image", "ltxv add guide", "keep likeness"],
            description="Adds a guide latent at any frame, also before the window starts. Sample with the conditioning as it "
            "comes out of here; take the guide off afterwards with LTXVCropGuides.",
            inputs=[
                io.Conditioning.Input("positive", tooltip="The prompt, encoded."),
                io.Conditioning.Input("negative", tooltip="The negative prompt, encoded."),
                io.Latent.Input("latent", tooltip="The window's video latent."),
                io.Latent.Input("guide_latent", tooltip="The encoded picture."),
                io.Int.Input(
                    "frame_offset",
                    default=ONE_LATENT_BEFORE_PX,
                    min=-100_000,
                    max=100_000,
                    tooltip="Pixel frame of the guide, counted from the window's first; -8 is one latent before it.",
                ),
                io.Float.Input(
                    "strength",
                    default=1.0,
                    min=0.0,
                    max=10.0,
                    step=0.01,
                    tooltip="0 to 1. 1: the guide stays as it is; lower lets the sampler change it.",
                ),
            ],
            outputs=[
                io.Conditioning.Output("positive", tooltip="The prompt with the guide's place; sample with it."),
                io.Conditioning.Output("negative", tooltip="The negative prompt with the guide's place; sample with it."),
                io.Latent.Output(
                    "latent", tooltip="The window with the guide appended; LTXVCropGuides takes it off after sampling."
                ),
            ],
        )

    @classmethod
    @refuses("LatentGuide")
    def execute(
        cls,
        positive: Any,
        negative: Any,
        latent: dict[str, Any],
        guide_latent: dict[str, Any],
        frame_offset: int,
        strength: float,
    ) -> io.NodeOutput:
        from ..latent_ops.guide import append_guide

        return io.NodeOutput(*append_guide(positive, negative, latent, guide_latent, frame_offset, strength))


NODES = [
    LatentContextExtract,
    LatentOverlapTrim,
    LatentOverlapCrossfade,
    StripLatentNoiseMask,
    AudioLatentWindow,
    LoopWindowLatent,
    LatentGuide,
]
