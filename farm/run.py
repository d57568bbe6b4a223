"""A farm on Ray: who does which job when, what is done again, and what waits for what is Ray's.

A job is a task that needs one unit of the resource `comfyui`, of which there are as many as servers. Which server it is, a
task learns when it begins; one whose server went away is begun again.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..files.atomic_write import write_new
from ..files.free_names import first_free, numbered
from .errors import NoServerLeftError, ServerLostError
from .graph import FarmGraph
from .importable import python_path
from .job import DRAFT, WHOLE, Job, Video, do
from .progress import Bars
from .servers import Servers
from .shelf import Shelf
from .songs import FarmSong
from .windows import SongWindows

log = logging.getLogger(__name__)

RESOURCE = "comfyui"
SHELF_FOLDER = "audio_loop_farm_windows"
SECONDS_BETWEEN_TRIES = 0.25
SECONDS_BETWEEN_BARS = 1.0
NO_RAY = "the farm needs Ray: pip install ray (or the group 'cluster' of Audio Loop)"


@dataclass(frozen=True)
class Rendered:
    """The end of a farm.

    Attributes:
        videos: FarmSong -> its video.
        failed: FarmSong -> why it has none.
        lost: Server that went away -> why.
    """

    videos: Mapping[str, Path] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)


def render(
    songs: Sequence[tuple[FarmSong, SongWindows]],
    graph: FarmGraph,
    urls: Sequence[str],
    output: Path,
    cluster: str | None = None,
) -> Rendered:
    """Renders songs on servers.

    Args:
        songs: The songs and their windows.
        graph: The workflow.
        urls: The servers'.
        output: Folder for the videos; finished windows lie in a folder inside it.
        cluster: Address of a Ray cluster; None starts Ray here.

    Raises:
        ImportError: Ray is not installed.
    """
    output.mkdir(parents=True, exist_ok=True)
    with _ray(len(urls), cluster) as ray:
        here = _on_this_machine(ray)
        servers = ray.remote(num_cpus=0, **here)(Servers).remote(list(urls))
        shelf = ray.remote(num_cpus=0, **here)(Shelf).remote(output.resolve() / SHELF_FOLDER)
        again = {"max_retries": len(urls), "retry_exceptions": [ServerLostError]}
        # The nodes of a cluster know no servers; there a waiting task takes a core's place.
        needs: dict[str, Any] = {"num_cpus": 1} if cluster else {"num_cpus": 0, "resources": {RESOURCE: 1}}
        task = ray.remote(**needs, **again)(work)
        videos = {_song_jobs(task, servers, shelf, song, windows, graph): song for song, windows in songs}
        return _wait(ray, videos, dict(songs), servers, shelf, output)


def work(job: Job, servers: Any, shelf: Any, *_before: Any) -> Video | None:
    """A task: waits for a server and does a job there.

    Args:
        job: The job.
        servers: The actor `Servers`.
        shelf: The actor `Shelf`.
        *_before: Results of the tasks that have to be done first.
    """
    url = None
    while url is None:
        url = _Asked(servers).lease(job.name)
        if url is None:
            time.sleep(SECONDS_BETWEEN_TRIES)
    try:
        return do(job, url, _Asked(shelf))
    except ServerLostError as error:
        _Asked(servers).lose(url, str(error))
        raise
    finally:
        _Asked(servers).give_back(url)


def _song_jobs(task: Any, servers: Any, shelf: Any, song: FarmSong, windows: SongWindows, graph: FarmGraph) -> Any:
    """Tasks for a song, each behind those that it needs; gives the last one, which makes the video."""

    def job(what: str, *before: Any) -> Any:
        return task.options(name=f"{song.name}: {what}").remote(Job(song, what, graph), servers, shelf, *before)

    begun = [job(DRAFT)] if graph.stages is not None else []
    made: dict[int, Any] = {}
    for index, needs in windows.spread.items():
        made[index] = job(str(index), *(made[each] for each in needs), *begun)
    return job(WHOLE, *begun, *made.values())


def _wait(
    ray: Any, videos: dict[Any, FarmSong], windows: Mapping[FarmSong, SongWindows], servers: Any, shelf: Any, output: Path
) -> Rendered:
    done: dict[str, Path] = {}
    failed: dict[str, str] = {}
    waiting = list(videos)
    with Bars({song.name: windows[song].total for song in videos.values()}) as bars:
        while waiting:
            ready, waiting = ray.wait(waiting, timeout=SECONDS_BETWEEN_BARS)
            for song in videos.values():
                bars.show(song.name, _Asked(shelf).count(song.run))
            bars.tell(_Asked(servers).lost())
            for each in ready:
                song = videos[each]
                try:
                    done[song.name] = _keep(ray.get(each), song, output)
                except ray.exceptions.RayError as error:
                    failed[song.name] = _why(error)
                bars.end(song.name, song.name in done)
    return Rendered(done, failed, _Asked(servers).lost())


def _keep(video: Video, song: FarmSong, output: Path) -> Path:
    target = first_free(numbered(output / f"{song.name}{video.suffix}"))
    write_new(target, video.data)
    return target


def _why(error: Exception) -> str:
    """The reason in one line: Ray's own text holds the stack of another process."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, ServerLostError):
        return f"{cause}; it was tried on every server"
    if isinstance(cause, NoServerLeftError):
        return str(cause)
    return str(cause) if cause is not None else str(error).strip().splitlines()[-1]


class _Asked:
    """An actor whose answers are waited for."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def __getattr__(self, name: str) -> Any:
        import ray

        method = getattr(self._actor, name)
        return lambda *arguments: ray.get(method.remote(*arguments))


@contextmanager
def _ray(servers: int, cluster: str | None) -> Iterator[Any]:
    # Ray counts its users unless it is told not to.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as error:
        raise ImportError(NO_RAY) from error
    with tempfile.TemporaryDirectory(prefix="audio-loop-farm-") as scratch:
        path = python_path(Path(scratch))
        settings: dict[str, Any] = {} if path is None or cluster else {"runtime_env": {"env_vars": {"PYTHONPATH": path}}}
        if cluster is None:
            settings |= {"resources": {RESOURCE: servers}, "include_dashboard": False}
        ray.init(address=cluster or "local", log_to_driver=False, logging_level=logging.ERROR, **settings)
        try:
            yield ray
        finally:
            ray.shutdown()


def _on_this_machine(ray: Any) -> dict[str, Any]:
    """Keeps an actor on the machine that the farm was started on: it has the folder of windows."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    node = ray.get_runtime_context().get_node_id()
    return {"scheduling_strategy": NodeAffinitySchedulingStrategy(node, soft=False)}
