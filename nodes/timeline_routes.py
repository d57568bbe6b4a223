"""Routes by which the timeline on the prompts node learns where windows lie, how loud the song is, and what is heard in it.

They change nothing on disk and in no graph.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from ..audio.analysis.song_analysis import SongAnalysis
    from ..listening.answers import ListeningAnswers
    from ..timeline.answers import Answers

PLAN_PATH = "/audio_loop/timeline/plan"
PEAKS_PATH = "/audio_loop/timeline/peaks"
HEARD_PATH = "/audio_loop/timeline/heard"
WRITTEN_PATH = "/audio_loop/timeline/written"

THREADS = 3
LONGEST_QUERY = 4096
MOST_BYTES = 64 * 1024
"""Of a request for a schedule: its texts have some hundred characters."""
MOST_WAITING = 64
"""Requests that are answered or wait at a time: a page has two, so whoever asks for more is told to come again."""


def register() -> None:
    """Adds the routes to ComfyUI's server."""
    from ..comfyui_internals.prompt_server import add_routes

    add_routes(post={WRITTEN_PATH: written}, get={PLAN_PATH: plan, PEAKS_PATH: peaks, HEARD_PATH: heard})


async def plan(request: Any) -> Any:
    """The windows of `?audio=NAME` (or `song_seconds=`) with a planner's settings; see `timeline.plan_view`."""
    return await _of_query(request, _service().answers.plan)


async def peaks(request: Any) -> Any:
    """The loudness of `?audio=NAME&columns=N`, from `from_seconds` to `to_seconds`; see `timeline.answers`."""
    return await _of_query(request, _service().answers.peaks)


async def heard(request: Any) -> Any:
    """The analysis of `?audio=NAME`, or how far listening to it is; see `listening.answers`."""
    return await _of_query(request, _service().listening.heard)


async def written(request: Any) -> Any:
    """A schedule that is written from a song, asked for in JSON; see `listening.answers`."""
    from .request_bodies import BodyError, read_json_body

    try:
        body = await read_json_body(request, "the request", MOST_BYTES)
        text = body.decode()
    except BodyError as error:
        return _refusal(error.status, str(error))
    except UnicodeDecodeError:
        return _refusal(400, "the request is no text")
    return await _service().answer(lambda: _service().listening.written(text))


async def _of_query(request: Any, maker: Callable[[Mapping[str, str]], str]) -> Any:
    if len(request.query_string) > LONGEST_QUERY:
        return _refusal(414, f"the query has more than {LONGEST_QUERY} characters")
    query = dict(request.query)
    return await _service().answer(lambda: maker(query))


def _refusal(status: int, sentence: str, **headers: str) -> Any:
    from aiohttp import web

    return web.json_response({"error": sentence}, status=status, headers=headers)


@functools.cache
def _service() -> _Service:
    import folder_paths

    from ..listening.answers import ListeningAnswers
    from ..listening.heard_songs import HeardSongs
    from ..timeline.answers import Answers
    from ..timeline.songs import Songs

    path_of, songs = folder_paths.get_annotated_filepath, Songs()
    return _Service(Answers(path_of, songs), ListeningAnswers(path_of, songs, HeardSongs(_listen)))


def _listen(path: Path, report: Callable[[float], None]) -> SongAnalysis:
    # Loaded by the thread that listens: SciPy takes longer than the event loop may wait.
    from ..listening.listen import listen

    return listen(path, report)


class _Service:
    """Answers in threads of its own: the event loop of ComfyUI's server never waits for a disk or a codec."""

    def __init__(self, answers: Answers, listening: ListeningAnswers) -> None:
        self.answers, self.listening = answers, listening
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="audio-loop-timeline")
        self._waiting = 0

    async def answer(self, maker: Callable[[], str]) -> Any:
        """The answer that is made, or what is wrong with the request as `{"error": sentence}`."""
        from aiohttp import web

        if self._waiting >= MOST_WAITING:
            return _refusal(429, "too many requests at once; ask again in a second", **{"Retry-After": "1"})
        self._waiting += 1
        work = asyncio.get_running_loop().run_in_executor(self._threads, _status_and_text, maker)
        # Counted until it is done: whoever hangs up leaves the work to the threads.
        work.add_done_callback(self._done)
        status, text = await asyncio.shield(work)
        return web.json_response(text=text, status=status, headers={"Cache-Control": "no-cache"})

    def _done(self, _work: object) -> None:
        self._waiting -= 1


def _status_and_text(maker: Callable[[], str]) -> tuple[int, str]:
    from ..audio.reading.sound_file import SongError
    from ..loop_control.errors import PlanError
    from ..prompting.wishes import WishError
    from ..timeline.answers import NoSongError
    from ..timeline.query import QueryError

    try:
        return 200, maker()
    except (QueryError, PlanError, WishError) as error:
        status, said = 400, str(error)
    except NoSongError as error:
        status, said = 404, str(error)
    except SongError as error:
        status, said = 422, str(error)
    except OSError as error:
        # The whole message would tell where the folder lies.
        status, said = 422, f"the song cannot be read: {error.strerror}"
    return status, json.dumps({"error": said})
