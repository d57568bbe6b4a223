"""Reading, changing and blending CONDITIONING: a list of [tokens (B, N, D), dictionary of further values].

Blending follows the meaning of the padding that text encoders add: a token that one side lacks, or masks, counts as
zeros there, and it is masked in the result only if both sides mask it. LTX's own embeddings come without a mask and
of any length (comfy/text_encoders/lt.py); since every token of the longer side is then a real one, no mask is made for
them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

Conditioning = Sequence[Sequence[Any]]

# These say how the sampler must read latent and tokens; half of one and half of another means nothing.
MUST_BE_EQUAL = (
    "frame_rate",
    "keyframe_idxs",
    "guide_attention_entries",
    "generated_keyframes",
    "unprocessed_ltxav_embeds",
)
_BLENDED = ("attention_mask", "pooled_output")

PROMPT_KEY = "audio_loop_prompt"
"""Where an encoded prompt says what it was, for the records of a run. No model reads it."""


class ConditioningError(ValueError):
    """Conditioning does not fit what is asked of it; the message has the values and what would fit."""


def with_values(conditioning: Conditioning, values: Mapping[str, Any]) -> list[list[Any]]:
    """New conditioning with `values` set on every entry; the tokens are the same tensors."""
    return [[tokens, {**extra, **values}] for tokens, extra in conditioning]


def first_value(conditioning: Conditioning, key: str) -> Any:
    """The value of `key` on the first entry that has one other than None; None if none has."""
    return next((extra[key] for _, extra in conditioning if extra.get(key) is not None), None)


def blend_conditioning(a: Conditioning, b: Conditioning, factor: float) -> Conditioning:
    """Entry by entry `(1 - factor) * a + factor * b`.

    Tokens, `pooled_output` and `attention_mask` are blended as the module says, in the dtype and on the device of `a`;
    a batch of 1 is spread over the other side's. Of the further values, one that only one side has is kept;
    `frame_rate`, the positions of guides and the form of the embeddings must be equal; any other that differs is taken
    from the side with the greater weight (`a` at exactly 0.5).

    Args:
        a: conditioning, tokens (B or 1, N1, D).
        b: conditioning with as many entries, tokens (B or 1, N2, D).
        factor: weight of `b`, 0 to 1. At 0 and at 1 the argument itself is returned.

    Returns:
        Conditioning with tokens (B, max(N1, N2), D).

    Raises:
        ConditioningError: a factor outside 0..1, unequal numbers of entries, or values that cannot be blended.
    """
    if not (math.isfinite(factor) and 0 <= factor <= 1):
        raise ConditioningError(f"blend factor {factor} is not between 0 (only the first) and 1 (only the second)")
    if factor == 0:
        return a
    if factor == 1:
        return b
    if len(a) != len(b):
        raise ConditioningError(
            f"conditioning of {len(a)} entries cannot be blended with one of {len(b)}; "
            "blend before combining, so that both have the same number"
        )
    return [_blend_entry(left, right, factor, number) for number, (left, right) in enumerate(zip(a, b, strict=True), 1)]


def _blend_entry(a: Sequence[Any], b: Sequence[Any], factor: float, number: int) -> list[Any]:
    (tokens_a, extra_a), (tokens_b, extra_b) = a, b
    if tokens_a.ndim != 3 or tokens_b.ndim != 3 or tokens_a.shape[2] != tokens_b.shape[2]:
        raise ConditioningError(
            f"entry {number}: tokens of shape {tuple(tokens_a.shape)} and {tuple(tokens_b.shape)} cannot be blended; "
            "both must be (B, N, D) with the same D, so encode both with the same text encoder"
        )
    length = max(tokens_a.shape[1], tokens_b.shape[1])
    batch = _common_batch(tokens_a, tokens_b, f"entry {number}: tokens")
    valid_a = _validity(tokens_a, extra_a.get("attention_mask"), batch, length, number)
    valid_b = _validity(tokens_b, extra_b.get("attention_mask"), batch, length, number)
    tokens = _lerp(_padded(tokens_a, length) * valid_a[..., None], _padded(tokens_b, length) * valid_b[..., None], factor)
    extra = _merge(extra_a, extra_b, factor, number)
    masks = [mask for mask in (extra_a.get("attention_mask"), extra_b.get("attention_mask")) if mask is not None]
    if masks:
        extra["attention_mask"] = (valid_a | valid_b.to(valid_a.device)).to(masks[0].device, masks[0].dtype)
    return [tokens, extra]


def _common_batch(a: Tensor, b: Tensor, what: str) -> int:
    if a.shape[0] != b.shape[0] and 1 not in (a.shape[0], b.shape[0]):
        raise ConditioningError(
            f"{what} of shape {tuple(a.shape)} and {tuple(b.shape)} have batches of {a.shape[0]} and {b.shape[0]}; "
            "they must be equal, or one of them 1"
        )
    return max(a.shape[0], b.shape[0])


def _padded(tokens: Tensor, length: int) -> Tensor:
    return torch.nn.functional.pad(tokens, (0, 0, 0, length - tokens.shape[1]))


def _validity(tokens: Tensor, mask: Tensor | None, batch: int, length: int, number: int) -> Tensor:
    """(batch, length) of bool on the tokens' device: which positions hold a token that this side does not mask."""
    if mask is None:
        valid = torch.ones(tokens.shape[:2], dtype=torch.bool, device=tokens.device)
    elif mask.is_floating_point() or mask.ndim != 2 or mask.shape[1] != tokens.shape[1] or mask.shape[0] not in (1, batch):
        raise ConditioningError(
            f"entry {number}: attention_mask of shape {tuple(mask.shape)} and type {mask.dtype} does not fit tokens of "
            f"shape {tuple(tokens.shape)}; expected whole numbers 0 and 1 of shape (B, {tokens.shape[1]})"
        )
    else:
        valid = mask.to(tokens.device) != 0
    return torch.nn.functional.pad(valid, (0, length - valid.shape[1])).expand(batch, -1)


