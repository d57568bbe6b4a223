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

THREADS = 3
LONGEST_QUERY = 4096
MOST_WAITING = 64
"""Requests that are answered or wait at a time: a page has two, so whoever asks for more is told to come again."""


def register() -> None:
    """Adds the routes to ComfyUI's server."""
    from ..comfyui_internals.prompt_server import add_routes

    add_routes(post={}, get={PLAN_PATH: plan, PEAKS_PATH: peaks, HEARD_PATH: heard})


async def plan(request: Any) -> Any:
    """The windows of `?audio=NAME` (or `song_seconds=`) with a planner's settings; see `timeline.plan_view`."""
    return await _service().answer(request, "plan")


async def peaks(request: Any) -> Any:
    """The loudness of `?audio=NAME&columns=N`, from `from_seconds` to `to_seconds`; see `timeline.answers`."""
    return await _service().answer(request, "peaks")


async def heard(request: Any) -> Any:
    """The analysis of `?audio=NAME`, or how far listening to it is; see `listening.answers`."""
    return await _service().answer(request, "heard")


@functools.cache
def _service() -> _Service:
    import folder_paths

    from ..listening.answers import ListeningAnswers
    from ..listening.heard_songs import HeardSongs
    from ..timeline.answers import Answers
    from ..timeline.songs import Songs

    path_of = folder_paths.get_annotated_filepath
    return _Service(Answers(path_of, Songs()), ListeningAnswers(path_of, HeardSongs(_listen)))


def _listen(path: Path, report: Callable[[float], None]) -> SongAnalysis:
    # Loaded by the thread that listens: SciPy takes longer than the event loop may wait.
    from ..listening.listen import listen

    return listen(path, report)


class _Service:
    """Answers in threads of its own: the event loop of ComfyUI's server never waits for a disk or a codec."""

    def __init__(self, answers: Answers, listening: ListeningAnswers) -> None:
        self._makers: dict[str, Callable[[Mapping[str, str]], str]] = {
            "plan": answers.plan,
            "peaks": answers.peaks,
            "heard": listening.heard,
        }
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="audio-loop-timeline")
        self._waiting = 0

    async def answer(self, request: Any, kind: str) -> Any:
        """The answer of `kind` to a request's query, or what is wrong with it as `{"error": sentence}`."""
        from aiohttp import web

        if len(request.query_string) > LONGEST_QUERY:
            return web.json_response({"error": f"the query has more than {LONGEST_QUERY} characters"}, status=414)
        if self._waiting >= MOST_WAITING:
            busy = {"error": "too many requests at once; ask again in a second"}
            return web.json_response(busy, status=429, headers={"Retry-After": "1"})
        self._waiting += 1
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, _status_and_text, self._makers[kind], dict(request.query))
        # Counted until it is done: whoever hangs up leaves the work to the threads.
        work.add_done_callback(self._done)
        status, text = await asyncio.shield(work)
        return web.json_response(text=text, status=status, headers={"Cache-Control": "no-cache"})

    def _done(self, _work: object) -> None:
        self._waiting -= 1


def _status_and_text(maker: Callable[[Mapping[str, str]], str], query: Mapping[str, str]) -> tuple[int, str]:
    from ..audio.reading.sound_file import SongError
    from ..loop_control.errors import PlanError
    from ..timeline.answers import NoSongError
    from ..timeline.query import QueryError

    try:
        return 200, maker(query)
    except (QueryError, PlanError) as error:
        status, said = 400, str(error)
    except NoSongError as error:
        status, said = 404, str(error)
    except SongError as error:
        status, said = 422, str(error)
    except OSError as error:
        # The whole message would tell where the folder lies.
        status, said = 422, f"the song cannot be read: {error.strerror}"
    return status, json.dumps({"error": said})
