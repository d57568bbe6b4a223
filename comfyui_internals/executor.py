"""The state of the executor of the running prompt: the outputs of nodes, and what they have shown.

ComfyUI's default cache keeps every output of every node until the next prompt: a loop over pictures would hold all of them.
Neither cache nor execution list is reachable through ComfyUI's node API, so they are looked up in the local variables of
the coroutine that runs the prompt.
"""

from __future__ import annotations

import asyncio
from collections.abc import ItemsView, Iterable, Iterator, Mapping
from typing import Any

from .contact import Contact

NODE_OUTPUTS = Contact(
    "outputs of finished nodes",
    "finished iterations stay in memory until the render ends; a long song may run out of memory",
)
SHOWN_OUTPUTS = Contact(
    "record of what nodes have shown",
    "a page that is loaded again shows the words of this render, but not its previews",
)


def release_outputs(node_ids: Iterable[str], reader: str) -> None:
    """Drops the outputs of these nodes, and of nodes that they expanded into, from ComfyUI's cache.

    Args:
        node_ids: Nodes that are over. Others that still wait for one of them have a reference of their own to it.
        reader: A node that has read what it needs of them and is not done: ComfyUI keeps its inputs until it is.
    """
    try:
        running = _locals_with("execution_list")
        cache = running["self"].caches.outputs
        inputs = running["execution_list"].execution_cache.get(reader, {})
        for node_id in node_ids:
            inputs.pop(node_id, None)
            _release(cache, node_id)
    except Exception as error:  # whatever it is: no render may end because memory was not given back
        NODE_OUTPUTS.is_gone(error)


def cached_outputs(node_id: str) -> list[Any] | None:
    """The outputs of a node that ran in this prompt, each a list as ComfyUI keeps them; None if it has none of them."""
    try:
        entry = _locals_with("execution_list")["self"].caches.outputs.get_local(node_id)
    except Exception:  # a cache has no entry for nodes that it was never told of, and each kind says so in its own way
        return None
    outputs = getattr(entry, "outputs", None)
    return outputs if isinstance(outputs, list) else None


def shown_outputs() -> Mapping[str, Any]:
    """The outputs shown in the running prompt, by node: `{"output": ..., "meta": {"display_node": ...}}`.

    Grows while the prompt runs. Empty if it is not found.
    """
    try:
        return _Shown(_locals_with("ui_node_outputs")["ui_node_outputs"])
    except LookupError as error:
        SHOWN_OUTPUTS.is_gone(error)
        return {}


class _Shown(Mapping[str, Any]):
    """The entries whose form is known. Read from the server's thread while the executor adds to them."""

    def __init__(self, entries: dict[str, Any]) -> None:
        self._entries = entries

    def __getitem__(self, node_id: str) -> Any:
        return self._known()[node_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def items(self) -> ItemsView[str, Any]:
        return self._known().items()

    def _known(self) -> dict[str, Any]:
        entries = dict(self._entries)
        known = {node_id: entry for node_id, entry in entries.items() if _is_known(entry)}
        if len(known) < len(entries):
            SHOWN_OUTPUTS.is_gone("entries of another form")
        return known


def _is_known(entry: Any) -> bool:
    return isinstance(entry, Mapping) and "output" in entry and "display_node" in (entry.get("meta") or ())


def _locals_with(name: str) -> Mapping[str, Any]:
    """Local variables of the coroutine that runs the prompt. A node that is itself a coroutine is a task beside it."""
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:
        raise LookupError("nodes run outside the executor's event loop") from None
    for task in tasks:
        frame = getattr(task.get_coro(), "cr_frame", None)
        if frame is not None and name in (found := frame.f_locals):
            return found
    raise LookupError(f"nothing that runs has a variable {name}")


def _release(cache: Any, node_id: str) -> None:
    from comfy_execution.caching import NullCache

    if isinstance(cache, NullCache):
        return
    # Only the default cache has one level per expanded node; the others are flat, and know what a node expanded into.
    is_flat = not hasattr(cache, "_get_cache_for")
    level = cache if is_flat else cache._get_cache_for(node_id)
    if level is not None:
        _forget(level, node_id, cache.children if is_flat else {})
    if cache.get_local(node_id) is not None:
        raise LookupError(f"node {node_id} is kept in another place than {type(cache).__name__}.cache")


def _forget(level: Any, node_id: str, children: Mapping[Any, list[Any]]) -> None:
    keys = level.cache_key_set
    _forget_key(level, keys.get_data_key(node_id), children)
    inner = level.subcaches.get(keys.get_subcache_key(node_id))
    if inner is not None:
        _empty(inner)


def _forget_key(level: Any, key: Any, children: Mapping[Any, list[Any]]) -> None:
    level.cache.pop(key, None)
    for child in children.get(key, ()):
        _forget_key(level, child, children)


def _empty(cache: Any) -> None:
    # The levels themselves stay: an output node that takes its time still writes into its own.
    cache.cache.clear()
    for inner in cache.subcaches.values():
        _empty(inner)
