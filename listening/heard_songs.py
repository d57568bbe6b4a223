"""The songs that were heard last, each kept for as long as its file stays what it is. One is listened to at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from ..audio.analysis.song_analysis import SongAnalysis
from ..audio.reading.sound_file import SongError
from ..files.regular_files import FileIdentity, identify
from ..timeline.songs import Recent

log = logging.getLogger(__name__)

MOST_HEARD = 8
MOST_WAITING = 8
ABANDONED_SECONDS = 30.0
"""A page asks twice a second how far it is, once a second in a tab that is not shown. A song that nobody has asked for in this
time is given up: a render may need the processor."""

Key = tuple[Path, FileIdentity]
Report = Callable[[float], None]
"""Told the part that is done, 0 to 1; raises if nobody wants the rest."""

Analyse = Callable[[Path, Report], SongAnalysis]


class _AbandonedError(Exception):
    """Nobody asks for the song any more."""


class _Job:
    def __init__(self) -> None:
        self.done = 0.0
        self.asked_at = time.monotonic()

    @property
    def is_abandoned(self) -> bool:
        return time.monotonic() - self.asked_at > ABANDONED_SECONDS

    def report(self, done: float) -> None:
        if self.is_abandoned:
            raise _AbandonedError
        self.done = min(1.0, max(self.done, done))


class HeardSongs:
    """Listens to songs in a thread of its own. Threads may share it, and whoever asks for the same song shares the work.

    Args:
        analyse: Listens to a file; raises SongError or OSError if it cannot be read.
    """

    def __init__(self, analyse: Analyse) -> None:
        self._analyse = analyse
        self._heard: Recent[SongAnalysis | SongError] = Recent(MOST_HEARD)
        self._jobs: OrderedDict[Key, _Job] = OrderedDict()
        self._lock = threading.Lock()
        self._is_working = False

    def known(self, path: Path, identity: FileIdentity) -> SongAnalysis | None:
        """The analysis of a song whose file is what `identity` says; None if nobody listened to it.

        Raises:
            SongError: It was, and could not be read.
        """
        found = self._heard.get((path, identity))
        if isinstance(found, SongError):
            raise found
        return found

    def ask(self, path: Path, identity: FileIdentity) -> SongAnalysis | float:
        """The analysis of a song, or how much of the work is done, 0 to 1: it goes on for as long as somebody asks.

        Never waits. The song that was asked for last comes first; of too many, the oldest is forgotten.

        Raises:
            SongError: The song cannot be read.
        """
        key = (path, identity)
        with self._lock:
            found = self.known(path, identity)
            if found is not None:
                return found
            job = self._jobs.setdefault(key, _Job())
            job.asked_at = time.monotonic()
            if len(self._jobs) > MOST_WAITING:
                # The one at work is given up by itself, since nobody asks for it.
                self._jobs.popitem(last=False)
            if not self._is_working:
                self._is_working = True
                # ComfyUI's end does not wait for it.
                threading.Thread(target=self._work, name="audio-loop-listening", daemon=True).start()
            return job.done

    def _work(self) -> None:
        while (next_one := self._next()) is not None:
            key, job = next_one
            found = self._heard_in(key, job)
            with self._lock:
                if found is not None:
                    self._heard.put(key, found)
                if self._jobs.get(key) is job:
                    del self._jobs[key]

    def _next(self) -> tuple[Key, _Job] | None:
        with self._lock:
            for key in [each for each, job in self._jobs.items() if job.is_abandoned]:
                del self._jobs[key]
            if not self._jobs:
                self._is_working = False
                return None
            key = next(reversed(self._jobs))
            return key, self._jobs[key]

    def _heard_in(self, key: Key, job: _Job) -> SongAnalysis | SongError | None:
        """None if it was given up, or if the file is no longer what it was: then it is asked for as another."""
        path, identity = key
        try:
            found: SongAnalysis | SongError = self._analyse(path, job.report)
        except _AbandonedError:
            return None
        except SongError as error:
            found = error
        except OSError as error:
            # The whole message would tell where the folder lies.
            found = SongError(f"{path.name} cannot be read: {error.strerror}")
        except Exception:
            log.exception("listening to %s failed", path.name)
            found = SongError(f"{path.name} could not be listened to; ComfyUI's log says why")
        try:
            return found if identify(path) == identity else None
        except OSError:
            return None
