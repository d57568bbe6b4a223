"""What a sampler is given, as plain numbers: shapes, masks, guide positions, conditioning."""

from __future__ import annotations

from typing import Any

import comfy.utils
import torch


def unpacked(packed: torch.Tensor, shapes: list) -> list[torch.Tensor]:
    """The parts of a packed audio-video latent: video (B, C, T, H, W), then audio (B, C, T, F)."""
    return comfy.utils.unpack_latents(packed, shapes)


def guide_positions(guider: Any, tokens_per_frame: int) -> list[float]:
    """First pixel frame that each guide's latent frame stands for, in the order in which they are appended."""
    positive = (guider.conds.get("positive") or [{}])[0]
    indices = positive.get("model_conds", {}).get("keyframe_idxs")
    if indices is None:
        return []
    starts = indices.cond[0, 0, ::tokens_per_frame]
    # (tokens, [start, end]) if the model uses the middle of each interval, (tokens,) if it does not.
    return [float(value) for value in (starts[:, 0] if starts.ndim == 2 else starts)]


def describe(value: Any) -> Any:
    """A JSON value that tells two preparations apart: dtype and shape of tensors, the value of numbers and texts."""
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype).removeprefix("torch."), "shape": list(value.shape)}
    if isinstance(value, (bool, int, float, str)) or value is None:
        return value
    return type(value).__name__


def describe_conditioning(entries: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """`describe` for every key of every entry; the ids that ComfyUI makes anew each time are left out."""
    left_out = ("uuid", "model_conds", "area", "strength_model")
    return [{key: describe(value) for key, value in entry.items() if key not in left_out} for entry in entries or []]


def per_frame(tensor: torch.Tensor, reduce: Any) -> list[float]:
    """One number per frame of a (B, C, T, ...) tensor."""
    return [float(reduce(tensor[:, :, index].float())) for index in range(tensor.shape[2])]
