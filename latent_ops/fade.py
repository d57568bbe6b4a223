"""Fading one stretch of frames into another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor

from .kinds import LatentError, shape_text


def _linear(ramp: Tensor) -> Tensor:
    return ramp


def _smooth(ramp: Tensor) -> Tensor:
    # Smoothstep: no slope at either end.
    return ramp * ramp * (3 - 2 * ramp)


CURVES: Mapping[str, Callable[[Tensor], Tensor]] = MappingProxyType({"linear": _linear, "smooth": _smooth})
"""Curves by name; each maps a rising ramp inside (0, 1) to weights of the incoming frames."""


def fade_weights(frames: int, curve: str) -> Tensor:
    """Weights of the incoming frames, shape (frames,), float32, rising inside (0, 1) and symmetric about 1/2.

    Neither end is exactly 0 or 1, so that every frame of the overlap has something of both sides.

    Raises:
        LatentError: `curve` is none of `CURVES`, or `frames` is below 1.
    """
    if curve not in CURVES:
        raise LatentError(f"the curve {curve!r} is not known; use one of {', '.join(CURVES)}")
    if frames < 1:
        raise LatentError(f"a fade over {frames} frames is no fade; use 1 or more")
    ramp = torch.arange(1, frames + 1, dtype=torch.float32) / (frames + 1)
    return CURVES[curve](ramp)


def fade(outgoing: Tensor, incoming: Tensor, axis: int, curve: str) -> Tensor:
    """`outgoing` turning into `incoming` along `axis`; both have the same shape, the result has `outgoing`'s dtype.

    Raises:
        LatentError: unequal shapes or an unknown curve.
    """
    if outgoing.shape != incoming.shape:
        raise LatentError(f"frames of shape {shape_text(outgoing)} cannot fade into {shape_text(incoming)}")
    shape = [1] * outgoing.ndim
    shape[axis] = -1
    weights = fade_weights(outgoing.shape[axis], curve).to(outgoing.device).view(shape)
    # Mixing in half precision would round twice.
    exact = torch.promote_types(outgoing.dtype, torch.float32)
    mixed = torch.lerp(outgoing.to(exact), incoming.to(outgoing.device, exact), weights.to(exact))
    return mixed.to(outgoing.dtype)
