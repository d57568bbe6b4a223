"""Bodies of requests, bounded in length and in the time in which they arrive."""

from __future__ import annotations

import asyncio
from typing import Any

LONGEST_UPLOAD_SECONDS = 30
"""Time in which a body has to arrive, so that who hangs takes no place for long."""


class BodyError(ValueError):
    """A body that is not read. The message says why; `status` is that of the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def read_json_body(request: Any, what: str, most_bytes: int) -> bytes:
    """The body of a request, said to be JSON: a form on another page cannot say so.

    Args:
        request: Of aiohttp.
        what: The name of what is sent, for messages.
        most_bytes: A longer one is refused, however long its header says that it is.

    Raises:
        BodyError: It is of another type, too long, or does not arrive.
    """
    if request.content_type != "application/json":
        raise BodyError(415, "send application/json")
    if (request.content_length or 0) > most_bytes:
        raise BodyError(413, f"{what} is larger than {most_bytes} bytes")
    try:
        data = await asyncio.wait_for(_read_at_most(request.content, most_bytes), LONGEST_UPLOAD_SECONDS)
    except asyncio.TimeoutError:
        raise BodyError(408, f"{what} did not arrive in time") from None
    if data is None:
        raise BodyError(413, f"{what} is larger than {most_bytes} bytes")
    return data


async def _read_at_most(stream: Any, most_bytes: int) -> bytes | None:
    data = bytearray()
    async for chunk in stream.iter_chunked(1 << 16):
        data += chunk
        if len(data) > most_bytes:
            return None
    return bytes(data)
