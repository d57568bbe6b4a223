"""A sweep on several servers, by Ray: each run is a task on one of them; what a lost server had is rendered elsewhere."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..comfy_host.errors import ServerError
from ..farm.errors import ServerLostError
from ..farm.on_ray import actor_here, leased, server_task, started_ray, why
from ..farm.servers import Servers
from .keeping import keep, words
from .performing import RunEnd, dry, perform
from .run_job import RunJob
from .tracker import COMPLETE, FAILED, RunRow


@dataclass(frozen=True)
class SentRun:
    """A run's end on its way from another process.

    Attributes:
        end: The end, without a path to the video.
        suffix: The ending of the video's name; "" if there is none.
        video: The video's bytes.
    """

    end: RunEnd
    suffix: str = ""
    video: bytes = b""


def sweep_on_ray(jobs: Sequence[RunJob], urls: Sequence[str], data: Path, cluster: str | None) -> bool:
    """Renders runs on servers, and judges and keeps them; says how each ended.

    Args:
        jobs: The runs.
        urls: The servers'.
        data: The data folder; only this process writes there.
        cluster: Address of a Ray cluster; None starts Ray here.

    Returns:
        Whether all are complete.

    Raises:
        ImportError: Ray is not installed.
    """
    complete = 0
    with started_ray(len(urls), cluster) as ray:
        servers = actor_here(ray, Servers, list(urls))
        task = server_task(ray, work, urls, cluster)
        running = {task.options(name=job.description).remote(job, servers, list(urls)): job for job in jobs}
        while running:
            (ready,), _ = ray.wait(list(running), num_returns=1)
            job = running.pop(ready)
            try:
                row = _kept(ray.get(ready), job, data)
            except ray.exceptions.RayError as error:
                row = keep(data, job, RunEnd(FAILED, dry(job).prompt, {"error": why(error)}))
            complete += row.status == COMPLETE
            sys.stdout.write(words(row))
            sys.stdout.flush()
    return complete == len(jobs)


def work(job: RunJob, servers: Any, urls: Sequence[str]) -> SentRun:
    """A task: waits for a server, renders a run there and judges it; what another server has already is taken from it.

    Args:
        job: The run.
        servers: The actor `Servers`.
        urls: All servers.

    Raises:
        ServerLostError: The server went away.
    """
    with leased(servers, job.description) as url, tempfile.TemporaryDirectory(prefix="audio-loop-run-") as scratch:
        try:
            end = perform(job, [url, *(other for other in urls if other != url)], Path(scratch), None)
        except ServerError as error:
            raise ServerLostError(f"{url} went away during {job.description}: {error}") from error
        if end.video is None:
            return SentRun(end)
        return SentRun(replace(end, video=None), end.video.suffix, end.video.read_bytes())


def _kept(sent: SentRun, job: RunJob, data: Path) -> RunRow:
    if not sent.suffix:
        return keep(data, job, sent.end)
    with tempfile.TemporaryDirectory(prefix="audio-loop-run-") as scratch:
        video = Path(scratch) / f"video{sent.suffix}"
        video.write_bytes(sent.video)
        return keep(data, job, replace(sent.end, video=video))
