"""The loops that run now, and who was asked to stop after the current iteration.

Asked from the web server's thread, answered in the thread that runs prompts.
"""

from __future__ import annotations

import threading
from typing import Protocol


class Loop(Protocol):
    """A running loop, as far as this module needs it."""

    display_id: str
    done: int
    ended: bool


class RunningLoops:
    """Loops between their first and last iteration."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[int, Loop] = {}
        self._stopping: set[int] = set()

    def start(self, loop: Loop) -> None:
        """A loop began."""
        with self._lock:
            self._running[id(loop)] = loop

    def finish(self, loop: Loop) -> None:
        """A loop ended, in whatever way."""
        with self._lock:
            self._running.pop(id(loop), None)
            self._stopping.discard(id(loop))

    def ask_to_stop(self) -> tuple[Loop, ...]:
        """Asks every running loop to end after its current iteration; returns them, none where nothing runs.

        A loop that is over stays known while the rest of its prompt (the video, say) runs; it is not counted.
        """
        with self._lock:
            asked = {key: loop for key, loop in self._running.items() if not loop.ended}
            self._stopping.update(asked)
            return tuple(asked.values())

    def should_stop(self, loop: Loop) -> bool:
        """Whether this loop was asked to end."""
        with self._lock:
            return id(loop) in self._stopping


running_loops = RunningLoops()
