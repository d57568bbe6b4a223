"""Answers to the page that shows what is heard in a song and writes a schedule from it, as JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from ..audio.analysis.cutting import cut
from ..audio.analysis.framing import LISTENING_HZ
from ..audio.analysis.song_analysis import SongAnalysis
from ..prompting.write import write_schedule
from ..timeline.answers import song_file
from ..timeline.query import HeardQuery, QueryError, cut_samples, plan_of, read_heard_query
from ..timeline.songs import Songs
from .heard_songs import HeardSongs
from .heard_view import heard_view
from .writing_request import read_writing_request


class ListeningAnswers:
    """Answers what is heard in songs, and writes schedules from it. Threads may share it.

    Args:
        song_path: The file of a name as Load Audio has it; raises ValueError if the name leads out of ComfyUI's folders.
        songs: Tells their exact lengths.
        heard: Listens to songs.
    """

    def __init__(self, song_path: Callable[[str], str], songs: Songs, heard: HeardSongs) -> None:
        self._song_path = song_path
        self._songs = songs
        self._heard = heard

    def heard(self, query: Mapping[str, str]) -> str:
        """`heard_view` of a song as it is cut, or `{"listening": part}` while it is listened to: ask again.

        With `listen=0`, `{"listening": null}` if nobody listened to it: nothing is begun.

        Raises:
            QueryError: The query cannot be used, or its cut leaves nothing.
            NoSongError: There is no such song.
            SongError: Its file cannot be read as sound.
        """
        asked = read_heard_query(query)
        path, identity = song_file(self._song_path, asked.audio)
        found = self._heard.ask(path, identity) if asked.listens else self._heard.known(path, identity)
        if isinstance(found, SongAnalysis):
            return json.dumps(heard_view(_cut(found, asked)), separators=(",", ":"))
        return _listening(found)

    def written(self, text: str) -> str:
        """`{"schedule", "negative_prompt", "remarks"}` for a request as `read_writing_request` takes it, JSON text.

        While the song is listened to, as `heard`.

        Raises:
            QueryError, WishError, PlanError: The request cannot be used.
            NoSongError: There is no such song.
            SongError: Its file cannot be read as sound.
        """
        try:
            asked = read_writing_request(json.loads(text))
        except (json.JSONDecodeError, RecursionError):
            raise QueryError("the request is no JSON") from None
        path, identity = song_file(self._song_path, asked.audio)
        heard = self._heard.ask(path, identity)
        if not isinstance(heard, SongAnalysis):
            return _listening(heard)
        song, settings = self._songs.peaks(path, identity), asked.settings
        plan = plan_of(settings, song.samples, song.sample_rate)
        span = cut_samples(settings.start_seconds, settings.duration_seconds, song.samples, song.sample_rate)
        start, stop = (min(sample / song.sample_rate, heard.duration_seconds) for sample in span)
        whole = heard.duration_seconds if span[1] == song.samples else stop
        schedule = write_schedule(cut(heard, start, whole), plan, asked.wishes)
        return json.dumps(
            {
                "schedule": schedule.text,
                "negative_prompt": schedule.negative_prompt,
                "remarks": schedule.remarks,
            }
        )


def _listening(part: float | None) -> str:
    return json.dumps({"listening": None if part is None else round(part, 3)})


def _cut(heard: SongAnalysis, asked: HeardQuery) -> SongAnalysis:
    # The analysis counts samples of its own; a cut is meant in the song's, which lies less than one of them beside it.
    samples = round(heard.duration_seconds * LISTENING_HZ)
    start, stop = cut_samples(asked.start_seconds, asked.duration_seconds, samples, LISTENING_HZ)
    until = heard.duration_seconds if stop == samples else stop / LISTENING_HZ
    return cut(heard, start / LISTENING_HZ, until)
