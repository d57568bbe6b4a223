"""Content hashes of tensors, nested latents and arrays, the same on every device."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import torch

from ...files.hashing import digest_parts, new_hasher
from ...latent_ops.kinds import is_nested
from ..errors import FingerprintRefusedError
from .value_hash import hash_plain_value


def hash_value(value: object, *, name: str = "value") -> bytes:
    """Returns the content hash of anything that travels along the graph's wires, tensors included.

    LATENT mappings (with plain or nested samples and masks), CONDITIONING lists of `[tensor, mapping]`, AUDIO
    mappings, pictures, numbers, text, None and frozen plans are known.

    Args:
        value: The value; it is not changed.
        name: What to call it in an error.

    Returns:
        32 bytes.

    Raises:
        FingerprintRefusedError: A part has an unknown type; the message names it.
    """
    return hash_plain_value(value, name=name, leaf=functools.partial(_hash_leaf, name=name))


def hash_tensor(tensor: torch.Tensor) -> bytes:
    """Hashes dtype, shape and bytes of a dense tensor on any device; strides and `requires_grad` do not count.

    Args:
        tensor: Any shape and dtype.

    Returns:
        32 bytes.

    Raises:
        FingerprintRefusedError: The tensor is sparse, quantised, on the meta device or of a tensor subclass.
    """
    if type(tensor) not in (torch.Tensor, torch.nn.Parameter) or tensor.layout != torch.strided or tensor.is_meta:
        raise FingerprintRefusedError(
            f"a tensor of type {type(tensor).__qualname__}, layout {tensor.layout} on {tensor.device} "
            "has no plain bytes to hash; pass a dense one"
        )
    if tensor.is_quantized:
        raise FingerprintRefusedError(f"a quantised tensor ({tensor.dtype}) has no plain bytes to hash; dequantise it")
    dense = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
    hasher = new_hasher()
    if dense.numel():
        hasher.update(dense.view(torch.uint8).numpy().data)
    shape = ",".join(str(size) for size in tensor.shape)
    return digest_parts("tensor", str(tensor.dtype), shape, hasher.digest())


def _hash_leaf(value: Any, *, name: str) -> bytes | None:
    if isinstance(value, torch.Tensor):
        return hash_tensor(value)
    if is_nested(value):
        return digest_parts("nested", *(hash_tensor(part) for part in value.unbind()))
    if isinstance(value, np.generic):
        return hash_plain_value(value.item(), name=name)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        array = np.ascontiguousarray(value)
        shape = ",".join(str(size) for size in value.shape)
        hasher = new_hasher()
        hasher.update(array.tobytes())
        return digest_parts("array", value.dtype.str, shape, hasher.digest())
    if isinstance(value, torch.dtype):
        return digest_parts("dtype", str(value))
    return None
