"""Lets ComfyUI forget the outputs of iterations that are over.

ComfyUI's default cache keeps every output of every node until the next prompt: a loop over pictures would hold all of them.
Neither cache nor execution list is reachable through ComfyUI's node API, so they are looked up in the running executor.
Where a ComfyUI is built differently, nothing is released and the loop works all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

log = logging.getLogger(__name__)


def release_outputs(node_ids: Iterable[str], reader: str) -> None:
    """Drops the outputs of these nodes, and of nodes that they expanded into, from ComfyUI's cache.

    Args:
        node_ids: Nodes that are over. Others that still wait for one of them have a reference of their own to it.
        reader: A node that has read what it needs of them and is not done: ComfyUI keeps its inputs until it is.
    """
    running = _running_executor()
    if running is None:
        return
    cache, execution_list = running
    try:
        inputs = execution_list.execution_cache.get(reader, {})
        for node_id in node_ids:
            inputs.pop(node_id, None)
            # Only the default cache has one level per expanded node; the others are flat.
            level = cache._get_cache_for(node_id) if hasattr(cache, "_get_cache_for") else cache
            if level is not None and hasattr(level, "cache_key_set"):
                _forget(level, node_id)
    except AttributeError:
        log.debug("this ComfyUI keeps its node outputs differently; iterations stay in memory until the next prompt")


def cached_outputs(node_id: str) -> list[Any] | None:
    """The outputs of a node that ran in this prompt, each a list as ComfyUI keeps them; None where it has none of them."""
    running = _running_executor()
    try:
        entry = running[0].get_local(node_id) if running is not None else None
    except Exception:  # a cache has no entry for nodes that it was never told of, and each kind says so in its own way
        return None
    outputs = getattr(entry, "outputs", None)
    return outputs if isinstance(outputs, list) else None


def _forget(level: Any, node_id: str) -> None:
    keys = level.cache_key_set
    _forget_key(level, keys.get_data_key(node_id))
    inner = level.subcaches.get(keys.get_subcache_key(node_id))
    if inner is not None:
        _empty(inner)


def _forget_key(level: Any, key: Any) -> None:
    level.cache.pop(key, None)
    for child in getattr(level, "children", {}).get(key, ()):
        _forget_key(level, child)


def _empty(cache: Any) -> None:
    # The levels themselves stay: an output node that takes its time still writes into its own.
    cache.cache.clear()
    for inner in cache.subcaches.values():
        _empty(inner)


def _running_executor() -> tuple[Any, Any] | None:
    """(cache of outputs, execution list) of the prompt that runs in this task."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    frame = getattr(task.get_coro(), "cr_frame", None) if task is not None else None
    if frame is None:
        return None
    caches = getattr(frame.f_locals.get("self"), "caches", None)
    execution_list = frame.f_locals.get("execution_list")
    if caches is None or execution_list is None:
        return None
    return getattr(caches, "outputs", None), execution_list
