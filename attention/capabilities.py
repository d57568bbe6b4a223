"""Finds out what the machine offers: the GPU's architecture, the packages that import, and torch's own kernels."""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import inspect
import logging
from collections.abc import Callable
from types import MappingProxyType

import torch

from .exact_kernels import EXACT_TABLE
from .kernels import TABLE, Kernel
from .routing import Capabilities, parse_version

log = logging.getLogger(__name__)
TORCH = "torch"


@functools.cache
def probe() -> Capabilities:
    """The capabilities of this process; looked up once, as importing CUDA extensions takes a while."""
    versions: dict[str, str] = {}
    functions: set[str] = set()
    mask_functions: set[str] = set()
    table = (*TABLE, *EXACT_TABLE)
    for package in dict.fromkeys(kernel.package for kernel in table):
        if package == TORCH:
            versions[TORCH] = torch.__version__
            functions.update(torch_functions())
            continue
        try:
            module = importlib.import_module(package)
        except ImportError as error:
            # A missing package is the ordinary case; one that is there and broken is worth a line.
            if error.name != package:
                log.warning("%s is installed but cannot be imported: %s", package, error)
            continue
        except Exception as error:
            log.warning("%s is installed but cannot be imported: %s", package, error)
            continue
        versions[package] = _version(package, module)
        for kernel in table:
            function = getattr(module, kernel.function, None) if kernel.package == package else None
            if callable(function):
                functions.add(kernel.qualified_function)
                if "attn_mask" in inspect.signature(function).parameters:
                    mask_functions.add(kernel.qualified_function)
    arch = None
    if torch.cuda.is_available() and torch.version.hip is None:
        major, minor = torch.cuda.get_device_capability()
        arch = major * 10 + minor
    return Capabilities(
        arch=arch,
        cuda=parse_version(torch.version.cuda or ""),
        versions=MappingProxyType(versions),
        functions=frozenset(functions),
        mask_functions=frozenset(mask_functions),
    )


def _version(package: str, module: object) -> str:
    for name in importlib.metadata.packages_distributions().get(package, ()):
        return importlib.metadata.version(name)
    return str(getattr(module, "__version__", "0"))


def load(kernel: Kernel) -> Callable[..., torch.Tensor]:
    """The callable behind a row of the table.

    Raises:
        ImportError: the package is not there.
        AttributeError: it is, without this function.
    """
    if kernel.package == TORCH:
        return getattr(torch.ops.aten, kernel.function)
    return getattr(importlib.import_module(kernel.package), kernel.function)


def torch_functions() -> frozenset[str]:
    """`torch.function` of torch's own kernels that this build brings."""
    # Builds for Windows had the operator long before it computed anything.
    hollow = set() if torch.backends.cuda.is_flash_attention_available() else {"torch_flash"}
    return frozenset(
        row.qualified_function
        for row in EXACT_TABLE
        if row.package == TORCH and row.log_sum_exp not in hollow and hasattr(torch.ops.aten, row.function)
    )
