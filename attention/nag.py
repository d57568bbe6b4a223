"""Normalised attention guidance (NAG) for LTX: a negative prompt that works without a second pass.

Source: "Normalized Attention Guidance: Universal Negative Guidance for Diffusion Models", arXiv 2505.21179. In every
text cross-attention, with Z+ and Z- the attention results over the positive and the negative prompt:

    guided = scale * Z+ - (scale - 1) * Z-
    guided = guided * min(|guided|_1 / |Z+|_1, tau) / (|guided|_1 / |Z+|_1)
    result = alpha * guided + (1 - alpha) * Z+

How it reaches the model, all through `transformer_options` of a clone: the model's own forward gets the negative
context appended to the positive one along the tokens, together with a mask that hides it. So the negative prompt takes
exactly the way of the positive one (projection, modulation by the timestep, key and value layers), and where nobody
looks for it, nothing is guided. An attention override, put in front of whatever override is there at that moment,
knows the calls by that mask, attends to both halves and combines them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..comfyui_internals.sampling import GUIDED_CALLS, has_ltx_parts, is_ltx, model_pass, options_of_run
from . import option_keys

UNCONDITIONAL_OUTPUT = 1
"""Number that ComfyUI's `cond_or_uncond` gives to the negative prompt's share of a batch."""

NORM_FLOOR = 1e-6


class GuidanceError(ValueError):
    """Guidance cannot work with this model or these settings."""


@dataclass(frozen=True)
class NagSettings:
    """The values that the node was given.

    Attributes:
        scale: strength; 1 is no guidance before mixing.
        alpha: share of the guided result, 0 to 1.
        tau: largest growth of the L1 norm, over the feature axis, relative to the positive result.
        video: guide the video stream's text cross-attention.
        audio: guide the audio stream's.
        negative: encoded negative prompt as the text encoder gave it, (B, tokens, width); stays on its own device.
        unprocessed: whether the encoder left the model's connectors to the model.
        attention_mask: of the negative prompt, (B, tokens), or None.
    """

    scale: float
    alpha: float
    tau: float
    video: bool
    audio: bool
    negative: torch.Tensor
    unprocessed: bool = False
    attention_mask: torch.Tensor | None = None


class ProjectedNegative:
    """The negative context after the model's text projection, made once per device and dtype.

    One object per sampling run, so it cannot outlive a change of the projection's weights (a LoRA), and a model that
    was moved meanwhile is asked again where its inputs are now.
    """

    def __init__(self, settings: NagSettings) -> None:
        self.settings = settings
        self._by_place: dict[tuple[torch.device, torch.dtype], torch.Tensor] = {}

    def at(self, diffusion_model: Any, context: torch.Tensor) -> torch.Tensor:
        """The negative context on the device and in the dtype of `context`, (B, tokens, width of the context)."""
        place = (context.device, context.dtype)
        if place not in self._by_place:
            raw = self.settings.negative.to(device=context.device, dtype=context.dtype)
            project = getattr(diffusion_model, "preprocess_text_embeds", None)
            projected = raw if project is None else project(raw, unprocessed=self.settings.unprocessed)
            if projected.shape[-1] != context.shape[-1]:
                raise GuidanceError(
                    f"the negative prompt is {projected.shape[-1]} wide after the model's text projection, the "
                    f"positive one {context.shape[-1]}; encode both with the same text encoder"
                )
            self._by_place[place] = projected
        return self._by_place[place]


def normalized_guidance(positive: torch.Tensor, negative: torch.Tensor, scale: float, alpha: float, tau: float) -> torch.Tensor:
    """The NAG formula on two attention results.

    Args:
        positive: attention over the positive prompt, (B, tokens, features). Not changed.
        negative: attention over the negative prompt, same shape. Not changed.
        scale: guidance scale.
        alpha: share of the guided result.
        tau: clip of the L1 norm ratio.
    """
    guided = torch.lerp(negative, positive, scale)
    ratio = _l1(guided) / _l1(positive)
    guided = guided * (ratio.clamp(max=tau) / ratio)
    return torch.lerp(positive, guided, alpha)


def _l1(x: torch.Tensor) -> torch.Tensor:
    # Summed in float32: 4096 features of a half-precision tensor lose three digits otherwise.
    return torch.linalg.vector_norm(x, ord=1, dim=-1, keepdim=True, dtype=torch.float32).clamp(min=NORM_FLOOR).to(x.dtype)


class GuidedTextAttention:
    """Attention override that guides the text cross-attention of one model pass and passes every other call on.

    Args:
        settings: formula and streams.
        mask: the very mask that this pass gives to the model's text cross-attention; how its calls are known.
        positive_len: tokens of the positive prompt; the negative one's follow.
        masks: the masks of the positive and of the negative prompt alone, or None each.
        guided_rows: (B, 1, 1) boolean, True if a row of the batch is guided; None if all are.
        widths: (video, audio) width of the two streams' queries; audio 0 for a model without sound.
        previous: the override that was there.
    """

    def __init__(
        self,
        settings: NagSettings,
        mask: torch.Tensor,
        positive_len: int,
        masks: tuple[torch.Tensor | None, torch.Tensor | None],
        guided_rows: torch.Tensor | None,
        widths: tuple[int, int],
        previous: Callable[..., torch.Tensor] | None,
    ) -> None:
        self.settings = settings
        self.mask = mask
        self.positive_len = positive_len
        self.masks = masks
        self.guided_rows = guided_rows
        self.widths = widths
        self.previous = previous
        self.is_reached = False

    @torch.compiler.disable
    def __call__(self, func: Callable[..., torch.Tensor], *args: Any, **kwargs: Any) -> torch.Tensor:
        """Computes one attention call; `func` is ComfyUI's own attention, the rest are its arguments."""
        attend = func if self.previous is None else functools.partial(self.previous, func)
        mask = kwargs.get("mask")
        # By storage, not by identity: compiled code hands the same memory over in a tensor object of its own.
        if mask is None or mask.data_ptr() != self.mask.data_ptr() or mask.shape != self.mask.shape:
            return attend(*args, **kwargs)
        self.is_reached = True
        q, k, v, *rest = args
        kwargs = {name: value for name, value in kwargs.items() if name != "mask"}
        n = self.positive_len
        positive = attend(q, k[:, :n], v[:, :n], *rest, mask=self.masks[0], **kwargs)
        video_width, audio_width = self.widths
        wanted = self.settings.video if q.shape[-1] == video_width else self.settings.audio
        if video_width == audio_width:
            wanted = self.settings.video or self.settings.audio
        if not wanted:
            return positive
        negative = attend(q, k[:, n:], v[:, n:], *rest, mask=self.masks[1], **kwargs)
        guided = normalized_guidance(positive, negative, self.settings.scale, self.settings.alpha, self.settings.tau)
        return guided if self.guided_rows is None else torch.where(self.guided_rows, guided, positive)


