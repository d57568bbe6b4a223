"""Talks to one running ComfyUI: queue, follow, fetch, upload, interrupt.

The calls block. Network and WebSocket live in one background thread, so that no message is lost while the caller draws.
"""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import threading
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from .errors import ComfyError, PromptRefusedError, ServerError
from .events import Cached, Event, EventReader, Executing, Failed, Finished, ProgressText, refusal
from .http_requests import HttpRequests
from .prompt_result import OutputFile, PromptResult

log = logging.getLogger(__name__)

T = TypeVar("T")
Prompt = Mapping[str, Any]

BINARY_TEXT = 3  # BinaryEventTypes.TEXT in ComfyUI's protocol.py


class ComfyClient:
    """A connection to the ComfyUI at `url`; use it in a `with` statement.

    Raises:
        ServerError: nothing answers there.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.client_id = uuid.uuid4().hex
        self._mailboxes: dict[str, queue.Queue[tuple[str, Mapping[str, Any]]]] = {}
        self._lock = threading.Lock()
        self._lost: str | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="comfy-client", daemon=True)
        self._thread.start()
        try:
            self._await(self._connect())
        except ComfyError:
            self._end_thread()
            raise

    def __enter__(self) -> ComfyClient:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; running prompts go on."""
        if not self._loop.is_closed():
            self._await(self._disconnect())
            self._end_thread()

    def queue(self, prompt: Prompt, extra_data: Mapping[str, Any] | None = None, whole: bool = False) -> str:
        """Queues an API prompt and returns its id.

        Args:
            prompt: Nodes by id, as `graphToPrompt()` writes them.
            extra_data: What the frontend would send beside it, such as `extra_pnginfo`.
            whole: Refuse a prompt of which only some outputs can run. Otherwise it is queued for those, and a warning names
                what is wrong with the others.

        Raises:
            PromptRefusedError: validation found something wrong; the message says which node and input.
            ServerError: the server went away.
        """
        if self._lost is not None:
            raise ServerError(f"the connection to ComfyUI at {self.url} was lost: {self._lost}")
        prompt_id = str(uuid.uuid4())
        body = {"prompt": prompt, "prompt_id": prompt_id, "client_id": self.client_id}
        if extra_data:
            body["extra_data"] = dict(extra_data)
        with self._lock:
            self._mailboxes[prompt_id] = queue.Queue()
        try:
            status, document = self._await(self._http.ask("POST", "/prompt", json=body))
        except ComfyError:
            self._forget(prompt_id)
            raise
        if status != 200:
            self._forget(prompt_id)
            raise PromptRefusedError(*refusal(document if isinstance(document, Mapping) else {"error": document}))
        if document.get("node_errors"):
            # ComfyUI runs the outputs that are sound, and says nothing more of the others.
            refused = PromptRefusedError(*refusal(document))
            if whole:
                self._forget(prompt_id)
                self.post_json("/queue", {"delete": [prompt_id]})
                self.interrupt(prompt_id)
                raise refused
            log.warning("%s; what needs this node is not run", refused)
        return prompt_id

    def follow(self, prompt_id: str, timeout: float | None = None) -> Iterator[Event]:
        """Events of a prompt that this client queued, until the server is done with it; `Finished` is the last.

        Args:
            prompt_id: From `queue`.
            timeout: Seconds without any message after which it is an error; None waits for ever.

        Raises:
            ServerError: the server went away, or said nothing for `timeout` seconds.
        """
        mailbox = self._mailboxes[prompt_id]
        reader = EventReader()
        try:
            while True:
                try:
                    kind, data = mailbox.get(timeout=timeout)
                except queue.Empty:
                    raise ServerError(f"ComfyUI said nothing for {timeout:g} seconds") from None
                if kind == "connection_lost":
                    raise ServerError(f"the connection to ComfyUI at {self.url} was lost: {data['reason']}")
                if kind in ("progress_text", "audio_loop.word"):
                    yield ProgressText(data["node"], data["text"])
                    continue
                for event in reader.read(kind, data):
                    yield event
                    if isinstance(event, Finished):
                        return
        finally:
            self._forget(prompt_id)

    def run(
        self,
        prompt: Prompt,
        extra_data: Mapping[str, Any] | None = None,
        on_event: Callable[[Event], None] | None = None,
        timeout: float | None = None,
    ) -> PromptResult:
        """Queues a prompt, follows it to the end and returns what it made.

        Args:
            prompt: As in `queue`.
            extra_data: As in `queue`.
            on_event: Called with every event as it comes.
            timeout: As in `follow`.

        Raises:
            PromptRefusedError: validation found something wrong.
            PromptInterruptedError: somebody stopped it.
            ComfyError: a node failed.
            ServerError: the server went away.
        """
        begin = time.monotonic()
        prompt_id = self.queue(prompt, extra_data)
        executed: list[str] = []
        cached: list[str] = []
        error: ComfyError | None = None
        for event in self.follow(prompt_id, timeout):
            if on_event is not None:
                on_event(event)
            if isinstance(event, Executing):
                executed.append(event.node_id)
            elif isinstance(event, Cached):
                cached += event.node_ids
            elif isinstance(event, Failed):
                error = event.error
        if error is not None:
            raise error
        entry = self.history(prompt_id)
        seconds = time.monotonic() - begin
        outputs = entry.get("outputs", {})
        return PromptResult(prompt_id, outputs, tuple(executed), tuple(cached), seconds, entry.get("status", {}))

    def history(self, prompt_id: str) -> Mapping[str, Any]:
        """The server's record of a finished prompt.

        Raises:
            ComfyError: there is none.
        """
        document = self.get_json(f"/history/{prompt_id}")
        if prompt_id not in document:
            raise ComfyError(f"ComfyUI has no record of prompt {prompt_id}; is it still running?")
        return document[prompt_id]

    def interrupt(self, prompt_id: str | None = None) -> None:
        """Presses the ✕ button: stops what runs, or only `prompt_id` if that is what runs."""
        self.post_json("/interrupt", {"prompt_id": prompt_id} if prompt_id else {})

    def free(self) -> None:
        """Asks the server to unload its models and to forget cached results, after the running prompt."""
        self.post_json("/free", {"unload_models": True, "free_memory": True})

    def upload(self, path: Path, subfolder: str = "") -> str:
        """Copies a picture or a sound into the server's input folder.

        Returns:
            The name to give to `LoadImage` or `LoadAudio`; the server picks another one if the name is taken.

        Raises:
            ComfyError: the server refused it.
        """
        status, document = self._await(self._http.upload(path, subfolder))
        if status != 200:
            raise ComfyError(f"ComfyUI refused the upload of {path.name} (status {status}): {document}")
        folder = document.get("subfolder")
        return f"{folder}/{document['name']}" if folder else document["name"]

    def fetch(self, output: OutputFile, target: Path) -> Path:
        """Writes an output file to `target`, which must not exist yet.

        Raises:
            ComfyError: the server no longer has it.
            FileExistsError: `target` exists.
        """
        parameters = {"filename": output.filename, "subfolder": output.subfolder, "type": output.folder}
        self._await(self._http.download("/view", parameters, target))
        return target

    def object_info(self, node_class: str | None = None) -> Mapping[str, Any]:
        """Schemas of all nodes, or of one class."""
        return self.get_json(f"/object_info/{node_class}" if node_class else "/object_info")

    def get_json(self, path: str) -> Any:
        """The JSON at `path`.

        Raises:
            ComfyError: the server answers with an error.
        """
        status, document = self._await(self._http.ask("GET", path))
        if status != 200:
            raise ComfyError(f"GET {path} answered {status}: {document}")
        return document

    def post_json(self, path: str, body: Any) -> Any:
        """Posts `body` and returns the JSON or text of the answer.

        Raises:
            ComfyError: the server answers with an error.
        """
        status, document = self._await(self._http.ask("POST", path, json=body))
        if status != 200:
            raise ComfyError(f"POST {path} answered {status}: {document}")
        return document

    def get_bytes(self, path: str) -> bytes:
        """The bytes at `path`, however long they take.

        Raises:
            ComfyError: the server answers with an error.
        """
        return self._await(self._http.ask_bytes("GET", path, None))

    def post_bytes(self, path: str, data: bytes) -> None:
        """Posts a file's content.

        Raises:
            ComfyError: the server answers with an error.
        """
        self._await(self._http.ask_bytes("POST", path, data))

    # In the background thread.

    async def _connect(self) -> None:
        self._session = aiohttp.ClientSession()
        self._http = HttpRequests(self._session, self.url)
        address = f"{self.url.replace('http', 'ws', 1)}/ws"
        try:
            # Progress messages of a long loop list every node; a video preview can be large too.
            self._socket = await self._session.ws_connect(
                address, params={"clientId": self.client_id}, max_msg_size=0, heartbeat=None
            )
        except (aiohttp.ClientError, OSError) as error:
            await self._session.close()
            raise ServerError(f"no ComfyUI answers at {self.url}: {error}") from error
        self._reading = asyncio.create_task(self._read_messages())

    async def _disconnect(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._socket.close()
        await self._session.close()

    async def _read_messages(self) -> None:
        reason = "the server closed it"
        try:
            async for message in self._socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    document = json.loads(message.data)
                    data = document.get("data") or {}
                    self._deliver(document.get("type", ""), data, data.get("prompt_id"))
                elif message.type == aiohttp.WSMsgType.BINARY:
                    self._deliver_text(message.data)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = str(error)
        with self._lock:
            self._lost = reason
            mailboxes = list(self._mailboxes.values())
        for mailbox in mailboxes:
            mailbox.put(("connection_lost", {"reason": reason}))

    def _deliver(self, kind: str, data: Mapping[str, Any], prompt_id: str | None) -> None:
        with self._lock:
            mailbox = self._mailboxes.get(prompt_id or "")
        if mailbox is not None:
            mailbox.put((kind, data))

    def _deliver_text(self, payload: bytes) -> None:
        """Text of a node: event type, length of the node id (4 bytes each, big-endian), node id, text."""
        if len(payload) < 8 or int.from_bytes(payload[:4], "big") != BINARY_TEXT:
            return
        end = 8 + int.from_bytes(payload[4:8], "big")
        data = {"node": payload[8:end].decode(errors="replace"), "text": payload[end:].decode(errors="replace")}
        with self._lock:
            # The message does not name its prompt. ComfyUI runs one at a time: the first of ours that is not done.
            mailbox = next(iter(self._mailboxes.values()), None)
        if mailbox is not None:
            mailbox.put(("progress_text", data))

    # In the caller's thread.

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _forget(self, prompt_id: str) -> None:
        with self._lock:
            self._mailboxes.pop(prompt_id, None)

    def _end_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
