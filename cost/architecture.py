"""The sizes of an LTX audio-video transformer that its cost follows from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT_TOKENS = 1024
"""Tokens of one prompt: the connectors fill it up with learned registers to this many (`Embeddings1DConnector`)."""


class ArchitectureError(ValueError):
    """A configuration that is none of an LTX audio-video transformer."""


@dataclass(frozen=True)
class Architecture:
    """Sizes of the transformer. Names and defaults are those of ComfyUI's `LTXAVModel` (`comfy/ldm/lightricks/av_model.py`).

    Attributes:
        num_layers: Blocks.
        video_width: Width of a video token: heads times width of a head.
        audio_width: Width of an audio token.
        num_attention_heads: Heads of the video stream.
        audio_num_attention_heads: Heads of the audio stream, and of attention between both.
        cross_attention_dim: Width of a text token as the video stream reads it.
        audio_cross_attention_dim: Width of a text token as the audio stream reads it.
        in_channels: Channels of a video latent.
        audio_in_channels: Channels times bins of an audio latent.
        caption_channels: Width of a text token before the projection.
        apply_gated_attention: Whether each attention has a gate a head.
        cross_attention_adaln: Whether text attention is modulated by the timestep.
        use_prompt_adaln_single: Whether the text is, too.
        caption_proj_before_connector: Whether text is projected once a prompt; else in every call.
        caption_projection_first_linear: Whether that projection is a matrix at all.
        connector_layers: Blocks of each of the two text connectors.
        connector_width: Width of the video stream's connector.
        connector_heads: Its heads.
        audio_connector_width: Width of the audio stream's connector.
        audio_connector_heads: Its heads.
        connector_gated: Whether their attention has gates.
        position_seconds: Seconds that its time positions were trained on.
    """

    num_layers: int
    video_width: int
    audio_width: int
    num_attention_heads: int
    audio_num_attention_heads: int
    cross_attention_dim: int
    audio_cross_attention_dim: int
    in_channels: int
    audio_in_channels: int
    caption_channels: int
    apply_gated_attention: bool
    cross_attention_adaln: bool
    use_prompt_adaln_single: bool
    caption_proj_before_connector: bool
    caption_projection_first_linear: bool
    connector_layers: int
    connector_width: int
    connector_heads: int
    audio_connector_width: int
    audio_connector_heads: int
    connector_gated: bool
    position_seconds: int


PUBLISHED_22B = Architecture(
    num_layers=48,
    video_width=4096,
    audio_width=2048,
    num_attention_heads=32,
    audio_num_attention_heads=32,
    cross_attention_dim=4096,
    audio_cross_attention_dim=2048,
    in_channels=128,
    audio_in_channels=128,
    caption_channels=3840,
    apply_gated_attention=True,
    cross_attention_adaln=True,
    use_prompt_adaln_single=True,
    caption_proj_before_connector=True,
    caption_projection_first_linear=False,
    connector_layers=8,
    connector_width=4096,
    connector_heads=32,
    audio_connector_width=2048,
    audio_connector_heads=32,
    connector_gated=True,
    position_seconds=20,
)
"""The header of the published LTX 2.3 22B checkpoint; what is counted with if a graph's own file is not at hand."""


def architecture_of(transformer: Mapping[str, Any]) -> Architecture:
    """The architecture that ComfyUI builds from the `transformer` part of a checkpoint's configuration.

    A key that is missing means what it means to ComfyUI.

    Raises:
        ArchitectureError: A size is no positive whole number, or a switch neither true nor false.
    """

    def size(name: str, otherwise: int) -> int:
        value = transformer.get(name, otherwise)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 20:
            raise ArchitectureError(f"{name} is {value!r}; a size is a positive whole number")
        return value

    def switch(name: str, otherwise: bool) -> bool:
        value = transformer.get(name, otherwise)
        if not isinstance(value, bool):
            raise ArchitectureError(f"{name} is {value!r}; it is true or false")
        return value

    heads, audio_heads = size("num_attention_heads", 32), size("audio_num_attention_heads", 32)
    connector_heads, connector_head = size("connector_num_attention_heads", 30), size("connector_attention_head_dim", 128)
    audio_connector_heads = size("audio_connector_num_attention_heads", connector_heads)
    return Architecture(
        num_layers=size("num_layers", 48),
        video_width=heads * size("attention_head_dim", 128),
        audio_width=audio_heads * size("audio_attention_head_dim", 64),
        num_attention_heads=heads,
        audio_num_attention_heads=audio_heads,
        cross_attention_dim=size("cross_attention_dim", 4096),
        audio_cross_attention_dim=size("audio_cross_attention_dim", 2048),
        in_channels=size("in_channels", 128),
        audio_in_channels=size("audio_in_channels", 128),
        caption_channels=size("caption_channels", 3840),
        apply_gated_attention=switch("apply_gated_attention", False),
        cross_attention_adaln=switch("cross_attention_adaln", False),
        use_prompt_adaln_single=switch("use_prompt_adaln_single", True),
        caption_proj_before_connector=switch("caption_proj_before_connector", False),
        caption_projection_first_linear=switch("caption_projection_first_linear", True),
        connector_layers=size("connector_num_layers", 2),
        connector_width=connector_heads * connector_head,
        connector_heads=connector_heads,
        audio_connector_width=audio_connector_heads * size("audio_connector_attention_head_dim", connector_head),
        audio_connector_heads=audio_connector_heads,
        connector_gated=switch("connector_apply_gated_attention", False),
        position_seconds=_position_seconds(transformer),
    )


def _position_seconds(transformer: Mapping[str, Any]) -> int:
    most = transformer.get("positional_embedding_max_pos", [PUBLISHED_22B.position_seconds])
    if isinstance(most, list) and most and isinstance(most[0], int) and most[0] > 0:
        return most[0]
    raise ArchitectureError(f"positional_embedding_max_pos is {most!r}; its first number is the seconds that positions cover")
