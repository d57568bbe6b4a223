"""The kinds of LATENT (video, audio, audio-video, picture), and where the time axis of each lies.

ComfyUI passes latents as dictionaries `{"samples": ..., "noise_mask": ..., ...}`. Four kinds of `samples` meet in a
loop:

- video, a 5-D tensor (B, C, T, H, W); LTX 2.3 has C = 128 and one H, W step for 32 pixels;
- audio, a 4-D tensor (B, C, T, F); LTX 2.3 has C = 8 and F = 16 (comfy/ldm/lightricks/vae/audio_vae.py);
- audio-video, ComfyUI's `NestedTensor` of [video, audio];
- picture, any other 4-D tensor (B, C, H, W), which has no time axis: a loop collects pictures on the batch axis.

A nested value is recognised by its `is_nested` attribute and rebuilt with its own class, so that nothing here imports
ComfyUI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import torch
from torch import Tensor

from ..loop_control.units import AUDIO_LATENT_BINS, AUDIO_LATENT_CHANNELS

Latent = Mapping[str, Any]

TIME_AXIS = 2
"""Axis of time in video (B, C, T, H, W) and in audio (B, C, T, F)."""


class LatentError(ValueError):
    """A latent does not fit what is asked of it; the message has its shape and what would fit."""


class LatentKind(Enum):
    """The four kinds of LATENT; the value is how messages name them."""

    VIDEO = "video"
    AUDIO = "audio"
    AUDIO_VIDEO = "audio-video"
    PICTURE = "picture"


def is_nested(samples: object) -> bool:
    """Whether a value is ComfyUI's NestedTensor (one tensor per modality), which is not a torch tensor."""
    return not isinstance(samples, Tensor) and getattr(samples, "is_nested", False) is True


def tensors_of(samples: Any) -> tuple[Tensor, ...]:
    """The tensors inside `samples`: one for a plain latent, [video, audio] for a nested one."""
    return tuple(samples.unbind()) if is_nested(samples) else (samples,)


def renest(samples: Any, tensors: Sequence[Tensor]) -> Any:
    """`tensors` in the form of `samples`: a new value of the nested class, or the only tensor."""
    return type(samples)(list(tensors)) if is_nested(samples) else tensors[0]


def shape_text(samples: Any) -> str:
    """The shape for a message, for example `(1, 128, 7, 14, 26)` or `nested [(1, 128, ...), (1, 8, ...)]`."""
    if is_nested(samples):
        return "nested [" + ", ".join(str(tuple(part.shape)) for part in tensors_of(samples)) + "]"
    return str(tuple(samples.shape)) if isinstance(samples, Tensor) else type(samples).__name__


def samples_of(latent: Latent, name: str = "latent") -> Any:
    """`latent["samples"]`.

    Raises:
        LatentError: `latent` is not a LATENT dictionary with samples in it.
    """
    samples = latent.get("samples") if isinstance(latent, Mapping) else None
    if not isinstance(samples, Tensor) and not is_nested(samples):
        raise LatentError(f"{name} is not a LATENT with samples in it but {type(latent).__name__}; connect a LATENT")
    return samples


def kind_of(latent: Latent, name: str = "latent") -> LatentKind:
    """Which of the four kinds `latent` is.

    Raises:
        LatentError: the samples have a rank or a nesting that is none of the four.
    """
    samples = samples_of(latent, name)
    if is_nested(samples):
        ranks = [part.ndim for part in tensors_of(samples)]
        if ranks == [5, 4]:
            return LatentKind.AUDIO_VIDEO
        raise LatentError(
            f"{name} is {shape_text(samples)}; a nested latent holds video (B, C, T, H, W), then audio (B, C, T, F)"
        )
    if samples.ndim == 5:
        return LatentKind.VIDEO
    if samples.ndim == 4:
        fits_audio = samples.shape[1] == AUDIO_LATENT_CHANNELS and samples.shape[3] == AUDIO_LATENT_BINS
        return LatentKind.AUDIO if latent.get("type") == "audio" or fits_audio else LatentKind.PICTURE
    raise LatentError(
        f"{name} has shape {shape_text(samples)}; expected video (B, C, T, H, W), audio (B, {AUDIO_LATENT_CHANNELS}, "
        f"T, {AUDIO_LATENT_BINS}) or a nested pair of them"
    )


def require_video(latent: Latent, name: str = "latent") -> Tensor:
    """The samples (B, C, T, H, W) of a plain video latent.

    Raises:
        LatentError: `latent` is of another kind.
    """
    kind = kind_of(latent, name)
    if kind is not LatentKind.VIDEO:
        raise LatentError(
            f"{name} must be a video latent (B, C, T, H, W) but is {kind.value} of shape "
            f"{shape_text(latent['samples'])}{_way_out(kind, 'video_latent')}"
        )
    return latent["samples"]


def require_audio(latent: Latent, name: str = "audio_latent") -> Tensor:
    """The samples (B, C, T, F) of a plain audio latent.

    Raises:
        LatentError: `latent` is of another kind.
    """
    kind = kind_of(latent, name)
    if kind is not LatentKind.AUDIO:
        raise LatentError(
            f"{name} must be an audio latent (B, {AUDIO_LATENT_CHANNELS}, T, {AUDIO_LATENT_BINS}) but is {kind.value} "
            f"of shape {shape_text(latent['samples'])}{_way_out(kind, 'audio_latent')}"
        )
    return latent["samples"]


def require_timed(latent: Latent, name: str = "latent") -> LatentKind:
    """The kind of a latent that has a time axis: video, audio or audio-video.

    Raises:
        LatentError: `latent` is a picture.
    """
    kind = kind_of(latent, name)
    if kind is LatentKind.PICTURE:
        raise LatentError(
            f"{name} is a picture latent of shape {shape_text(latent['samples'])}, which has no time axis; "
            "connect a video latent (B, C, T, H, W)"
        )
    return kind


def _way_out(kind: LatentKind, output: str) -> str:
    return f"; take {output} from LTXVSeparateAVLatent" if kind is LatentKind.AUDIO_VIDEO else ""


def with_samples(latent: Latent, samples: Any, noise_mask: Any = None) -> dict[str, Any]:
    """A new LATENT with other samples, every further key of `latent`, and `noise_mask` only if one is given."""
    rest = {key: value for key, value in latent.items() if key not in ("samples", "noise_mask")}
    return {**rest, "samples": samples} | ({} if noise_mask is None else {"noise_mask": noise_mask})


def cut(tensor: Tensor, start: int, stop: int, axis: int = TIME_AXIS) -> Tensor:
    """A copy of positions [start, stop) on `axis`.

    A copy, because a view would let a later in-place write reach the argument and would keep the whole of it in memory.
    """
    return tensor.narrow(axis, start, stop - start).clone(memory_format=torch.contiguous_format)


def cut_and_hold(tensor: Tensor, start: int, stop: int) -> Tensor:
    """A copy of latents [start, stop) of (B, C, T, ...); behind the end the last one, again and again."""
    positions = torch.arange(start, stop, device=tensor.device).clamp_(max=tensor.shape[TIME_AXIS] - 1)
    return tensor.index_select(TIME_AXIS, positions)
