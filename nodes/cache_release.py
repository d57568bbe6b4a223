"""Lets ComfyUI forget the outputs of iterations that are over.

ComfyUI's default cache keeps every output of every node until the next prompt: a loop over pictures would hold all of them.
The cache is not reachable through ComfyUI's node API, so it is looked up in the running executor. Where a ComfyUI is built
differently, nothing is released and the loop works all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

log = logging.getLogger(__name__)


def release_outputs(node_ids: Iterable[str]) -> None:
    """Drops the cached outputs of these nodes. Nodes still waiting for one of them have their own reference to it."""
    cache = _output_cache()
    if cache is None:
        return
    for node_id in node_ids:
        try:
            # Only the default cache has one level per expanded node; the others are flat.
            level = cache._get_cache_for(node_id) if hasattr(cache, "_get_cache_for") else cache
            level.cache.pop(level.cache_key_set.get_data_key(node_id), None)
        except AttributeError:
            log.debug("this ComfyUI keeps its node outputs differently; iterations stay in memory until the next prompt")
            return


def _output_cache() -> Any:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    while task is not None:
        frame = getattr(task.get_coro(), "cr_frame", None)
        executor = frame.f_locals.get("self") if frame is not None else None
        caches = getattr(executor, "caches", None)
        if caches is not None:
            return getattr(caches, "outputs", None)
        return None
    return None
