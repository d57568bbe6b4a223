"""The outcome of one prompt, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OutputFile:
    """A file that a node made: its name, and the folder and kind that ComfyUI needs to find it again."""

    node_id: str
    filename: str
    subfolder: str
    folder: str  # "output", "temp" or "input"


@dataclass(frozen=True)
class PromptResult:
    """The outcome of one prompt.

    Attributes:
        prompt_id: ComfyUI's id of it.
        outputs: Per node id, what the node put into the user interface.
        executed: Ids of the nodes that ran, in order; nodes of expanded subgraphs under their own ids.
        cached: Ids of the nodes whose results were reused.
        seconds: From queueing to the end.
        status: The history's `status` (messages with time stamps).
    """

    prompt_id: str
    outputs: Mapping[str, Mapping[str, Any]]
    executed: tuple[str, ...]
    cached: tuple[str, ...]
    seconds: float
    status: Mapping[str, Any]

    def files(self, node_id: str | None = None) -> tuple[OutputFile, ...]:
        """Files among the outputs, of one node or of all."""
        found = []
        for owner, output in self.outputs.items():
            if node_id is not None and owner != node_id:
                continue
            for value in output.values():
                entries = value if isinstance(value, list) else []
                found += [
                    OutputFile(owner, entry["filename"], entry.get("subfolder", ""), entry.get("type", "output"))
                    for entry in entries
                    if isinstance(entry, Mapping) and "filename" in entry
                ]
        return tuple(found)
