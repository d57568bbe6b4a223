"""Nodes that change how a model attends and denoises. Each works on a clone; bypassed, nothing of it is left."""

from __future__ import annotations

from typing import Any

from comfy_api.latest import io

from .refusals import refuses


class AudioLoopHelperSageAttention(io.ComfyNode):
    """The fastest attention that is right for each call: no mask is dropped, and guides do without one."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        from ..attention.offered_kernels import likely_modes

        return io.Schema(
            node_id="AudioLoopHelperSageAttention",
            display_name="Sage Attention (mask aware)",
            category="Audio Loop/model",
            search_aliases=[
                *("sage attention", "sageattn", "faster", "speed up", "patch sage"),
                *("flash attention", "guide strength"),
            ],
            description="Faster attention: SageAttention if it is installed, and on NVIDIA GPUs guides of a strength other "
            "than 1 without the mask that slows them down. Other calls with a mask go to a kernel that honours it, or to "
            "ComfyUI's own attention.",
            inputs=[
                io.Model.Input("model", tooltip="The video model."),
                io.Combo.Input(
                    "mode",
                    options=list(likely_modes()),
                    tooltip="auto_mask_aware: the fastest kernel that is right for each call; guides at full precision. "
                    "auto_quantized_guides: guides in 8 bits too, if SageAttention is installed. auto: calls with a mask stay "
                    "with ComfyUI. disabled: ComfyUI's attention. Others: one kernel of those that are here.",
                ),
                io.Boolean.Input(
                    "fallback_on_error",
                    advanced=True,
                    default=True,
                    tooltip="On: a kernel that fails is replaced by ComfyUI's attention, with a line in the log.",
                ),
                io.Int.Input(
                    "skip_under_seq_len",
                    advanced=True,
                    default=0,
                    min=0,
                    max=1_000_000,
                    tooltip="Attention over fewer tokens than this stays with ComfyUI. 0: none.",
                ),
            ],
            outputs=[io.Model.Output("model", tooltip="The model with this attention.")],
        )

    @classmethod
    @refuses("AudioLoopHelperSageAttention")
    def execute(cls, model: Any, mode: str, fallback_on_error: bool = True, skip_under_seq_len: int = 0) -> io.NodeOutput:
        from ..attention.override import apply_sage_attention

        return io.NodeOutput(apply_sage_attention(model, mode, fallback_on_error, skip_under_seq_len))


class LTXNormalizedAttentionGuidance(io.ComfyNode):
    """A negative prompt that works at cfg 1."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LTXNormalizedAttentionGuidance",
            display_name="LTX Normalized Attention Guidance",
            category="Audio Loop/model",
            search_aliases=["nag", "negative prompt", "cfg 1 negative", "ltx2 nag"],
            description="Steers LTX away from a negative prompt inside its text attention, so that it works with distilled "
            "models at cfg 1, without a second pass.",
            inputs=[
                io.Model.Input("model", tooltip="The video model."),
                io.Conditioning.Input("negative", tooltip="What must not be seen or heard; one prompt."),
                io.Float.Input(
                    "nag_scale",
                    default=11.0,
                    min=0.0,
                    max=100.0,
                    step=0.1,
                    tooltip="Strength; 0 is off. 11 is usual, 3 to 7 for the distilled 1.1 LoRA.",
                ),
                io.Float.Input(
                    "nag_alpha",
                    advanced=True,
                    default=0.25,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="Share of the guided result; 0 is off.",
                ),
                io.Float.Input(
                    "nag_tau",
                    advanced=True,
                    default=2.5,
                    min=0.01,
                    max=10.0,
                    step=0.01,
                    tooltip="Most that the guided result's norm may be, as a multiple of the unguided one's.",
                ),
                io.Boolean.Input("video", default=True, optional=True, tooltip="Guide what is seen."),
                io.Boolean.Input("audio", default=True, optional=True, tooltip="Guide what is heard."),
            ],
            outputs=[io.Model.Output("model", tooltip="The model with this guidance.")],
        )

    @classmethod
    @refuses("LTXNormalizedAttentionGuidance")
    def execute(
        cls,
        model: Any,
        negative: Any,
        nag_scale: float,
        nag_alpha: float,
        nag_tau: float,
        video: bool = True,
        audio: bool = True,
    ) -> io.NodeOutput:
        from ..attention.nag import apply_nag

        return io.NodeOutput(apply_nag(model, negative, nag_scale, nag_alpha, nag_tau, video, audio))


class PerStepStatisticsMatch(io.ComfyNode):
    """Keeps colours and contrast near a reference while denoising."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="PerStepStatisticsMatch",
            display_name="Per-Step Statistics Match",
            category="Audio Loop/model",
            search_aliases=["adain", "colour drift", "color drift", "contrast drift", "long video"],
            description="Pulls each denoising step towards the mean and spread of a reference latent (AdaIN), against colours "
            "and contrast that creep from window to window. Context and guides are left out of the count.",
            inputs=[
                io.Model.Input("model", tooltip="The video model."),
                io.Latent.Input("reference", tooltip="For example the initial render."),
                io.Float.Input("factor", default=0.2, min=0.0, max=1.0, step=0.01, tooltip="0 is off, 1 matches fully."),
                io.Float.Input(
                    "start_percent",
                    advanced=True,
                    default=0.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="Where it begins: 0 is pure noise, 1 the finished picture.",
                ),
                io.Float.Input(
                    "end_percent",
                    advanced=True,
                    default=1.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="Where it ends: 0 is pure noise, 1 the finished picture.",
                ),
            ],
            outputs=[io.Model.Output("model", tooltip="The model whose steps are matched.")],
        )

    @classmethod
    @refuses("PerStepStatisticsMatch")
    def execute(
        cls, model: Any, reference: dict[str, Any], factor: float, start_percent: float, end_percent: float
    ) -> io.NodeOutput:
        from ..latent_ops.per_step_statistics import apply_per_step_match

        return io.NodeOutput(apply_per_step_match(model, reference, factor, start_percent, end_percent))


class LatentStatisticsMatch(io.ComfyNode):
    """A latent with the mean and spread of another."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LatentStatisticsMatch",
            display_name="Latent Statistics Match",
            category="Audio Loop/latent",
            search_aliases=["adain", "colour match", "color match", "latent normalize"],
            description="Gives a latent the mean and spread, channel by channel, of a reference (AdaIN).",
            inputs=[
                io.Latent.Input("latent", tooltip="Video latent, without guides."),
                io.Latent.Input("reference", tooltip="For example the initial render."),
                io.Float.Input("factor", default=0.2, min=0.0, max=1.0, step=0.01, tooltip="0 is off, 1 matches fully."),
                io.Boolean.Input("per_frame", default=False, tooltip="On: each latent frame on its own."),
            ],
            outputs=[io.Latent.Output("latent", tooltip="The matched latent.")],
        )

    @classmethod
    @refuses("LatentStatisticsMatch")
    def execute(cls, latent: dict[str, Any], reference: dict[str, Any], factor: float, per_frame: bool) -> io.NodeOutput:
        from ..latent_ops.statistics import match_statistics

        return io.NodeOutput(match_statistics(latent, reference, factor, per_frame))


NODES = [AudioLoopHelperSageAttention, LTXNormalizedAttentionGuidance, PerStepStatisticsMatch, LatentStatisticsMatch]
