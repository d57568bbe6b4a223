"""The attention kernels that this machine probably offers, found without importing any of them.

The list of modes is needed when ComfyUI starts, and importing a CUDA extension takes seconds. What really works is found out
by `capabilities.probe` when the node runs.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
from types import MappingProxyType

import torch

from .capabilities import TORCH, torch_functions
from .exact_kernels import EXACT_TABLE
from .kernels import TABLE
from .routing import Capabilities, offered_modes, parse_version


@functools.cache
def likely_modes() -> tuple[str, ...]:
    """Modes to offer, default first: the general ones, and a kernel for each installed package that fits the GPU."""
    table = [kernel for kernel in (*TABLE, *EXACT_TABLE) if kernel.package != TORCH]
    packages = {kernel.package for kernel in table if importlib.util.find_spec(kernel.package) is not None}
    functions = frozenset(kernel.qualified_function for kernel in table if kernel.package in packages)
    return offered_modes(
        Capabilities(
            arch=_arch(),
            cuda=parse_version(torch.version.cuda or ""),
            versions=MappingProxyType({TORCH: torch.__version__, **{package: _version(package) for package in packages}}),
            functions=functions | torch_functions(),
            mask_functions=functions,
        )
    )


def _arch() -> int | None:
    if not torch.cuda.is_available() or torch.version.hip is not None:
        return None
    major, minor = torch.cuda.get_device_capability()
    return major * 10 + minor


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "0"
