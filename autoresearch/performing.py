"""A run from its job to its scorecard: on a server, or found there, or left unqueued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..comfy_host.client import ComfyClient
from ..comfy_host.errors import ComfyError, PromptRefusedError, ServerError
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
    """Renders a run and judges it. A server that has it already, finished or in its queue, is asked for it instead, if the
    run's name is a hash of what it is.

    Args:
        job: The run.
        urls: The server that may render it, and others that may have it.
        scratch: An empty folder for files on the way.
        output: ComfyUI's output folder; None fetches the video from the server.

    Raises:
        ServerError: The first server went away.
        HarnessError: The workflow has no place for something.
    """
    song = silence_like(job.fixture.audio, scratch) if job.is_silent else job.fixture.audio
    place = _Place(job, song, scratch, output)
    for url in urls[1:] if job.is_named_by_content else ():
        try:
            with ComfyClient(url) as client:
                found = _had(client, place)
        except ServerError:
            continue  # one that went away can give nothing
        if found is not None:
            return found
    with ComfyClient(urls[0]) as client:
        return (_had(client, place) if job.is_named_by_content else None) or _rendered(client, place)


@dataclass(frozen=True)
class _Place:
    """The files around a run.

    Attributes:
        job: The run.
        song: Its song, or the silence in its place.
        scratch: A folder for files on the way.
        output: ComfyUI's output folder; None fetches the video from the server.
    """

    job: RunJob
    song: Path
    scratch: Path
    output: Path | None


def _had(client: ComfyClient, place: _Place) -> RunEnd | None:
    """The end of a run that a server has finished or in its queue, or whose whole video it still has; else None."""
    queued = find(client, place.job.run_id)
    if queued is not None:
        return _ended(client, place, queued)
    video = _left(client, place)
    if video is None:
        return None
    end = _judge(client, place, place.job.prompt(place.song.name, place.job.fixture.image.name), video, None)
    return end if end.status == COMPLETE and not end.metrics["damage"] else None


def _rendered(client: ComfyClient, place: _Place) -> RunEnd:
    prompt = place.job.prompt(_upload(client, place.song), _upload(client, place.job.fixture.image))
    try:
        queued = put(client, prompt, place.job.run_id)
    except PromptRefusedError as error:
        return RunEnd(FAILED, prompt, {"error": str(error)})
    return _ended(client, place, queued)


def _ended(client: ComfyClient, place: _Place, queued: Queued) -> RunEnd:
    try:
        result = wait(client, queued)
    except KeyboardInterrupt:
        client.interrupt(queued.prompt_id)
        raise
    except ServerError:
        raise
    except ComfyError as error:
        return RunEnd(FAILED, queued.prompt, {"error": str(error)}, traces(client, place.job.run_id))
    return _judge(client, place, queued.prompt, _video(client, result, place), result.seconds)


def _left(client: ComfyClient, place: _Place) -> Path | None:
    """The video of a run whose prompt the server has forgotten."""
    run_id = place.job.run_id
    return video_left_on(client, run_id, place.scratch) if place.output is None else video_in(place.output, run_id)


def _upload(client: ComfyClient, path: Path) -> str:
    # In a folder named by content, two files of one name do not take each other's place.
    return client.upload(path, f"{_INPUT_FOLDER}/{content_hash(path)[:16]}")


def _video(client: ComfyClient, result: PromptResult, place: _Place) -> Path | None:
    if place.output is not None:
        return video_in(place.output, place.job.run_id)
    made = video_among(result, place.job.run_id)
    return None if made is None else client.fetch(made, place.scratch / Path(made.filename).name)


def _judge(client: ComfyClient, place: _Place, prompt: Nodes, video: Path | None, seconds: float | None) -> RunEnd:
    job, is_fetched = place.job, place.output is None
    found = traces(client, job.run_id)
    if video is None:
        why = "the render ended, but there is no LTX-2_<run_id>_*.mp4; is COMFYUI_OUTPUT_DIR the server's output folder?"
        return RunEnd(VIDEO_MISSING, prompt, {"error": why}, found)
    try:
        metrics = judged(video, prompt, place.song, job.fixture.image, found.get(ATTENTION_FILE), seconds)
    except WatchError as error:
        if is_fetched:
            video.unlink()
        return RunEnd(FAILED, prompt, {"error": f"the video cannot be watched: {error}"}, found)
    return RunEnd(COMPLETE, prompt, metrics, found, video, is_fetched)
