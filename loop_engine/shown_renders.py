"""The last render of each workflow as it was shown, so that a page that is reloaded can show it again. Pure bookkeeping."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

WORKFLOWS_KEPT = 16


@dataclass
class Render:
    """The words and outputs that a render has shown so far."""

    prompt_id: str
    words: dict[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """ComfyUI's own record, by node: `{"output": ..., "meta": {"display_node": ...}}`. Grows while the render runs."""
    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Outputs of nodes on the canvas in the workflow's render before. ComfyUI does not go near a node whose kept result
    only other nodes read, so it is not in its record of this one."""
    progress: dict[str, Any] | None = None
    """How far the whole song is, as the browser was told last; None if nothing is running."""

    def clear(self, node_ids: Iterable[str]) -> None:
        """Forgets what these nodes showed in the render before."""
        for node_id in node_ids:
            self.words.pop(node_id, None)
            self.before.pop(node_id, None)

    def shown(self) -> list[dict[str, Any]]:
        """The last output of each node on the canvas, as the messages in which the browser got them."""
        last = dict(self.before)
        for node_id, entry in list(self.outputs.items()):
            display = entry["meta"]["display_node"]
            last.pop(display, None)
            last[display] = {"node": node_id, "display_node": display, "output": entry["output"]}
        return list(last.values())


class RenderStates:
    """The last render of each workflow, by the workflow's id."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._renders: dict[str, Render] = {}

    def render(self, workflow_id: str, prompt_id: str, outputs: Mapping[str, Any] | None) -> Render:
        """The record of a render, made when it is first asked for; what the render before showed stays until cleared."""
        with self._lock:
            known = self._renders.pop(workflow_id, None)
            if known is None or known.prompt_id != prompt_id:
                words, before = ({}, []) if known is None else (dict(known.words), known.shown())
                outputs = outputs if outputs is not None else {}
                known = Render(prompt_id, words, outputs, {message["display_node"]: message for message in before})
            self._renders[workflow_id] = known
            while len(self._renders) > WORKFLOWS_KEPT:
                self._renders.pop(next(iter(self._renders)))
            return known

    def last(self, workflow_id: str) -> Render | None:
        """The last render of a workflow, None if none is known."""
        with self._lock:
            return self._renders.get(workflow_id)


render_states = RenderStates()


def workflow_id_of(extra_data: Mapping[str, Any]) -> str:
    """The id of the workflow that a prompt was made from, by what the browser sent beside it; empty if there is none."""
    found: Any = extra_data
    for key in ("extra_pnginfo", "workflow", "id"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""
