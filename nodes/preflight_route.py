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

LONGEST_UPLOAD_SECONDS = 30
"""Time in which the prompt has to arrive, so that who hangs takes no place for long."""

_at_once = asyncio.Semaphore(2)
_busy = asyncio.Semaphore(MOST_WAITING)


async def preflight(request: Any) -> Any:
    """The findings on `{"prompt": {...}}`, an API prompt, as `preflight.report.as_data` gives them. Changes nothing.

    Whose pages may ask is for ComfyUI's own check of the request's origin, and a form on another page cannot send JSON.
    """
    from aiohttp import web

    if request.content_type != "application/json":
        return web.json_response({"error": "send application/json"}, status=415)
    if (request.content_length or 0) > MOST_BYTES:
        return web.json_response({"error": f"the prompt is larger than {MOST_BYTES} bytes"}, status=413)
    if _busy.locked():
        busy = {"error": "too many requests at once; ask again in a second"}
        return web.json_response(busy, status=429, headers={"Retry-After": "1"})
    async with _busy:
        return await _answered(request)


async def _answered(request: Any) -> Any:
    from aiohttp import web

    from ..workflow_graph.document import DocumentError

    try:
        data = await asyncio.wait_for(_read_at_most(request.content, MOST_BYTES), LONGEST_UPLOAD_SECONDS)
    except asyncio.TimeoutError:
        return web.json_response({"error": "the prompt did not arrive in time"}, status=408)
    if data is None:
        return web.json_response({"error": f"the prompt is larger than {MOST_BYTES} bytes"}, status=413)
    try:
        async with _at_once:
            # Disks and large graphs are not for the thread that answers everybody.
            return web.json_response(text=await asyncio.to_thread(_answer, data))
    except DocumentError as error:
        return web.json_response({"error": str(error)}, status=400)


async def _read_at_most(stream: Any, most_bytes: int) -> bytes | None:
    """The body; None if there is more of it, however long its header said that it is."""
    data = bytearray()
    async for chunk in stream.iter_chunked(1 << 16):
        data += chunk
        if len(data) > most_bytes:
            return None
    return bytes(data)


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
