"""A farm on Ray: who does which job when, what is done again, and what waits for what is Ray's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..files.atomic_write import write_new
from ..files.free_names import first_free, numbered
from .graph import FarmGraph
from .job import DRAFT, WHOLE, Job, Video, do
from .on_ray import Asked, actor_here, leased, server_task, started_ray, why
from .progress import Bars
from .servers import Servers
from .shelf import Shelf
from .songs import FarmSong
from .windows import SongWindows

SHELF_FOLDER = "audio_loop_farm_windows"
SECONDS_BETWEEN_BARS = 1.0


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
    with started_ray(len(urls), cluster) as ray:
        servers = actor_here(ray, Servers, list(urls))
        shelf = actor_here(ray, Shelf, output.resolve() / SHELF_FOLDER)
        task = server_task(ray, work, urls, cluster)
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
    with leased(servers, job.name) as url:
        return do(job, url, Asked(shelf))


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
                bars.show(song.name, Asked(shelf).count(song.run))
            bars.tell(Asked(servers).lost())
            for each in ready:
                song = videos[each]
                try:
                    done[song.name] = _keep(ray.get(each), song, output)
                except ray.exceptions.RayError as error:
                    failed[song.name] = why(error)
                bars.end(song.name, song.name in done)
    return Rendered(done, failed, Asked(servers).lost())


def _keep(video: Video, song: FarmSong, output: Path) -> Path:
    target = first_free(numbered(output / f"{song.name}{video.suffix}"))
    write_new(target, video.data)
    return target
