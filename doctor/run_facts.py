"""Facts out of a run's folder: windows whose kept latents hold values that are no numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..checkpoints.runs.manifest import Manifest
from ..files.regular_files import open_regular

_BLOCK_BYTES = 16 << 20
_LONGEST_HEADER_BYTES = 16 << 20
_EXPONENTS = {"F16": (np.uint16, 0x7C00), "BF16": (np.uint16, 0x7F80), "F32": (np.uint32, 0x7F800000)}
"""Kinds of numbers -> their bits as whole numbers, and those of the exponent: all of them set is NaN or infinity."""


def not_finite_windows(folder: Path, manifest: Manifest) -> tuple[int, ...]:
    """Windows whose chosen take holds NaN or infinity. A file that cannot be read is passed over."""
    found = []
    for window in manifest.windows:
        stored = window.find(window.chosen)
        if stored is not None and not is_finite_file(folder / stored.file):
            found.append(window.index)
    return tuple(found)


def is_finite_file(path: Path) -> bool:
    """Whether all floating-point numbers of a safetensors file are finite; read in blocks, without torch.

    A file that is none, or cannot be read, counts as finite: nothing can be said of it.
    """
    try:
        with open(open_regular(path), "rb") as file:  # noqa: PTH123  a descriptor has no Path
            size = int.from_bytes(file.read(8), "little")
            if size > _LONGEST_HEADER_BYTES:
                return True
            start = 8 + size
            for bits, exponent, first, stop in _tensors(json.loads(file.read(size))):
                file.seek(start + first)
                left = stop - first
                while left > 0:
                    block = file.read(min(left, _BLOCK_BYTES))
                    if not block:
                        return True
                    left -= len(block)
                    whole = np.frombuffer(block, bits, len(block) // bits().itemsize)
                    if np.any(whole & exponent == exponent):
                        return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True
    return True


def _tensors(header: Any) -> Iterator[tuple[Any, int, int, int]]:
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] in _EXPONENTS:
            yield (*_EXPONENTS[entry["dtype"]], *entry["data_offsets"])