@torch.compiler.disable(recursive=False)
def guide_pass(executor: Any, *args: Any, **kwargs: Any) -> Any:
    """Diffusion-model wrapper: appends the negative context and sets the override, for this pass only."""
    given = model_pass(executor, args, kwargs)
    if given is None:
        return executor(*args, **kwargs)
    x, context, attention_mask = given.get("x"), given.get("context"), given.get("attention_mask")
    options = given.get("transformer_options") or {}
    settings: NagSettings = options[option_keys.NAG]
    model = given.model
    projected = options.get(option_keys.NAG_PROJECTED) or ProjectedNegative(settings)
    batch = context.shape[0]
    negative = _to_batch(projected.at(model, context), batch)
    dtype = (x[0] if isinstance(x, list | tuple) else x).dtype
    positive_mask = model._prepare_attention_mask(attention_mask, dtype)
    negative_mask = settings.attention_mask
    if negative_mask is not None:
        negative_mask = model._prepare_attention_mask(_to_batch(negative_mask, batch).to(context.device), dtype)
    positive_len, negative_len = context.shape[1], negative.shape[1]
    hidden = torch.full((1, 1, 1, negative_len), torch.finfo(dtype).min, device=context.device, dtype=dtype)
    if positive_mask is None:
        mask = torch.cat([hidden.new_zeros(1, 1, 1, positive_len), hidden], dim=-1)
    else:
        positive_mask = positive_mask.reshape(positive_mask.shape[0], 1, -1, positive_len)
        mask = torch.cat([positive_mask, hidden.expand(*positive_mask.shape[:-1], -1)], dim=-1)
    guided = GuidedTextAttention(
        settings,
        mask,
        positive_len,
        (positive_mask, negative_mask),
        _guided_rows(options.get("cond_or_uncond"), batch, context.device),
        stream_widths(model),
        options.get(option_keys.OVERRIDE),
    )
    positional, named = given.replaced(
        {
            "context": torch.cat([context, negative], dim=1),
            "attention_mask": mask,
            "transformer_options": {**options, option_keys.OVERRIDE: guided},
        }
    )
    result = executor(*positional, **named)
    if not guided.is_reached:
        GUIDED_CALLS.is_gone("no call came with the mask of this pass")
    return result


