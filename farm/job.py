"""One job on one server: bring the windows that it needs, run it, and bring what it finished home as it is finished."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from ..comfy_host.client import ComfyClient
from ..comfy_host.errors import ServerError
from ..comfy_host.events import Event
from ..comfy_host.prompt_result import OutputFile
from ..comfy_host.video_of import video_of
from ..files.hashing import new_hasher
from .errors import ServerLostError
from .graph import FarmGraph, for_song
from .songs import FarmSong, content_hash

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
"""How often a server is asked for windows that it has finished, at most."""
SILENCE_SECONDS = 3600.0
INPUT_FOLDER = "audio_loop_farm"
DRAFT, WHOLE = "draft", "whole"


class Windows(Protocol):
    """The shelf, as a job sees it; see `Shelf`."""

    def hashes(self, run: str) -> Mapping[str, str]:
        """File name -> content hash."""

    def runs(self, prefix: str) -> list[str]:
        """Names of runs."""

    def get(self, run: str, name: str) -> bytes:
        """A file."""

    def put(self, run: str, name: str, data: bytes) -> None:
        """Keeps a file."""


@dataclass(frozen=True)
class Job:
    """A piece of work for one server.

    Attributes:
        song: The song.
        what: "draft", "whole", or the number of a window as text.
        graph: The workflow.
    """

    song: FarmSong
    what: str
    graph: FarmGraph

    @property
    def name(self) -> str:
        """Its name for people."""
        return f"{self.song.name}: {self.what if self.what in (DRAFT, WHOLE) else f'window {self.what}'}"


@dataclass(frozen=True)
class Video:
    """A finished video.

    Attributes:
        suffix: The ending of its name, with the dot.
        data: The file.
    """

    suffix: str
    data: bytes


def do(job: Job, url: str, windows: Windows) -> Video | None:
    """Does a job on a server.

    Args:
        job: The job.
        url: The server's.
        windows: Finished windows: what is there is brought to the server, and what it finishes is put there.

    Returns:
        The video, if the job is the whole one.

    Raises:
        ServerLostError: The server went away.
        ComfyError: It refused the job, or failed.
    """
    try:
        with ComfyClient(url) as client:
            travel = _Travel(client, windows, job.song.run)
            travel.bring()
            result = client.run(_prompt(job, client), on_event=travel.look, timeout=SILENCE_SECONDS)
            travel.fetch()
            return _video(client, video_of(result)) if job.what == WHOLE else None
    except ServerError as error:
        raise ServerLostError(f"{url} went away during {job.name}: {error}") from error


def _prompt(job: Job, client: ComfyClient) -> dict[str, Any]:
    song = job.song
    audio = _upload(client, song.audio)
    picture = None if song.picture is None else _upload(client, song.picture)
    graph = for_song(job.graph, song, picture, audio)
    if job.what == WHOLE:
        return graph.whole()
    if job.what == DRAFT:
        draft = graph.draft()
        assert draft is not None
        return draft
    return graph.window(int(job.what))


def _upload(client: ComfyClient, path: Path) -> str:
    # In a folder named by content, two songs of one name do not take each other's place.
    return client.upload(path, f"{INPUT_FOLDER}/{content_hash(path)[:16]}")


class _Travel:
    """Windows on their way between the shelf and a server. A song has a run for each stage, whose names begin alike."""

    def __init__(self, client: ComfyClient, windows: Windows, prefix: str) -> None:
        self._client = client
        self._windows = windows
        self._prefix = prefix
        self._looked_at = 0.0

    def bring(self) -> None:
        """Gives the server what it lacks."""
        for run in self._windows.runs(self._prefix):
            there = self._there(run)
            for name, digest in self._windows.hashes(run).items():
                if there.get(name) != digest:
                    self._client.post_bytes(
                        f"/audio_loop/runs/file?{urlencode({'run': run, 'name': name})}", self._windows.get(run, name)
                    )

    def look(self, _event: Event) -> None:
        """Fetches what is new, if it is time to."""
        now = time.monotonic()
        if now - self._looked_at >= SECONDS_BETWEEN_LOOKS:
            self._looked_at = now
            self.fetch()

    def fetch(self) -> None:
        """Puts what the server has finished onto the shelf."""
        for entry in self._client.get_json("/audio_loop/runs")["runs"]:
            run = entry["name"]
            if not run.startswith(self._prefix):
                continue
            here = self._windows.hashes(run)
            for name, digest in self._there(run).items():
                if here.get(name) != digest:
                    self._windows.put(run, name, self._whole(run, name, digest))

    def _there(self, run: str) -> dict[str, str]:
        files = self._client.get_json(f"/audio_loop/runs/files?{urlencode({'run': run})}")["files"]
        return {each["name"]: each["hash"] for each in files}

    def _whole(self, run: str, name: str, digest: str) -> bytes:
        data = self._client.get_bytes(f"/audio_loop/runs/file?{urlencode({'run': run, 'name': name})}")
        hasher = new_hasher()
        hasher.update(data)
        if hasher.hexdigest() != digest:
            raise ServerError(f"{name} of run {run} arrived with another content than {self._client.url} has")
        return data


def _video(client: ComfyClient, output: OutputFile) -> Video:
    where = {"filename": output.filename, "subfolder": output.subfolder, "type": output.folder}
    return Video(Path(output.filename).suffix, client.get_bytes(f"/view?{urlencode(where)}"))