def _lerp(a: Tensor, b: Tensor, factor: float) -> Tensor:
    exact = torch.promote_types(a.dtype, torch.float32)
    return torch.lerp(a.to(exact), b.to(a.device, exact), factor).to(a.dtype)


def _merge(a: Mapping[str, Any], b: Mapping[str, Any], factor: float, number: int) -> dict[str, Any]:
    merged = {key: value for key, value in {**b, **a}.items() if key not in _BLENDED}
    for key in merged:
        if key not in a or key not in b or _same(a[key], b[key]):
            continue
        if key in MUST_BE_EQUAL:
            raise ConditioningError(
                f"entry {number}: {key} is {_brief(a[key])} on one side and {_brief(b[key])} on the other; it must be "
                "equal, so prepare both the same way before blending"
            )
        merged[key] = a[key] if factor <= 0.5 else b[key]
    if "pooled_output" in a or "pooled_output" in b:
        merged["pooled_output"] = _blend_pooled(a.get("pooled_output"), b.get("pooled_output"), factor, number)
    return merged


def _blend_pooled(a: Tensor | None, b: Tensor | None, factor: float, number: int) -> Tensor | None:
    if a is None or b is None:
        return b if a is None else a
    if a.shape[1:] != b.shape[1:]:
        raise ConditioningError(
            f"entry {number}: pooled_output of shape {tuple(a.shape)} and {tuple(b.shape)} cannot be blended; encode "
            "both with the same text encoder"
        )
    _common_batch(a, b, f"entry {number}: pooled_output")
    return _lerp(a, b, factor)


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.shape == b.shape and torch.equal(a, b.to(a.device, a.dtype))
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return False
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(_same(left, right) for left, right in zip(a, b, strict=True))
    return bool(a == b)


def _brief(value: Any) -> str:
    return f"a tensor {tuple(value.shape)}" if isinstance(value, Tensor) else repr(value)
