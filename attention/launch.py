"""Runs one kernel on the tensors of a ComfyUI attention call: layouts, masks and keys made to fit."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import torch

from .kernels import Kernel
from .lse_conventions import CONVENTIONS
from .routing import CallShape

# Beyond this a key's weight is 0 in float32 (2 ** -30000), and it fits float16: -inf and finfo.min do not survive
# scaling, and a block of keys that are all -inf turns into NaN inside the kernel.
LOWEST_BIAS = -30000.0


def call_shape(
    q: torch.Tensor,
    k: torch.Tensor,
    heads: int,
    *,
    mask: torch.Tensor | None,
    skip_reshape: bool,
    scale: float | None = None,
    low_precision: bool = True,
) -> CallShape:
    """Reads off a ComfyUI attention call what routing needs.

    Args:
        q: queries, (B, Tq, heads * width), or (B, heads, Tq, width) with `skip_reshape`.
        k: keys, likewise; fewer heads under grouped-query attention.
        heads: query heads.
        mask: attention mask or None.
        skip_reshape: whether heads are an axis already.
        scale: softmax scale the caller asked for.
        low_precision: False if the caller ruled quantised attention out.
    """
    device = q.device.type
    return _call_shape(q.shape, k.shape, heads, q.dtype, device, mask is not None, skip_reshape, scale, not low_precision)


@functools.lru_cache(maxsize=1024)  # a render repeats a few shapes thousands of times
def _call_shape(
    q_shape: torch.Size,
    k_shape: torch.Size,
    heads: int,
    dtype: torch.dtype,
    device: str,
    masked: bool,
    skip_reshape: bool,
    scale: float | None,
    full_precision: bool,
) -> CallShape:
    width = q_shape[-1] if skip_reshape else q_shape[-1] // heads
    return CallShape(
        q_len=q_shape[-2],
        kv_len=k_shape[-2],
        heads=heads,
        kv_heads=k_shape[1] if skip_reshape else k_shape[-1] // width,
        head_dim=width,
        dtype=str(dtype).removeprefix("torch."),
        on_cuda=device == "cuda",
        on_cpu=device == "cpu",
        masked=masked,
        custom_scale=scale is not None and not math.isclose(scale, width**-0.5, rel_tol=1e-6),
        full_precision=full_precision,
    )


def kernel_mask(mask: torch.Tensor, call: CallShape, batch: int, dtype: torch.dtype) -> torch.Tensor:
    """A ComfyUI mask as SageAttention's Triton kernel reads it, (B, heads, Tq, Tk) without copying broadcast axes.

    The kernel works in base 2: it adds an additive mask to logits that were already multiplied by log2(e), so the mask
    needs the same factor, or a key that should weigh 0.5 would weigh 0.5 ** 0.69.

    Args:
        mask: boolean (True attends) or additive; (Tq, Tk), (B, Tq, Tk) or (B, heads, Tq, Tk), each axis but the last
            may be 1.
        call: the call it belongs to.
        batch: batch size of the queries.
        dtype: dtype of the queries, which the kernel demands of an additive mask.
    """
    while mask.ndim < 4:
        mask = mask.unsqueeze(0 if mask.ndim == 2 else 1)
    if mask.dtype is not torch.bool:
        mask = (mask.float() * math.log2(math.e)).clamp(min=LOWEST_BIAS).to(dtype)
    return mask.expand(batch, call.heads, call.q_len, call.kv_len)


def launch(
    kernel: Kernel,
    function: Callable[..., torch.Tensor],
    call: CallShape,
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    *,
    mask: torch.Tensor | None = None,
    scale: float | None = None,
    skip_reshape: bool = False,
    skip_output_reshape: bool = False,
) -> torch.Tensor:
    """Computes attention with `function`, the implementation of `kernel`.

    Args:
        kernel: row of the table; says which layouts and options the function takes.
        function: called as `function(q, k, v, tensor_layout=..., is_causal=False, **options)`, or as `lse_conventions` says.
        call: shape of the call, from `call_shape`.
        q: queries, (B, Tq, heads * width), or (B, heads, Tq, width) with `skip_reshape`. Not changed, nor are k and v.
        k: keys, likewise.
        v: values, likewise.
        mask: None, or a mask that this kernel honours.
        scale: softmax scale; the kernel's own `width ** -0.5` when None.
        skip_reshape: whether heads are an axis already.
        skip_output_reshape: whether the caller wants (B, heads, Tq, width) back.

    Returns:
        (B, Tq, heads * width), or (B, heads, Tq, width) with `skip_output_reshape`; in the dtype of `q`.
    """
    batch = q.shape[0]
    layout, q, k, v = in_layout(kernel, call, q, k, v, skip_reshape)
    if kernel.writes_keys:
        k = k.clone()
    if kernel.log_sum_exp not in ("", "sage"):
        out, _ = CONVENTIONS[kernel.log_sum_exp](function, q, k, v, scale, dict(kernel.options))
        return out_of_layout(out, layout, call, skip_output_reshape)
    arguments: dict[str, Any] = {"is_causal": False, **dict(kernel.options)}
    if len(kernel.layouts) > 1:
        arguments["tensor_layout"] = layout
    if scale is not None and kernel.scale:
        arguments["sm_scale"] = scale
    if mask is not None:
        arguments["attn_mask"] = kernel_mask(mask, call, batch, q.dtype)
    return out_of_layout(function(q, k, v, **arguments), layout, call, skip_output_reshape)


def in_layout(
    kernel: Kernel, call: CallShape, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, skip_reshape: bool
) -> tuple[str, torch.Tensor, torch.Tensor, torch.Tensor]:
    """A layout that the kernel takes, and queries, keys and values in it; views of what was given if that is possible."""
    layout = "HND" if skip_reshape else "NHD"
    if not skip_reshape:
        q = q.view(q.shape[0], call.q_len, call.heads, call.head_dim)
        k, v = (t.view(t.shape[0], call.kv_len, call.kv_heads, call.head_dim) for t in (k, v))
    if layout not in kernel.layouts:
        layout = kernel.layouts[0]
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
    q, k, v = (t if t.stride(-1) == 1 else t.contiguous() for t in (q, k, v))
    return layout, q, k, v


def out_of_layout(out: torch.Tensor, layout: str, call: CallShape, skip_output_reshape: bool) -> torch.Tensor:
    """A kernel's result as the caller wants it: heads as an axis, (B, heads, Tq, width), or (B, Tq, heads * width)."""
    if skip_output_reshape:
        return out if layout == "HND" else out.transpose(1, 2)
    if layout == "HND":
        out = out.transpose(1, 2)
    return out.reshape(out.shape[0], call.q_len, call.heads * call.head_dim)
