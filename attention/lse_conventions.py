"""How each family of kernels is asked for the log-sum-exp of its logits beside its result."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch

Parts = tuple[torch.Tensor, torch.Tensor]
"""A result in the kernel's layout, and its log-sum-exp, (B, heads, Tq) float32, natural logarithm."""


def _sage(function: Callable[..., Any], q: Any, k: Any, v: Any, scale: float | None, options: dict[str, Any]) -> Parts:
    # Smoothed, each call would subtract the mean of its own keys and put it back into the log-sum-exp through a product
    # in half precision. One mean for all groups cancels out of their differences: see `log_sum_exp.attend_merged`.
    out, lse = function(q, k, v, is_causal=False, smooth_k=False, return_lse=True, sm_scale=scale, **options)
    return out, lse


def _torch_flash(function: Callable[..., Any], q: Any, k: Any, v: Any, scale: float | None, _: dict[str, Any]) -> Parts:
    out, lse, *_rest = function(q, k, v, 0.0, False, scale=scale)
    return out, lse


def _torch_with_request(function: Callable[..., Any], q: Any, k: Any, v: Any, scale: float | None, _: dict[str, Any]) -> Parts:
    out, lse, *_rest = function(q, k, v, None, True, 0.0, False, scale=scale)
    # The memory-efficient kernel rounds the rows up to 32, cuDNN's keeps a last axis of 1.
    return out, (lse.squeeze(-1) if lse.ndim == 4 else lse)[..., : q.shape[2]]


def _flash_attn(function: Callable[..., Any], q: Any, k: Any, v: Any, scale: float | None, _: dict[str, Any]) -> Parts:
    out, lse, *_rest = function(q, k, v, softmax_scale=scale, return_attn_probs=True)
    return out, lse


def _flash_attn_3(function: Callable[..., Any], q: Any, k: Any, v: Any, scale: float | None, _: dict[str, Any]) -> Parts:
    asked = {"return_attn_probs": True} if "return_attn_probs" in inspect.signature(function).parameters else {}
    out, lse, *_rest = function(q, k, v, softmax_scale=scale, **asked)
    return out, lse


CONVENTIONS: dict[str, Callable[..., Parts]] = {
    "sage": _sage,
    "torch_flash": _torch_flash,
    "torch_flash_cpu": _torch_flash,
    "torch_cudnn": _torch_with_request,
    "torch_efficient": _torch_with_request,
    "flash_attn": _flash_attn,
    "flash_attn_3": _flash_attn_3,
}
"""By the name in a kernel's row. Tensors are in the kernel's layout, the log-sum-exp is in natural logarithm."""
