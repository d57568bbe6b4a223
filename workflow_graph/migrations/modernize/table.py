"""The fate of other packs' nodes if nothing but the node itself decides: swapped, or taken out of the chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...editing.handles import Node
from ...reading.trace import number
from ..migration import NodeSwap
from ..steps.sage_mode import SAGE

SWAPS = (
    NodeSwap("FloatConstant", "PrimitiveFloat", outputs={"value": "FLOAT"}),
    NodeSwap("INTConstant", "PrimitiveInt", outputs={"value": "INT"}),
    NodeSwap("BOOLConstant", "PrimitiveBoolean", outputs={"value": "BOOLEAN"}),
    NodeSwap("StringConstant", "PrimitiveString", widgets={"string": "value"}),
    NodeSwap("VAELoaderKJ", "VAELoader", widgets={"device": None, "weight_dtype": None}),
    NodeSwap("CachedTextEncode_AudioLoop", "CLIPTextEncode", outputs={"conditioning": "CONDITIONING"}),
    NodeSwap("LTXVAdainLatent", "LatentStatisticsMatch", inputs={"latents": "latent"}, outputs={"LATENT": "latent"}),
)


@dataclass(frozen=True)
class Dropped:
    """A node that is left out; what it passes on is connected directly.

    Attributes:
        type: Its type.
        loss: Says what is lost with this node, or None if nothing is.
    """

    type: str
    loss: Callable[[Node], str | None]


def _nothing(_node: Node) -> None:
    return None


def _memory(_node: Node) -> str:
    return "its smaller memory use is gone; ComfyUI's own offloading takes its place"


def _tuner(node: Node) -> str | None:
    scales = ("video_scale", "audio_scale", "audio_to_video_scale", "video_to_audio_scale")
    values = {name: node.widgets[name] for name in scales}
    changed = [f"{name} {value:g}" for name, value in values.items() if number(node, name) != 1]
    return f"attention is no longer scaled ({', '.join(changed)}); no node of ComfyUI does that" if changed else None


def _vocals(node: Node) -> str | None:
    return (
        "the mouth follows the whole mix, not the voice alone; wire a separated voice to Encode Song, driving_audio"
        if node.mode == 0
        else None
    )


DROPPED = (
    Dropped("LTXVChunkFeedForward", _memory),
    Dropped("LTX2AttentionTunerPatch", _tuner),
    Dropped("LTX2SamplingPreviewOverride", lambda _node: "previews are ComfyUI's own"),
    Dropped("VisualizeSigmasKJ", _nothing),
    Dropped("MelBandRoFormerSampler", _vocals),
    Dropped("PreDecodeCleanup", lambda _node: "use IterationCheckpoint to keep latents"),
    Dropped("TrimVideoLatentToAudio", _nothing),
    Dropped("TrimImageBatchToAudio", _nothing),
)
"""The two trims are StreamingVideoSave's `frames`."""

SAGE_SWAP_MODES = {"disabled": "disabled"}
"""KJNodes' kernel -> our mode, if it is not the default."""

__all__ = ["DROPPED", "SAGE", "SAGE_SWAP_MODES", "SWAPS", "Dropped"]
