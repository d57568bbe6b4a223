"""Follows the events of one song: which iteration, which step, how much of all steps is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..comfy_host.events import Event, Executing, Progress, ProgressText
from ..loop_engine.prompt_links import as_link
from ..workflow_graph.node_kinds import DRAFT_ENLARGE, SAMPLERS

LOOP_OPEN = "TensorLoopOpen"
CANVASES = (DRAFT_ENLARGE, "LoopCanvas")
"""Nodes that give a loop the latents of the whole video to begin with."""


@dataclass(frozen=True)
class SongProgress:
    """A snapshot.

    Attributes:
        window: Windows begun so far; after an initial render, which is 1, `k + 1` is iteration `k`.
        iterations: How many iterations there will be, None while nobody has said.
        initial: Windows before the loop: 1, or 0 if the loop makes all of them, on a canvas.
        step: Steps done in this window.
        steps: Steps of a window, 0 before the first one.
        stage: What is going on, for people.
    """

    window: int = 0
    iterations: int | None = None
    initial: int = 1
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
        return None if self.iterations is None or not self.steps else (self.iterations + self.initial) * self.steps


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
        self._on_canvas = {node_id for node_id, node in prompt.items() if _is_loop_on_canvas(node, self._classes)}
        self._loop: str | None = None
        self.sampled: Counter[str] = Counter()
        """Windows that were sampled, by the prompt's node that samples them."""

    def read(self, event: Event) -> SongProgress:
        """The snapshot after `event`."""
        if isinstance(event, Executing):
            self._begin(event)
        elif isinstance(event, Progress):
            self._move(event)
        elif isinstance(event, ProgressText) and self._class_of(event.node_id, event.node_id) == LOOP_OPEN:
            self._enter(event.node_id)
            _, slash, total = event.text.partition("/")
            if slash and total.strip().isdigit():
                self.now = replace(self.now, iterations=int(total))
        return self.now

    def _enter(self, loop: str) -> None:
        """A second loop counts its windows anew."""
        if loop in self._on_canvas and loop != self._loop:
            self._windows.clear()
            self.now = replace(self.now, initial=0, iterations=None, window=0, step=0)
        self._loop = loop

    def _begin(self, event: Executing) -> None:
        class_type = self._class_of(event.node_id, event.display_id)
        if class_type in SAMPLERS:
            if event.node_id not in self._windows:
                self.sampled[self._original(event.node_id)] += 1
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
            self._enter(event.display_id)
            self.now = replace(self.now, iterations=int(event.maximum))

    def _window_name(self) -> str:
        iteration = len(self._windows) - self.now.initial
        total = "?" if self.now.iterations is None else self.now.iterations
        return f"iteration {iteration} / {total}" if iteration else "initial render"

    def _class_of(self, node_id: str, display_id: str) -> str:
        """Class of a node of the prompt, or of the copy of one that the loop made: its id ends with the original's."""
        return self._classes.get(self._original(node_id)) or self._classes.get(display_id, "")

    def _original(self, node_id: str) -> str:
        return node_id if node_id in self._classes else node_id.rpartition(".")[2]


def _is_loop_on_canvas(node: Mapping[str, Any], classes: Mapping[str, str]) -> bool:
    """Whether a node opens a loop that makes every window, on a canvas."""
    begun_with = as_link(node.get("inputs", {}).get("initial_value"))
    return node["class_type"] == LOOP_OPEN and begun_with is not None and classes.get(begun_with[0]) in CANVASES