def _to_batch(tensor: torch.Tensor, batch: int) -> torch.Tensor:
    """Repeats a tensor along the batch axis until it has `batch` rows."""
    if batch % tensor.shape[0]:
        raise GuidanceError(f"the negative prompt has a batch of {tensor.shape[0]}, the positive one of {batch}")
    return tensor.repeat(batch // tensor.shape[0], *[1] * (tensor.ndim - 1))


def _guided_rows(cond_or_uncond: Sequence[int] | None, batch: int, device: torch.device) -> torch.Tensor | None:
    """Rows that are not the negative prompt's own pass; None if that is all of them.

    ComfyUI's batches are one equal share per entry of `cond_or_uncond`.
    """
    if not cond_or_uncond or UNCONDITIONAL_OUTPUT not in cond_or_uncond:
        return None
    rows = torch.tensor([entry != UNCONDITIONAL_OUTPUT for entry in cond_or_uncond], device=device)
    return rows.repeat_interleave(batch // len(cond_or_uncond)).view(batch, 1, 1)


def keep_projection(executor: Any, *args: Any, **kwargs: Any) -> Any:
    """Sampler wrapper: one projection of the negative prompt per sampling run, kept in that run's own options."""
    options = options_of_run(args)
    if options is not None:
        options[option_keys.NAG_PROJECTED] = ProjectedNegative(options[option_keys.NAG])
    return executor(*args, **kwargs)


def stream_widths(diffusion_model: Any) -> tuple[int, int]:
    """Widths of the video and the audio stream; audio 0 for a model without sound."""
    return diffusion_model.inner_dim, getattr(diffusion_model, "audio_inner_dim", 0)


def apply_nag(
    model: Any,
    negative: Sequence[Sequence[Any]],
    nag_scale: float = 11.0,
    nag_alpha: float = 0.25,
    nag_tau: float = 2.5,
    video: bool = True,
    audio: bool = True,
) -> Any:
    """A clone of the model with normalised attention guidance away from `negative`; the given model is not changed.

    Args:
        model: ComfyUI ModelPatcher of an LTX video or audio-video model.
        negative: ComfyUI conditioning with one entry.
        nag_scale: guidance scale; 0 turns guidance off.
        nag_alpha: share of the guided result, 0 to 1; 0 turns guidance off.
        nag_tau: clip of the norm ratio, above 0.
        video: guide the video stream.
        audio: guide the audio stream, if the model has one.

    Returns:
        The clone; the model itself if scale or alpha is 0 or no stream is switched on.

    Raises:
        GuidanceError: a setting out of range, another number of conditioning entries, not an LTX model, or streams that
            cannot be told apart.
    """
    if nag_scale < 0:
        raise GuidanceError(f"nag_scale is {nag_scale}; it must be 0 (off) or more")
    if not 0 <= nag_alpha <= 1:
        raise GuidanceError(f"nag_alpha is {nag_alpha}; it must lie between 0 (off) and 1")
    if nag_tau <= 0:
        raise GuidanceError(f"nag_tau is {nag_tau}; it must be above 0 (2.5 is usual)")
    if nag_scale == 0 or nag_alpha == 0 or not (video or audio):
        return model
    if len(negative) != 1:
        raise GuidanceError(f"the negative conditioning has {len(negative)} entries; guidance takes exactly one prompt")
    diffusion_model = model.get_model_object("diffusion_model")
    if not is_ltx(diffusion_model):
        raise GuidanceError(f"{type(diffusion_model).__name__} is not an LTX model; this guidance knows only LTX")
    if not has_ltx_parts(diffusion_model):
        return model
    video_width, audio_width = stream_widths(diffusion_model)
    if video_width == audio_width and video != audio:
        raise GuidanceError(
            f"both streams of this model are {video_width} wide and cannot be told apart; guide both or neither"
        )
    tensor, extra = negative[0]
    clone = model.clone()
    options = clone.model_options.setdefault("transformer_options", {})
    options[option_keys.NAG] = NagSettings(
        scale=nag_scale,
        alpha=nag_alpha,
        tau=nag_tau,
        video=video,
        audio=audio,
        negative=tensor.detach(),
        unprocessed=bool(extra.get("unprocessed_ltxav_embeds", False)),
        attention_mask=extra.get("attention_mask"),
    )
    wrappers = options.setdefault("wrappers", {})
    wrappers.setdefault("diffusion_model", {})[option_keys.NAG_WRAPPER] = [guide_pass]
    wrappers.setdefault("sampler_sample", {})[option_keys.NAG_WRAPPER] = [keep_projection]
    return clone
