"""Seconds that the parts of a render took, by the events of its server."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...comfy_host.events import Event, Executing, Finished, Started
from ...workflow_graph.node_kinds import DECODERS, SAMPLERS


@dataclass(frozen=True)
class RenderSeconds:
    """Wall times of one render.

    Attributes:
        whole: From its start to its end.
        windows: Of each window that was sampled, in order: its sampler alone.
        decode: Of the nodes that decode video and write it.
    """

    whole: float
    windows: tuple[float, ...]
    decode: float

    @property
    def per_window(self) -> float:
        """Median of the windows but the first, which waits for the model to be loaded; of one window, that one; NaN of none."""
        counted = self.windows[1:] or self.windows
        return statistics.median(counted) if counted else math.nan


class RenderClock:
    """Reads the events of a render as they come.

    Args:
        prompt: The queued prompt, in API form.
    """

    def __init__(self, prompt: Mapping[str, Mapping[str, Any]]) -> None:
        self._classes: dict[str, str] = {node_id: node["class_type"] for node_id, node in prompt.items()}
        self._begun: float | None = None
        self._ended: float | None = None
        self._running: tuple[str, float] | None = None
        self._windows: dict[str, float] = {}
        self._decode = 0.0

    def add(self, event: Event) -> None:
        """The next event."""
        if isinstance(event, Started):
            self._begun = time.monotonic()
        elif isinstance(event, Executing):
            self._end_node()
            self._running = (event.node_id, time.monotonic())
        elif isinstance(event, Finished):
            self._end_node()
            self._ended = time.monotonic()

    def _end_node(self) -> None:
        if self._running is None:
            return
        node_id, begun = self._running
        self._running = None
        took = time.monotonic() - begun
        class_type = self._class_of(node_id)
        if class_type in SAMPLERS:
            # A sampler that was interrupted by a loop's expansion would come again under its own name.
            self._windows[node_id] = self._windows.get(node_id, 0.0) + took
        elif class_type in DECODERS:
            self._decode += took

    def _class_of(self, node_id: str) -> str:
        """Class of a node of the prompt, or of the copy of one that the loop made: its id ends with the original's."""
        return self._classes.get(node_id) or self._classes.get(node_id.rpartition(".")[2], "")

    def read(self) -> RenderSeconds:
        """The times so far."""
        ended = time.monotonic() if self._ended is None else self._ended
        whole = 0.0 if self._begun is None else ended - self._begun
        return RenderSeconds(whole, tuple(self._windows.values()), self._decode)
