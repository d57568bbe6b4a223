"""The songs that were read last, each kept for as long as its file stays what it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Generic, TypeVar

from ..files.regular_files import FileIdentity, identify
from .song_peaks import SongPeaks, read_peaks

MOST_SONGS = 8

Value = TypeVar("Value")


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
    """Reads each song once, one at a time: a render runs beside it. Threads may share it."""

    def __init__(self) -> None:
        self._read: Recent[SongPeaks] = Recent(MOST_SONGS)
        self._reading = threading.Lock()

    def peaks(self, path: Path, identity: FileIdentity) -> SongPeaks:
        """The peaks of a song whose file is what `identity` says; waits while another is read. Errors as `read_peaks`."""
        key = (path, identity)
        if (found := self._read.get(key)) is not None:
            return found
        with self._reading:
            if (found := self._read.get(key)) is None:
                found = read_peaks(path)
                # What changed while it was read belongs to no identity.
                if identify(path) == identity:
                    self._read.put(key, found)
        return found
