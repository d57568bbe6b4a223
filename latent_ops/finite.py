"""Finds values that are not finite (NaN, Inf): a window that holds one decodes to black, and so does all that follows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from .kinds import is_nested, tensors_of


def not_finite(value: Any) -> str:
    """Says how much of a value is not finite.

    Args:
        value: Anything that travels along a wire: LATENT, CONDITIONING, pictures, nested tensors, lists and mappings of
            these. Tensors that are hidden in objects of another kind are not looked at.

    Returns:
        For example "512 of 11648 values are NaN, 3 are Inf"; "" if all are finite.
    """
    nan = infinite = total = 0
    for tensor in _tensors(value):
        if not (tensor.is_floating_point() or tensor.is_complex()) or tensor.is_meta:
            continue
        # 8-bit floats have no test of their own; half of float32's range holds all that they can.
        known = tensor if tensor.element_size() > 1 else tensor.to(torch.float16)
        total += tensor.numel()
        if not bool(torch.isfinite(known).all()):
            nan += int(torch.isnan(known).sum())
            infinite += int(torch.isinf(known).sum())
    found = [f"{count} of {total} values {'is' if count == 1 else 'are'} {name}" for count, name in _named(nan, infinite)]
    return ", ".join(found)


def conditioning_not_finite(conditioning: Any) -> str:
    """As `not_finite`, of the encoded texts of a CONDITIONING alone: masks beside them may hold -Inf by right."""
    entries = conditioning if isinstance(conditioning, (list, tuple)) else ()
    return not_finite([entry[0] for entry in entries if isinstance(entry, (list, tuple)) and entry])


def _named(nan: int, infinite: int) -> list[tuple[int, str]]:
    return [(count, name) for count, name in ((nan, "NaN"), (infinite, "Inf")) if count]


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        if value.layout == torch.strided and not value.is_quantized:
            yield value
    elif is_nested(value):
        yield from tensors_of(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _tensors(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)
