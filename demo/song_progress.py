"""Follows the events of one song: which iteration, which step, how much of all steps is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..comfy_host.events import Event, Executing, Progress, ProgressText
from ..workflow_graph.node_kinds import SAMPLERS

LOOP_OPEN = "TensorLoopOpen"


@dataclass(frozen=True)
class SongProgress:
    """A snapshot.

    Attributes:
        window: Windows begun so far; 1 is the initial render, `k + 1` iteration `k`.
        iterations: How many iterations there will be, None while nobody has said.
        step: Steps done in this window.
        steps: Steps of a window, 0 before the first one.
        stage: What is going on, for people.
    """

    window: int = 0
    iterations: int | None = None
    step: int = 0
    steps: int = 0
    stage: str = "loading"

    @property
    def done(self) -> int:
        """Steps done in all windows."""
        return max(self.window - 1, 0) * self.steps + self.step

    @property
    def total(self) -> int | None:
        """Steps of all windows, None while that is unknown."""
        return None if self.iterations is None or not self.steps else (self.iterations + 1) * self.steps


class SongFollower:
    """Reads events and keeps the snapshot up to date.

    Args:
        prompt: The queued prompt, to know which of its nodes samples and which opens the loop.
        iterations: How many the loop will make, if that is known already.
    """

    def __init__(self, prompt: Mapping[str, Mapping[str, Any]], iterations: int | None = None) -> None:
        self.now = SongProgress(iterations=iterations)
        self._classes = {node_id: node["class_type"] for node_id, node in prompt.items()}
        self._titles = {node_id: node.get("_meta", {}).get("title", "") for node_id, node in prompt.items()}
        self._windows: set[str] = set()

    def read(self, event: Event) -> SongProgress:
        """The snapshot after `event`."""
        if isinstance(event, Executing):
            self._begin(event)
        elif isinstance(event, Progress):
            self._move(event)
        elif isinstance(event, ProgressText) and self._class_of(event.node_id, event.node_id) == LOOP_OPEN:
            _, slash, total = event.text.partition("/")
            if slash and total.strip().isdigit():
                self.now = replace(self.now, iterations=int(total))
        return self.now

    def _begin(self, event: Executing) -> None:
        class_type = self._class_of(event.node_id, event.display_id)
        if class_type in SAMPLERS:
            self._windows.add(event.node_id)
            self.now = replace(self.now, window=len(self._windows), step=0, stage=self._window_name())
        elif event.node_id in self._classes:
            self.now = replace(self.now, stage=self._titles[event.node_id] or class_type)

    def _move(self, event: Progress) -> None:
        class_type = self._class_of(event.node_id, event.display_id)
        # Every node reports 0 of 1 when it starts; a sampler's own bar has its steps.
        if class_type in SAMPLERS and event.maximum > 1:
            self.now = replace(self.now, step=int(event.value), steps=int(event.maximum), stage=self._window_name())
        elif class_type == LOOP_OPEN and event.maximum > 1:
            self.now = replace(self.now, iterations=int(event.maximum))

    def _window_name(self) -> str:
        iteration = len(self._windows) - 1
        total = "?" if self.now.iterations is None else self.now.iterations
        return f"iteration {iteration} / {total}" if iteration else "initial render"

    def _class_of(self, node_id: str, display_id: str) -> str:
        """Class of a node of the prompt, or of the copy of one that the loop made: its id ends with the original's."""
        original = node_id.rpartition(".")[2]
        return self._classes.get(node_id) or self._classes.get(original) or self._classes.get(display_id, "")
