"""Floating-point operations of one call of the model, counted as torch's `FlopCounterMode` counts them.

Only matrix products count, two operations for a multiplication with its addition. A test in `tests/torch/cost` compares each
number with the counter on ComfyUI's own model.
"""

from __future__ import annotations

from dataclasses import dataclass

from .architecture import TEXT_TOKENS, Architecture

_FEED_FORWARD = 4
"""The hidden layer of a feed-forward is this many times as wide (`FeedForward`)."""
_SINUSOIDS = 256
"""Width of a timestep's own encoding (`PixArtAlphaCombinedTimestepSizeEmbeddings`)."""


@dataclass(frozen=True)
class Flops:
    """Operations, kept apart by the kernels that do them.

    Attributes:
        attention: Of attention itself: queries with keys, weights with values.
        linear: Of all other products, which are with weights.
    """

    attention: int = 0
    linear: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.attention + self.linear

    def __add__(self, other: Flops) -> Flops:
        return Flops(self.attention + other.attention, self.linear + other.linear)

    def __mul__(self, times: int) -> Flops:
        return Flops(self.attention * times, self.linear * times)


@dataclass(frozen=True)
class ModelCall:
    """The inputs of one call of the model, a batch of one.

    Attributes:
        latents: Video latents on the time axis, guides included.
        tokens_per_latent: Height times width of a video latent.
        audio_latents: Audio latents, one token each.
        has_masks: Whether video and audio have a mask that is the same all over a latent, so that every latent has a timestep
            of its own: so it is if a window sees context, guides or a song. Else there is one timestep for all.
        text_tokens: Tokens of the prompt.
    """

    latents: int
    tokens_per_latent: int
    audio_latents: int
    has_masks: bool = True
    text_tokens: int = TEXT_TOKENS

    @property
    def video_tokens(self) -> int:
        """Tokens of the video."""
        return self.latents * self.tokens_per_latent


def call_flops(model: Architecture, call: ModelCall, *, perturbed_blocks: int = 0, is_coupled: bool = True) -> Flops:
    """Operations of one call.

    Args:
        model: Its architecture.
        call: What it is given.
        perturbed_blocks: Blocks whose self attention gives its values back (spatio-temporal guidance, STG).
        is_coupled: Whether video and audio attend to each other; modality guidance asks once without it.
    """
    whole = _block(model, call) * model.num_layers + Flops(linear=_around(model, call))
    left_out = _self_attention(model, call) * min(perturbed_blocks, model.num_layers)
    if not is_coupled:
        left_out += _between(model, call) * model.num_layers
    return whole + left_out * -1


def guidance_flops(model: Architecture, call: ModelCall) -> Flops:
    """Operations that normalised attention guidance (NAG) adds to a call: the negative prompt's keys, values and attention."""
    tokens = call.text_tokens
    linear = 4 * tokens * (model.cross_attention_dim * model.video_width + model.audio_cross_attention_dim * model.audio_width)
    attention = 4 * tokens * (call.video_tokens * model.video_width + call.audio_latents * model.audio_width)
    per_call = 0 if model.caption_proj_before_connector else _text_projection(model, tokens)
    return Flops(attention, linear) * model.num_layers + Flops(linear=per_call)


def prompt_flops(model: Architecture) -> Flops:
    """Operations of both connectors on one prompt: once a window for each conditioning that the sampler is given."""
    video = _connector(TEXT_TOKENS, model.connector_width, model.connector_heads * model.connector_gated)
    audio = _connector(TEXT_TOKENS, model.audio_connector_width, model.audio_connector_heads * model.connector_gated)
    projected = Flops()
    if model.caption_proj_before_connector and model.caption_projection_first_linear:
        projected = Flops(linear=2 * TEXT_TOKENS * model.caption_channels * (model.video_width + model.audio_width))
    return (video + audio) * model.connector_layers + projected


