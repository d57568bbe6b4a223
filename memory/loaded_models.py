"""Clears dead entries out of ComfyUI's list of loaded models and gives cached memory back.

Nothing here unloads a live model: that would cost a reload of the whole video model in every iteration.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..comfyui_internals.loaded_models import drop_dead_entries

log = logging.getLogger(__name__)

CLEANUP_MODES = ("always", "gpu_only", "never")


@dataclass(frozen=True)
class CleanupReport:
    """The results of a clean-up.

    Attributes:
        orphaned: wrappers dropped because their model is gone.
        unloaded: wrappers dropped because their weights were already taken down.
        freed_bytes: accelerator memory handed back to the driver; None if there is no accelerator to ask.
        failures: one sentence for each step that raised; the other steps still ran.
    """

    orphaned: int = 0
    unloaded: int = 0
    freed_bytes: int | None = None
    failures: tuple[str, ...] = ()

    def summary(self) -> str:
        """One line for the log."""
        parts = [f"{self.orphaned} orphaned and {self.unloaded} unloaded model entries dropped"]
        if self.freed_bytes is not None:
            parts.append(f"{self.freed_bytes / 2**20:.0f} MiB handed back")
        parts += [f"failed: {failure}" for failure in self.failures]
        return "; ".join(parts)


def drop_dead_wrappers(loaded_models: list[Any] | None = None) -> CleanupReport:
    """Removes wrappers that no longer stand for a loaded model, in place.

    Cheap (no garbage collection, no device call), and safe at any time, under dynamic VRAM too: entries of live models
    are not touched, whatever kind of patcher they have.

    Args:
        loaded_models: the list to clear; ComfyUI's own one when left out.
    """
    orphaned, unloaded = drop_dead_entries(loaded_models)
    if orphaned or unloaded:
        log.info("dropped %d orphaned and %d unloaded entries of ComfyUI's loaded models", orphaned, unloaded)
    return CleanupReport(orphaned=orphaned, unloaded=unloaded)


def purge_vram() -> CleanupReport:
    """Drops dead wrappers, collects garbage, lets ComfyUI clean up, and empties the accelerator's cache.

    Live models stay loaded. A step that raises is reported and does not stop the others: a render must not die of its
    own clean-up.
    """
    return _clean(collect=True)


def cleanup(mode: str = "always") -> CleanupReport:
    """The clean-up at the end of an iteration.

    Args:
        mode: "always" does what `purge_vram` does; "gpu_only" leaves out the garbage collection, which takes a while in
            a process with many objects; "never" does nothing.

    Raises:
        ValueError: the mode is not one of `CLEANUP_MODES`.
    """
    if mode not in CLEANUP_MODES:
        raise ValueError(f"cleanup mode is {mode!r}; it must be one of {', '.join(CLEANUP_MODES)}")
    if mode == "never":
        return CleanupReport()
    return _clean(collect=mode == "always")


def _clean(*, collect: bool) -> CleanupReport:
    import comfy.model_management as model_management

    failures: list[str] = []

    def attempt(name: str, step: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return step()
        except Exception as error:
            log.warning("clean-up step '%s' failed: %s", name, error, exc_info=True)
            failures.append(f"{name}: {error}")
            return otherwise

    nothing = CleanupReport()
    reserved_before = attempt("read memory", _reserved_bytes, None)
    dropped = [attempt("drop dead entries", drop_dead_wrappers, nothing)]
    if collect:
        attempt("collect garbage", gc.collect, 0)
        # Collecting can end the life of further models, whose entries are dead from then on.
        dropped.append(attempt("drop dead entries", drop_dead_wrappers, nothing))
    attempt("ComfyUI's own clean-up", model_management.cleanup_models, None)
    attempt("empty cache", model_management.soft_empty_cache, None)
    reserved_after = attempt("read memory", _reserved_bytes, None)
    freed = None if reserved_before is None or reserved_after is None else max(0, reserved_before - reserved_after)
    return CleanupReport(
        orphaned=sum(report.orphaned for report in dropped),
        unloaded=sum(report.unloaded for report in dropped),
        freed_bytes=freed,
        failures=tuple(failures),
    )


def _reserved_bytes() -> int | None:
    """Bytes that torch holds on the accelerator; None on a CPU."""
    import comfy.model_management as model_management
    import torch

    device = model_management.get_torch_device()
    return torch.cuda.memory_reserved(device) if device.type == "cuda" else None
