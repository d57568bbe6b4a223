"""The loops of the render that runs now, and which of them were asked to end.

Asked from the web server's thread, answered in the thread that runs prompts. A request counts for a whole render: a loop
that runs ends after its current iteration, one that has not begun (its initial window is being sampled) ends before its
first. Loops inside another loop run whole: what they make is one part of an iteration of the outer one.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Protocol


class RunningLoop(Protocol):
    """A loop, as far as this module needs it."""

    prompt_id: str
    display_id: str
    nested: bool
    total: int | None
    done: int
    begun: bool
    ended: bool

    @property
    def close_id(self) -> str:
        """The node that closes it."""


class RunningLoops:
    """Loops between the start of their render and its end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, RunningLoop] = {}
        self._asked = ""
        self._stops: Counter[str] = Counter()

    def expect(self, loop: RunningLoop) -> None:
        """The render of this loop began; its first iteration is still to come."""
        with self._lock:
            self._known[id(loop)] = loop

    def forget(self, loop: RunningLoop) -> None:
        """The render of this loop is over, in whatever way."""
        with self._lock:
            self._known.pop(id(loop), None)

    def known(self, prompt_id: str) -> tuple[RunningLoop, ...]:
        """The loops of a render, those that are over too, but none that is inside another."""
        with self._lock:
            return tuple(loop for loop in self._known.values() if loop.prompt_id == prompt_id and not loop.nested)

    def ask_to_stop(self, prompt_id: str) -> tuple[RunningLoop, ...]:
        """Asks a render to make no further window; returns its loops that will end early."""
        loops = tuple(loop for loop in self.known(prompt_id) if not loop.ended)
        with self._lock:
            self._asked = prompt_id
        return loops

    def is_stopping(self, prompt_id: str) -> bool:
        """Whether a render was asked to make no further window."""
        with self._lock:
            return bool(prompt_id) and prompt_id == self._asked

    def should_stop(self, loop: RunningLoop) -> bool:
        """Whether this loop is to end."""
        return not loop.nested and self.is_stopping(loop.prompt_id)

    def note_stop(self, loop: RunningLoop) -> None:
        """The loop ended early because it was asked to: what it gave is no result to be used again."""
        with self._lock:
            self._stops[loop.close_id] += 1

    def stops(self, close_id: str) -> int:
        """How often the loop of this close node ended early because it was asked to, since ComfyUI was started."""
        with self._lock:
            return self._stops[close_id]


running_loops = RunningLoops()
