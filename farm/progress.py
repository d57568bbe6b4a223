"""One bar a song, counted in windows."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import TracebackType

from tqdm import tqdm

FORMAT = "{desc}|{bar:24}| {n_fmt}/{total_fmt} windows [{elapsed}]{postfix}"


class Bars:
    """The bars of a farm; use it in a `with` statement."""

    def __init__(self, totals: Mapping[str, int]) -> None:
        """One bar for each song.

        Args:
            totals: Song -> how many windows it has in all stages.
        """
        width = max(map(len, totals), default=0)
        self._bars = {
            song: tqdm(total=total, desc=song.ljust(width), bar_format=FORMAT, position=row, dynamic_ncols=True)
            for row, (song, total) in enumerate(totals.items())
        }
        self._told: set[str] = set()
        # In a file each refresh would be a line of its own.
        self._is_console = sys.stderr.isatty()

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        for bar in self._bars.values():
            bar.close()

    def show(self, song: str, windows: int) -> None:
        """So many windows of a song are finished."""
        bar = self._bars[song]
        if windows > bar.n:
            bar.update(min(windows, bar.total) - bar.n)
        elif self._is_console:
            bar.refresh()

    def end(self, song: str, has_video: bool) -> None:
        """A song is over."""
        self._bars[song].set_postfix_str("video saved" if has_video else "FAILED")

    def tell(self, lost: Mapping[str, str]) -> None:
        """Says once that a server went away."""
        for url, why in lost.items():
            if url not in self._told:
                self._told.add(url)
                tqdm.write(f"{url} is not used any more: {why}", file=sys.stderr)
