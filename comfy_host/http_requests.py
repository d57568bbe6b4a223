"""Requests to a ComfyUI over HTTP, in the event loop that owns the session: JSON, bytes, files there and back."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from ..files.atomic_write import publish_new
from .errors import ComfyError, ServerError

REQUEST_TIMEOUT_SECONDS = 60.0


class HttpRequests:
    """Requests to the server at `url` by an open `session`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url

    async def ask(self, method: str, path: str, **arguments: Any) -> tuple[int, Any]:
        """Status, and the JSON or text of the answer.

        Raises:
            ServerError: the server went away, or took longer than `REQUEST_TIMEOUT_SECONDS`.
        """
        timeout = aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_SECONDS)
        try:
            async with self._session.request(method, self._url + path, timeout=timeout, **arguments) as response:
                text = await response.text()
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            raise ServerError(f"{method} {self._url}{path} failed: {error or type(error).__name__}") from error
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, text

    async def ask_bytes(self, method: str, path: str, data: bytes | None) -> bytes:
        """The bytes of the answer, however long they take.

        Raises:
            ServerError: the server went away.
            ComfyError: it answers with an error.
        """
        headers = {} if data is None else {"Content-Type": "application/octet-stream"}
        try:
            # No limit on the whole: a video may be large. A server that is gone closes the connection.
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=REQUEST_TIMEOUT_SECONDS)
            async with self._session.request(method, self._url + path, data=data, headers=headers, timeout=timeout) as response:
                body = await response.read()
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            raise ServerError(f"{method} {self._url}{path} failed: {error or type(error).__name__}") from error
        if response.status != 200:
            raise ComfyError(f"{method} {path} answered {response.status}: {body[:2000].decode(errors='replace')}")
        return body

    async def upload(self, path: Path, subfolder: str) -> tuple[int, Any]:
        """Posts a file to the input folder; status and answer as of `ask`."""
        with path.open("rb") as handle:
            form = aiohttp.FormData()
            form.add_field("image", handle, filename=path.name)
            form.add_field("subfolder", subfolder)
            return await self.ask("POST", "/upload/image", data=form)

    async def download(self, path: str, parameters: Mapping[str, str], target: Path) -> None:
        """Writes what is at `path` to `target`, whole or not at all.

        Raises:
            ServerError: the server went away.
            ComfyError: it no longer has the file.
            FileExistsError: `target` exists.
        """
        unfinished = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            async with self._session.get(self._url + path, params=parameters) as response:
                if response.status != 200:
                    raise ComfyError(f"ComfyUI no longer has {parameters['filename']} (status {response.status})")
                with unfinished.open("xb") as handle:
                    async for block in response.content.iter_chunked(1 << 20):
                        handle.write(block)
            publish_new(unfinished, [target])
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise ServerError(f"downloading {parameters['filename']} failed: {error}") from error
        finally:
            unfinished.unlink(missing_ok=True)
