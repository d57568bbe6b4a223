"""Finds out what the machine offers: the GPU's architecture and the SageAttention packages that import."""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import inspect
import logging
from collections.abc import Callable
from types import MappingProxyType

import torch

from .kernels import TABLE, Kernel
from .routing import Capabilities, parse_version

log = logging.getLogger(__name__)


@functools.cache
def probe() -> Capabilities:
    """The capabilities of this process; looked up once, as importing CUDA extensions takes a while."""
    versions: dict[str, str] = {}
    functions: set[str] = set()
    mask_functions: set[str] = set()
    for package in dict.fromkeys(kernel.package for kernel in TABLE):
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
        for kernel in TABLE:
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
    return getattr(importlib.import_module(kernel.package), kernel.function)
