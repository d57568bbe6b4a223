"""One run on one server: queued once, found again if it is there already, waited for, and its files fetched."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..comfy_host.client import ComfyClient
from ..comfy_host.errors import ComfyError, ServerError
from ..comfy_host.prompt_result import OutputFile, PromptResult
from ..comfy_host.video_of import VIDEO_SUFFIXES
from ..measuring.trace_files import ATTENTION_FILE, EXECUTION_FILE, TRACE_FOLDER
from .filling import prefix_of
from .settings import Nodes

log = logging.getLogger(__name__)

RUN_KEY = "audio_loop_run"
"""Key of a queued prompt's `extra_data` that names its run."""
SECONDS_BETWEEN_LOOKS = 0.2
_LOOKS_BEFORE_LOST = 3
_RUNS_FOLDER = "audio_loop"


@dataclass(frozen=True)
class Queued:
    """A prompt that a server has.

    Attributes:
        prompt_id: ComfyUI's id of it.
        prompt: Nodes by id.
    """

    prompt_id: str
    prompt: Nodes


def find(client: ComfyClient, run_id: str) -> Queued | None:
    """A run's prompt that a server has finished, runs or is going to run; failed ones do not count.

    Raises:
        ServerError: The server went away.
    """
    # A prompt goes from the queue to the history, so that looking in this order cannot miss it.
    queue = client.get_json("/queue")
    entries = [*queue.get("queue_running", ()), *queue.get("queue_pending", ())]
    history = client.get_json("/history")
    entries += [entry["prompt"] for entry in history.values() if _has_succeeded(entry)]
    for _, prompt_id, prompt, extra_data, *_ in entries:
        if isinstance(extra_data, Mapping) and extra_data.get(RUN_KEY) == run_id:
            return Queued(prompt_id, prompt)
    return None


def put(client: ComfyClient, prompt: Nodes, run_id: str) -> Queued:
    """Queues a run's prompt, from a cold start: what the server remembers of other runs would make this one seem fast.

    Raises:
        PromptRefusedError: It, or a part of it, cannot run.
        ServerError: The server went away.
    """
    client.free()
    return Queued(client.queue(prompt, {RUN_KEY: run_id}, whole=True), prompt)


def wait(client: ComfyClient, queued: Queued) -> PromptResult:
    """Waits for a prompt to end, whoever queued it.

    Raises:
        ComfyError: It failed or was interrupted.
        ServerError: The server went away, or has forgotten it.
    """
    missed = 0
    while True:
        history = client.get_json(f"/history/{queued.prompt_id}")
        if queued.prompt_id in history:
            return _result(queued.prompt_id, history[queued.prompt_id])
        missed = 0 if _is_queued(client, queued.prompt_id) else missed + 1
        if missed >= _LOOKS_BEFORE_LOST:
            raise ServerError(
                f"{client.url} has forgotten prompt {queued.prompt_id}: it was started again, or its queue cleared"
            )
        time.sleep(SECONDS_BETWEEN_LOOKS)


def video_in(folder: Path, run_id: str) -> Path | None:
    """A run's finished video in ComfyUI's output folder, `LTX-2_<run_id>_*.mp4`; None if there is none.

    Of several the newest; those that end in a number alone go first, as other runs' names may begin with this one's.
    """
    prefix = prefix_of(run_id)
    found = [path for path in folder.iterdir() if path.name.startswith(f"{prefix}_") and path.suffix in VIDEO_SUFFIXES]
    numbered = re.compile(re.escape(prefix) + r"_\d{5}(_|-audio)?\.\w+")
    return max(found, key=lambda path: (bool(numbered.fullmatch(path.name)), path.stat().st_mtime), default=None)


def video_among(result: PromptResult, run_id: str) -> OutputFile | None:
    """A run's video among what its prompt made."""
    prefix = f"{prefix_of(run_id)}_"
    videos = [file for file in result.files() if file.filename.startswith(prefix)]
    return next((file for file in reversed(videos) if Path(file.filename).suffix in VIDEO_SUFFIXES), None)


def video_left_on(client: ComfyClient, run_id: str, folder: Path) -> Path | None:
    """A run's video that a server still has although it has forgotten the prompt, fetched; None if there is none."""
    name = f"{prefix_of(run_id)}_00001_.mp4"
    try:
        return client.fetch(OutputFile("", name, "", "output"), folder / name)
    except ServerError:
        raise
    except ComfyError:
        return None


def traces(client: ComfyClient, run_id: str) -> dict[str, bytes]:
    """The files of a run's trace that there are, by name."""
    found = {}
    for name in (ATTENTION_FILE, EXECUTION_FILE):
        where = {"filename": name, "subfolder": f"{_RUNS_FOLDER}/{prefix_of(run_id)}/{TRACE_FOLDER}", "type": "output"}
        try:
            found[name] = client.get_bytes(f"/view?{urlencode(where)}")
        except ServerError:
            raise
        except ComfyError:
            continue
    return found


def _result(prompt_id: str, entry: Mapping[str, Any]) -> PromptResult:
    status = entry.get("status") or {}
    messages: Sequence[tuple[str, Mapping[str, Any]]] = status.get("messages", ())
    if not _has_succeeded(entry):
        for kind, data in messages:
            if kind == "execution_error":
                raise ComfyError(str(data.get("exception_message", "")).strip(), data.get("node_id"), data.get("node_type"))
            if kind == "execution_interrupted":
                raise ComfyError("it was interrupted on the server", data.get("node_id"), data.get("node_type"))
        raise ComfyError("it did not succeed, and ComfyUI does not say why")
    return PromptResult(prompt_id, entry.get("outputs", {}), (), (), _seconds(messages), status)


def _seconds(messages: Sequence[tuple[str, Mapping[str, Any]]]) -> float:
    times = {kind: data.get("timestamp", 0) for kind, data in messages}
    return max(0.0, float(times.get("execution_success", 0) - times.get("execution_start", 0)) / 1000)


def _has_succeeded(entry: Mapping[str, Any]) -> bool:
    return (entry.get("status") or {}).get("status_str") == "success"


def _is_queued(client: ComfyClient, prompt_id: str) -> bool:
    queue = client.get_json("/queue")
    return any(prompt_id == entry[1] for key in ("queue_running", "queue_pending") for entry in queue.get(key, ()))
