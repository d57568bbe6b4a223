"""The songs that were read last, each kept for as long as its file stays what it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Generic, TypeVar

from ..audio.reading.sound_file import SongError
from ..files.regular_files import FileIdentity, identify
from .song_overview import read_overview
from .song_peaks import SongPeaks, read_peaks

MOST_SONGS = 8

Value = TypeVar("Value")
Key = tuple[Path, FileIdentity]


class Recent(Generic[Value]):
    """The values that were asked for last, by key. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[object, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Value | None:
        """The value of `key`, None if there is none."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: object, value: Value) -> None:
        """Keeps a value; if they are too many, drops the one that was not asked for longest."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)


class Songs:
    """Reads songs, one at a time: a render runs beside it. Threads may share it.

    A long compressed one is heard in pieces first. Meanwhile and afterwards a thread of its own reads it whole.
    """

    def __init__(self) -> None:
        self._whole: Recent[SongPeaks | SongError] = Recent(MOST_SONGS)
        self._overviews: Recent[SongPeaks] = Recent(MOST_SONGS)
        self._asking = threading.Lock()
        self._behind = _ReadBehind(self._whole)

    def peaks(self, path: Path, identity: FileIdentity) -> SongPeaks:
        """The peaks of a song whose file is what `identity` says: whole if they are known or soon will be, else sampled.

        Waits while another is read for an answer. Errors as `read_peaks`.
        """
        key = (path, identity)
        with self._asking:
            found = self._whole.get(key)
            if found is None:
                overview = self._overviews.get(key) or read_overview(path)
                if overview is not None:
                    self._overviews.put(key, overview)
                    self._behind.read(key)
                    return overview
                found = read_peaks(path)
                # What changed while it was read belongs to no identity.
                if identify(path) == identity:
                    self._whole.put(key, found)
        if isinstance(found, SongError):
            raise found
        return found


class _ReadBehind:
    """Reads songs that nobody waits for, the one that was asked for last first."""

    def __init__(self, read: Recent[SongPeaks | SongError]) -> None:
        self._read = read
        self._asked: OrderedDict[Key, None] = OrderedDict()
        self._lock = threading.Lock()
        self._at_work: Key | None = None

    def read(self, key: Key) -> None:
        """Reads a song soon, unless it is being read; of too many the oldest is forgotten until it is asked for again."""
        with self._lock:
            if key == self._at_work:
                return
            self._asked[key] = None
            self._asked.move_to_end(key)
            if len(self._asked) > MOST_SONGS:
                self._asked.popitem(last=False)
            if self._at_work is None:
                self._at_work = self._asked.popitem()[0]
                # ComfyUI's end does not wait for it.
                threading.Thread(target=self._work, args=(self._at_work,), name="audio-loop-song", daemon=True).start()

    def _work(self, first: Key) -> None:
        key: Key | None = first
        while key is not None:
            try:
                self._keep(key)
            finally:
                with self._lock:
                    key = self._at_work = self._asked.popitem()[0] if self._asked else None

    def _keep(self, key: Key) -> None:
        path, identity = key
        try:
            found: SongPeaks | SongError = read_peaks(path)
            changed = identify(path) != identity
        except SongError as error:
            found, changed = error, False
        except OSError as error:
            found, changed = SongError(f"{path.name} cannot be read: {error.strerror}"), False
        if not changed:
            self._read.put(key, found)
