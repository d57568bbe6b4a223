"""A run from its job to its scorecard: on a server, or found there, or left unqueued."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..comfy_host.client import ComfyClient
from ..comfy_host.errors import ComfyError, ServerError
from ..comfy_host.prompt_result import PromptResult
from ..farm.songs import content_hash
from ..measuring.trace_files import ATTENTION_FILE
from ..watching.video_file import WatchError
from .judging import judged
from .rendering import Queued, find, put, traces, video_among, video_in, video_left_on, wait
from .run_job import RunJob
from .settings import Nodes
from .silence import silence_like
from .tracker import COMPLETE, DRY_RUN, FAILED, VIDEO_MISSING

log = logging.getLogger(__name__)

_INPUT_FOLDER = "audio_loop_runs"


@dataclass(frozen=True)
class RunEnd:
    """The end of a run.

    Attributes:
        status: As the tracker keeps it.
        prompt: The workflow that was queued.
        metrics: The scorecard; of a failed run "error".
        traces: Name of a trace file -> its bytes.
        video: The video; None if there is none.
        is_fetched: Whether the video is a copy of our own, and not the file in ComfyUI's output folder.
    """

    status: str
    prompt: Nodes
    metrics: Mapping[str, Any] = field(default_factory=dict)
    traces: Mapping[str, bytes] = field(default_factory=dict)
    video: Path | None = None
    is_fetched: bool = False


def dry(job: RunJob) -> RunEnd:
    """The run as it would be queued, with no server asked."""
    prompt = job.prompt(job.fixture.audio.name, job.fixture.image.name)
    return RunEnd(DRY_RUN, prompt, {"nodes": len(prompt)})


def perform(job: RunJob, urls: Sequence[str], scratch: Path, output: Path | None) -> RunEnd:
    """Renders a run and judges it. A server that has it already, finished or in its queue, is asked for it instead.

    Args:
        job: The run.
        urls: The server that may render it, and others that may have it.
        scratch: An empty folder for files on the way.
        output: ComfyUI's output folder; None fetches the video from the server.

    Raises:
        ServerError: The first server went away.
        HarnessError: The workflow has no place for something.
    """
    with ExitStack() as stack:
        client = stack.enter_context(ComfyClient(urls[0]))
        song = silence_like(job.fixture.audio, scratch) if job.is_silent else job.fixture.audio
        client, queued = _found(stack, client, urls[1:], job.run_id)
        left = None if queued else _left(client, job.run_id, scratch, output)
        prompt = queued.prompt if queued else job.prompt(_upload(client, song), _upload(client, job.fixture.image))
        if left is not None:
            finished = _judge(job, client, song, prompt, left, None, is_fetched=output is None)
            if finished.status == COMPLETE:
                return finished
        try:
            queued = queued or put(client, prompt, job.run_id)
            result = _waited(client, queued)
        except ServerError:
            raise
        except ComfyError as error:
            return RunEnd(FAILED, prompt, {"error": str(error)}, traces(client, job.run_id))
        video, is_fetched = _video(client, result, job.run_id, scratch, output)
        return _judge(job, client, song, prompt, video, result.seconds, is_fetched=is_fetched)


def _found(stack: ExitStack, client: ComfyClient, others: Sequence[str], run_id: str) -> tuple[ComfyClient, Queued | None]:
    """The server that has a run and the run's prompt; the first server if none has it."""
    queued = find(client, run_id)
    if queued is not None:
        return client, queued
    for url in others:
        try:
            other = stack.enter_context(ComfyClient(url))
            queued = find(other, run_id)
        except ServerError:
            continue  # one that went away can give nothing
        if queued is not None:
            return other, queued
    return client, None


def _left(client: ComfyClient, run_id: str, scratch: Path, output: Path | None) -> Path | None:
    """The video of a run whose prompt no server remembers."""
    return video_left_on(client, run_id, scratch) if output is None else video_in(output, run_id)


def _waited(client: ComfyClient, queued: Queued) -> PromptResult:
    try:
        return wait(client, queued)
    except KeyboardInterrupt:
        client.interrupt(queued.prompt_id)
        raise


def _upload(client: ComfyClient, path: Path) -> str:
    # In a folder named by content, two files of one name do not take each other's place.
    return client.upload(path, f"{_INPUT_FOLDER}/{content_hash(path)[:16]}")


def _video(
    client: ComfyClient, result: PromptResult, run_id: str, scratch: Path, output: Path | None
) -> tuple[Path | None, bool]:
    if output is not None:
        return video_in(output, run_id), False
    made = video_among(result, run_id)
    return (None, False) if made is None else (client.fetch(made, scratch / Path(made.filename).name), True)


def _judge(
    job: RunJob,
    client: ComfyClient,
    song: Path,
    prompt: Nodes,
    video: Path | None,
    seconds: float | None,
    *,
    is_fetched: bool,
) -> RunEnd:
    found = traces(client, job.run_id)
    if video is None:
        why = "the render ended, but there is no LTX-2_<run_id>_*.mp4; is COMFYUI_OUTPUT_DIR the server's output folder?"
        return RunEnd(VIDEO_MISSING, prompt, {"error": why}, found)
    try:
        metrics = judged(video, prompt, song, job.fixture.image, found.get(ATTENTION_FILE), seconds)
    except WatchError as error:
        if is_fetched:
            video.unlink()
        return RunEnd(FAILED, prompt, {"error": f"the video cannot be watched: {error}"}, found)
    return RunEnd(COMPLETE, prompt, metrics, found, video, is_fetched)
