"""Which servers are free: each does one job at a time, and one that went away is not asked again."""

from __future__ import annotations

from collections.abc import Sequence


class Servers:
    """The servers of a farm. One object for all jobs; calls come one after the other."""

    def __init__(self, urls: Sequence[str]) -> None:
        """All are free at first."""
        self._free = list(urls)
        self._busy: dict[str, str] = {}
        self._lost: dict[str, str] = {}

    def lease(self, job: str) -> str | None:
        """A free server for a job; None if all that are left are busy.

        Raises:
            NoServerLeftError: None is left.
        """
        from .errors import NoServerLeftError

        if not self._free and not self._busy:
            raise NoServerLeftError("no server is left: " + "; ".join(f"{url}: {why}" for url, why in self._lost.items()))
        if not self._free:
            return None
        url = self._free.pop(0)
        self._busy[url] = job
        return url

    def give_back(self, url: str) -> None:
        """The server is free again."""
        if self._busy.pop(url, None) is not None:
            self._free.append(url)

    def lose(self, url: str, why: str) -> None:
        """The server went away."""
        self._busy.pop(url, None)
        self._lost[url] = why

    def busy(self) -> dict[str, str]:
        """Server -> job."""
        return dict(self._busy)

    def lost(self) -> dict[str, str]:
        """Server that went away -> why."""
        return dict(self._lost)
