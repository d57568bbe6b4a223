"""The route of the *Check* button: the prompt that the browser would queue, looked at and not queued."""

from __future__ import annotations

import asyncio
from typing import Any

PATH = "/audio_loop/preflight"

MOST_BYTES = 8 * 2**20
"""Largest prompt that is looked at. One of a thousand nodes has half a megabyte."""

MOST_VALUES = 400_000
"""Most values in it, since each costs time."""

MOST_LINES = 10_000
"""Most lines of one text in it; a schedule of twelve hours that changes every five seconds has fewer."""

MOST_WAITING = 16
"""Requests that are looked at or wait at a time, since each holds its prompt in memory."""

_at_once = asyncio.Semaphore(2)
_busy = asyncio.Semaphore(MOST_WAITING)


async def preflight(request: Any) -> Any:
    """The findings on `{"prompt": {...}}`, an API prompt, as `preflight.report.as_data` gives them. Changes nothing.

    Whose pages may ask is for ComfyUI's own check of the request's origin, and a form on another page cannot send JSON.
    """
    from aiohttp import web

    if _busy.locked():
        busy = {"error": "too many requests at once; ask again in a second"}
        return web.json_response(busy, status=429, headers={"Retry-After": "1"})
    async with _busy:
        return await _answered(request)


async def _answered(request: Any) -> Any:
    from aiohttp import web

    from ..workflow_graph.document import DocumentError
    from .request_bodies import BodyError, read_json_body

    try:
        data = await read_json_body(request, "the prompt", MOST_BYTES)
    except BodyError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    try:
        async with _at_once:
            # Disks and large graphs are not for the thread that answers everybody.
            return web.json_response(text=await asyncio.to_thread(_answer, data))
    except DocumentError as error:
        return web.json_response({"error": str(error)}, status=400)


def _answer(data: bytes) -> str:
    import json

    from ..preflight.inside_comfyui import check_prompt
    from ..preflight.report import as_data
    from ..workflow_graph.document import DocumentError, Kind, kind, loads

    prompt = loads(data, name="the request", max_values=MOST_VALUES).get("prompt")
    if not isinstance(prompt, dict) or kind(prompt, name="the prompt") is not Kind.PROMPT:
        raise DocumentError('send {"prompt": ...} with the API prompt that would be queued')
    _refuse_endless_text(prompt)
    return json.dumps(as_data(check_prompt(prompt), ""))


def _refuse_endless_text(prompt: dict[str, Any]) -> None:
    from ..workflow_graph.document import DocumentError

    for node_id, node in prompt.items():
        inputs = node.get("inputs")
        for name, value in inputs.items() if isinstance(inputs, dict) else ():
            if isinstance(value, str) and len(value) > MOST_LINES and len(value.splitlines()) > MOST_LINES:
                raise DocumentError(f"{name} of node {node_id[:80]} has more than {MOST_LINES} lines; shorten it")
