"""Attention over groups of keys, each without a mask, merged into what the masked call gives.

With o_n, lse_n of the window's keys and o_g, lse_g of a guide's keys, and a bias b that the mask adds to the guide's logits:

    o = o_n + (o_g - o_n) * sigmoid(lse_g + b - lse_n),   lse = log(exp(lse_n) + exp(lse_g + b))

which is exact; further groups are merged into the result in turn. Each query has a log-sum-exp of its own, so the bias may
differ from query to query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from .kernels import Kernel
from .key_groups import KeyGroup
from .launch import in_layout, out_of_layout
from .lse_conventions import CONVENTIONS
from .routing import CallShape


def attend_merged(
    kernel: Kernel,
    function: Callable[..., Any],
    call: CallShape,
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    groups: Sequence[KeyGroup],
    *,
    scale: float | None = None,
    skip_reshape: bool = False,
    skip_output_reshape: bool = False,
) -> torch.Tensor:
    """Attention over all groups, as if the mask that they were read from had been added to the logits.

    Args:
        kernel: row of a table with `log_sum_exp`.
        function: its implementation.
        call: shape of the call.
        q: queries, (B, Tq, heads * width), or (B, heads, Tq, width) with `skip_reshape`. Not changed, nor are k and v.
        k: keys, likewise.
        v: values, likewise.
        groups: from `key_groups`, at least one.
        scale: softmax scale; `width ** -0.5` when None.
        skip_reshape: whether heads are an axis already.
        skip_output_reshape: whether the caller wants (B, heads, Tq, width) back.

    Returns:
        (B, Tq, heads * width), or (B, heads, Tq, width) with `skip_output_reshape`; in the dtype of `q`.
    """
    layout, q, k, v = in_layout(kernel, call, q, k, v, skip_reshape)
    tokens = 1 if layout == "NHD" else 2
    options = dict(kernel.options)
    if kernel.log_sum_exp == "sage":
        options["tensor_layout"] = layout
        # What a quantised kernel does with its keys anyway; the same shift of all keys changes no weight.
        k = k - k.mean(dim=tokens, keepdim=True)
    attend = CONVENTIONS[kernel.log_sum_exp]
    out: torch.Tensor | None = None
    lse: torch.Tensor | None = None
    for group in groups:
        part, part_lse = attend(function, q, group.of(k, tokens), group.of(v, tokens), scale, options)
        part_lse = part_lse.float() + group.bias
        if out is None or lse is None:
            out, lse = part, part_lse
            continue
        weight = torch.sigmoid(part_lse - lse)
        lse = torch.logaddexp(lse, part_lse)
        weight = weight.to(out.dtype).unsqueeze(-1)
        out = out.lerp_(part, weight.transpose(1, 2) if layout == "NHD" else weight)
    assert out is not None
    return out_of_layout(out, layout, call, skip_output_reshape)
