"""A song's file heard before Run, in the time that somebody waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..audio.reading.song_source import SourceAround
from ..audio.sound_report.sound_report import SoundReport
from ..files.regular_files import FileIdentity, identify

if TYPE_CHECKING:
    from ..audio.reading.song_source import Block, SongSource

MOST_SECONDS = 2.0
"""Time that listening may take; what was heard until then is judged."""


@dataclass(frozen=True)
class Listened:
    """The sound of a part of a file.

    Attributes:
        report: Its figures; the length is that of what was heard.
        is_whole: Whether the part was heard to its end.
    """

    report: SoundReport
    is_whole: bool


Listen = Callable[[str, Fraction, Fraction | None], Listened | None]
"""(the song's name, start and end in seconds) -> what is heard there; None if the file is not there or cannot be read."""


def listen_to(path: Path, start_seconds: Fraction, end_seconds: Fraction | None) -> Listened | None:
    """Hears a part of a file; None if it cannot be read, which other rules tell.

    The answer is remembered for as long as the file is the same.
    """
    from ..audio.reading.sound_file import SongError

    try:
        return _heard(path, identify(path), start_seconds, end_seconds)
    except (SongError, OSError):
        return None


@lru_cache(maxsize=64)
def _heard(path: Path, _identity: FileIdentity, start_seconds: Fraction, end_seconds: Fraction | None) -> Listened:
    from ..audio.reading.song_source import SongFile
    from ..audio.sound_report.measure import measure

    hurried = _Hurried(SongFile(path, start_seconds, end_seconds))
    return Listened(measure(hurried), hurried.is_whole)


class _Hurried(SourceAround):
    """A source that ends when the time is over; the first block, for which libraries are loaded, does not count."""

    def __init__(self, source: SongSource) -> None:
        super().__init__(source)
        self.is_whole = True

    def blocks(self) -> Iterator[Block]:
        latest: float | None = None
        for block in self._source.blocks():
            if latest is not None and time.monotonic() > latest:
                self.is_whole = False
                return
            yield block
            latest = latest or time.monotonic() + MOST_SECONDS
