"""A source that reads another one and does something with its blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .song_source import SongSource


class SourceAround:
    """Name, rate and channels of another source; what is made of it adds `blocks`.

    Args:
        source: The other source.
    """

    def __init__(self, source: SongSource) -> None:
        self._source = source

    @property
    def name(self) -> str:
        """That of the source."""
        return self._source.name

    @property
    def sample_rate(self) -> int:
        """That of the source."""
        return self._source.sample_rate

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Those of the source."""
        return self._source.channel_names
