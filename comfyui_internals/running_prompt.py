"""The prompt that ComfyUI works on now, as far as ComfyUI tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .contact import Contact, executing_prompt_id

PROMPT_ID = Contact(
    "id of the running prompt",
    "'Stop after this iteration' does not reach the render, and a page that is loaded again shows nothing of it",
)
QUEUE = Contact(
    "queue",
    "'Stop after this iteration' does not reach the render, and a page that is loaded again shows nothing of it",
)
END_OF_PROMPT = Contact(
    "event loop of each prompt",
    "a loop that ended early is noticed only when the next one begins, and stays in memory until then",
)


@dataclass(frozen=True)
class QueuedPrompt:
    """An entry of ComfyUI's queue.

    Attributes:
        prompt_id: ComfyUI's id of the render.
        prompt: The graph in API format.
        extra_data: What the browser sent beside it.
        targets: Ids of the output nodes to run.
    """

    prompt_id: str
    prompt: Mapping[str, Any]
    extra_data: Mapping[str, Any]
    targets: tuple[str, ...]


def prompt_id() -> str:
    """The id of the prompt that the calling node belongs to; empty outside a node."""
    found = executing_prompt_id()
    if found is None:
        PROMPT_ID.is_gone("get_executing_context of comfy_execution.utils")
    return found or ""


def running_prompt(of_prompt: str | None = None) -> QueuedPrompt | None:
    """The prompt that runs now.

    Args:
        of_prompt: A prompt id; None for whatever runs.

    Returns:
        None if no such prompt runs, or this ComfyUI keeps its queue differently.
    """
    try:
        from server import PromptServer

        items, _ = PromptServer.instance.prompt_queue.get_current_queue_volatile()
        running = [_entry(item) for item in items]
    except (ImportError, AttributeError, LookupError, TypeError, ValueError) as error:
        QUEUE.is_gone(error)
        return None
    return next((entry for entry in running if of_prompt in (None, entry.prompt_id)), None)


def queued_prompt(of_prompt: str) -> QueuedPrompt | None:
    """A prompt that runs, or is over and in ComfyUI's history; None if there is none, or this ComfyUI keeps it differently."""
    running = running_prompt(of_prompt)
    if running is not None:
        return running
    try:
        from server import PromptServer

        found = PromptServer.instance.prompt_queue.get_history(prompt_id=of_prompt).get(of_prompt)
        return None if found is None else _entry(found["prompt"])
    except (ImportError, AttributeError, LookupError, TypeError, ValueError) as error:
        QUEUE.is_gone(error)
        return None


def _entry(item: Sequence[Any]) -> QueuedPrompt:
    _, prompt_id, prompt, extra_data, targets, *_ = item
    if not (isinstance(prompt_id, str) and isinstance(prompt, Mapping) and isinstance(extra_data, Mapping)):
        raise TypeError("an entry is not (number, prompt id, prompt, extra data, output nodes, ...)")
    return QueuedPrompt(prompt_id, prompt, extra_data, tuple(targets))


_waiting: dict[asyncio.Task[Any], tuple[str, Callable[[], None]]] = {}
"""Task -> the prompt that it waits for, and what to call then."""


def when_prompt_ends(call: Callable[[], None]) -> None:
    """Calls back when the running prompt is over, in whatever way.

    ComfyUI runs each prompt in an event loop of its own, whose end cancels the task that waits here. The task may be
    cancelled before it ever ran, as nodes need not wait for anything; its callback is called all the same.
    """
    now = prompt_id()
    for task, (earlier, _) in list(_waiting.items()):
        if earlier != now:
            END_OF_PROMPT.is_gone(f"prompt {earlier} is over, and what waited for that still waits")
            _end(task)
            if not task.get_loop().is_closed():
                task.get_loop().call_soon_threadsafe(task.cancel)
    task = asyncio.create_task(asyncio.Event().wait())
    _waiting[task] = now, call
    task.add_done_callback(_end)


def _end(task: asyncio.Task[Any]) -> None:
    if task in _waiting:
        _, call = _waiting.pop(task)
        call()
