"""Answers to the page that draws the timeline, as JSON text. They are made from files alone, and change nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..files.regular_files import FileIdentity, identify
from ..loop_control.context_fits import check_context_fits
from .plan_view import plan_view
from .query import PeaksQuery, PlanQuery, plan_of, plan_of_length, read_peaks_query, read_plan_query, stretch_of
from .songs import Recent, Songs

MOST_ANSWERS = 128
LONGEST_KEPT_ANSWER = 256 * 1024
"""Characters; a longer answer is made again each time."""


class NoSongError(LookupError):
    """There is no song of this name where ComfyUI looks for it."""


def song_file(song_path: Callable[[str], str], name: str) -> tuple[Path, FileIdentity]:
    """The file of a song, and what it is now.

    Raises:
        NoSongError: There is none, or its name leads out of ComfyUI's folders.
    """
    try:
        path = Path(song_path(name))
        return path, identify(path)
    except (OSError, ValueError):
        # The same words whether a file outside exists or not.
        raise NoSongError(f"there is no song {name[:80]!r} in ComfyUI's input folder; choose it again") from None


class Answers:
    """Answers plans and peaks. Threads may share it.

    Args:
        song_path: The file of a name as Load Audio has it; raises ValueError if the name leads out of ComfyUI's folders.
        songs: Reads them.
    """

    def __init__(self, song_path: Callable[[str], str], songs: Songs) -> None:
        self._song_path = song_path
        self._songs = songs
        self._texts: Recent[str] = Recent(MOST_ANSWERS)

    def plan(self, query: Mapping[str, str]) -> str:
        """`plan_view` of the planner's settings in `query`.

        `sampled` says that the song's length is not known exactly yet: ask again. Such an answer comes at once for a song
        whose reading takes long.

        Raises:
            QueryError, PlanError: The settings cannot be used.
            NoSongError: There is no such song.
            SongError: Its file cannot be read as sound.
        """
        asked = read_plan_query(query)
        if asked.audio is None:
            return json.dumps(self._plan(asked, None, None))
        return self._kept(asked, asked.audio, lambda path, identity: self._plan(asked, path, identity))

    def peaks(self, query: Mapping[str, str]) -> str:
        """`low` and `high` of each column of a stretch of a song, whole numbers from -127 to 127.

        `sampled` says that they are of short pieces of the song until the whole of it is read: ask again.

        Raises:
            QueryError: A value is out of bounds, or the stretch lies outside of the song.
            NoSongError: There is no such song.
            SongError: Its file cannot be read as sound.
        """
        asked = read_peaks_query(query)
        return self._kept(asked, asked.audio, lambda path, identity: self._peaks(asked, path, identity))

    def _kept(self, asked: PlanQuery | PeaksQuery, name: str, made: Callable[[Path, FileIdentity], dict[str, Any]]) -> str:
        """The answer, kept for as long as the song's file stays what it is."""
        path, identity = song_file(self._song_path, name)
        key = (asked, path, identity)
        text = self._texts.get(key)
        if text is None:
            answer = made(path, identity)
            text = json.dumps(answer, separators=(",", ":"))
            if not answer["sampled"] and len(text) <= LONGEST_KEPT_ANSWER:
                self._texts.put(key, text)
        return text

    def _plan(self, asked: PlanQuery, path: Path | None, identity: FileIdentity | None) -> dict[str, Any]:
        is_sampled = False
        if path is None or identity is None:
            plan = plan_of_length(asked)
        else:
            song = self._songs.peaks(path, identity)
            plan, is_sampled = plan_of(asked, song.samples, song.sample_rate), song.is_sampled
        check_context_fits(plan)
        return {**plan_view(plan), "sampled": is_sampled}

    def _peaks(self, asked: PeaksQuery, path: Path, identity: FileIdentity) -> dict[str, Any]:
        song = self._songs.peaks(path, identity)
        start, stop = stretch_of(asked, song.duration)
        low, high = song.columns(asked.columns, start, stop)
        return {
            "song_seconds": float(song.duration),
            "from_seconds": float(start),
            "to_seconds": float(stop),
            "sampled": song.is_sampled,
            "low": low,
            "high": high,
        }