def _connector(tokens: int, width: int, gates: int) -> Flops:
    linear = 2 * tokens * (4 * width**2 + width * gates) + 4 * tokens * _FEED_FORWARD * width**2
    return Flops(4 * tokens**2 * width, linear)


def _self_attention(model: Architecture, call: ModelCall) -> Flops:
    """Of one block, both streams."""
    return Flops(attention=4 * call.video_tokens**2 * model.video_width + 4 * call.audio_latents**2 * model.audio_width)


def _between(model: Architecture, call: ModelCall) -> Flops:
    """Attention of video and audio to each other in one block, with its own matrices."""
    video, audio = call.video_tokens, call.audio_latents
    wide, narrow = model.video_width, model.audio_width
    gates = model.audio_num_attention_heads if model.apply_gated_attention else 0
    of_video = 2 * (2 * wide * narrow + wide * gates) + 4 * wide * narrow  # queries, output; keys, values for the audio
    of_audio = 2 * (2 * narrow**2 + narrow * gates) + 4 * narrow**2
    return Flops(2 * 4 * video * audio * narrow, video * of_video + audio * of_audio)


def _block(model: Architecture, call: ModelCall) -> Flops:
    return _self_attention(model, call) + _between(model, call) + _text_attention(model, call) + _own_linear(model, call)


def _text_attention(model: Architecture, call: ModelCall) -> Flops:
    video, audio, text = call.video_tokens, call.audio_latents, call.text_tokens
    return Flops(attention=4 * text * (video * model.video_width + audio * model.audio_width))


def _own_linear(model: Architecture, call: ModelCall) -> Flops:
    """Matrices of self attention, text attention and feed-forward in one block."""
    of_text = 4 * (model.cross_attention_dim * model.video_width + model.audio_cross_attention_dim * model.audio_width)
    of_video = _own_linear_of_token(model.video_width, model.num_attention_heads * model.apply_gated_attention)
    of_audio = _own_linear_of_token(model.audio_width, model.audio_num_attention_heads * model.apply_gated_attention)
    return Flops(linear=call.video_tokens * of_video + call.audio_latents * of_audio + call.text_tokens * of_text)


def _own_linear_of_token(width: int, gates: int) -> int:
    itself = 2 * (4 * width**2 + width * gates)  # queries, keys, values, output
    text = 2 * (2 * width**2 + width * gates)  # queries, output
    return itself + text + 4 * _FEED_FORWARD * width**2


def _around(model: Architecture, call: ModelCall) -> int:
    """In front of the blocks and behind them: patches, timesteps, and the text if it is projected here."""
    video, audio = call.video_tokens, call.audio_latents
    wide, narrow = model.video_width, model.audio_width
    patches = 2 * 2 * (video * model.in_channels * wide + audio * model.audio_in_channels * narrow)
    rows = (call.latents, video, audio) if call.has_masks else (1, 1, 1)
    values = 9 if model.cross_attention_adaln else 6
    timesteps = (
        rows[0] * _timestep(wide, values)
        + rows[1] * (_timestep(wide, 4) + _timestep(wide, 1))
        + rows[2] * (_timestep(narrow, 4) + _timestep(narrow, 1) + _timestep(narrow, values))
    )
    if model.cross_attention_adaln and model.use_prompt_adaln_single:
        timesteps += _timestep(wide, 2) + _timestep(narrow, 2)
    text = 0 if model.caption_proj_before_connector else _text_projection(model, call.text_tokens)
    return patches + timesteps + text


def _timestep(width: int, values: int) -> int:
    """One row of an adaptive layer norm (`AdaLayerNormSingle`): its encoding, and `values` vectors of it."""
    return 2 * (_SINUSOIDS * width + width**2 + values * width**2)


def _text_projection(model: Architecture, tokens: int) -> int:
    """`PixArtAlphaTextProjection` of both streams."""
    widths = (model.video_width, model.audio_width)
    return sum(2 * tokens * (model.caption_channels * width + width**2) for width in widths)
