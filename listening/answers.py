"""Answers to the page that shows what is heard in a song and writes a schedule from it, as JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from ..audio.analysis.cutting import cut
from ..audio.analysis.framing import LISTENING_HZ
from ..audio.analysis.song_analysis import SongAnalysis
from ..timeline.answers import song_file
from ..timeline.query import HeardQuery, cut_samples, read_heard_query
from .heard_songs import HeardSongs
from .heard_view import heard_view


class ListeningAnswers:
    """Answers what is heard in songs. Threads may share it.

    Args:
        song_path: The file of a name as Load Audio has it; raises ValueError if the name leads out of ComfyUI's folders.
        heard: Listens to songs.
    """

    def __init__(self, song_path: Callable[[str], str], heard: HeardSongs) -> None:
        self._song_path = song_path
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
        return json.dumps({"listening": None if found is None else round(found, 3)})


def _cut(heard: SongAnalysis, asked: HeardQuery) -> SongAnalysis:
    # The analysis counts samples of its own; a cut is meant in the song's, which lies less than one of them beside it.
    samples = round(heard.duration_seconds * LISTENING_HZ)
    start, stop = cut_samples(asked.start_seconds, asked.duration_seconds, samples, LISTENING_HZ)
    until = heard.duration_seconds if stop == samples else stop / LISTENING_HZ
    return cut(heard, start / LISTENING_HZ, until)
