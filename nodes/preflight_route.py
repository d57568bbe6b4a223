"""The route of the *Check* button: the prompt that the browser would queue, looked at and not queued."""

from __future__ import annotations

import asyncio
from typing import Any

PATH = "/audio_loop/preflight"

MOST_BYTES = 8 * 2**20
"""Largest prompt that is looked at. One of a thousand nodes has half a megabyte."""

MOST_VALUES = 400_000
"""Most values in it, since each costs time."""

_at_once = asyncio.Semaphore(2)


async def preflight(request: Any) -> Any:
    """The findings on `{"prompt": {...}}`, an API prompt, as `preflight.report.as_data` gives them. Changes nothing.

    Whose pages may ask is for ComfyUI's own check of the request's origin, and a form on another page cannot send JSON.
    """
    from aiohttp import web

    from ..workflow_graph.document import DocumentError

    if request.content_type != "application/json":
        return web.json_response({"error": "send application/json"}, status=415)
    if (request.content_length or 0) > MOST_BYTES:
        return web.json_response({"error": f"the prompt is larger than {MOST_BYTES} bytes"}, status=413)
    data = await _read_at_most(request.content, MOST_BYTES)
    if data is None:
        return web.json_response({"error": f"the prompt is larger than {MOST_BYTES} bytes"}, status=413)
    try:
        async with _at_once:
            # Disks and large graphs are not for the thread that answers everybody.
            return web.json_response(await asyncio.to_thread(_answer, data))
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


def _answer(data: bytes) -> dict[str, Any]:
    from ..preflight.inside_comfyui import check_prompt
    from ..preflight.report import as_data
    from ..workflow_graph.document import DocumentError, Kind, kind, loads

    prompt = loads(data, name="the request", max_values=MOST_VALUES).get("prompt")
    if not isinstance(prompt, dict) or kind(prompt, name="the prompt") is not Kind.PROMPT:
        raise DocumentError('send {"prompt": ...} with the API prompt that would be queued')
    return as_data(check_prompt(prompt), "")
