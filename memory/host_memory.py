"""Memory of this process that was freed and is still held by the C library."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable


def give_back_freed_memory() -> None:
    """Hands freed memory back to the system if the C library can (glibc's `malloc_trim`); nothing elsewhere.

    glibc keeps freed blocks below 32 MiB for later, and how many differs from run to run: docs/benchmarks.md, "Streamed video".
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, TypeError, AttributeError):
        # Windows has no library of that name, macOS and musl no such function.
        return None
