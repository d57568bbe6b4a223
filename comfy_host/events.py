"""ComfyUI's messages over its WebSocket while a prompt runs, as typed values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ComfyError, PromptInterruptedError


@dataclass(frozen=True)
class Started:
    """The prompt left the queue."""


@dataclass(frozen=True)
class Cached:
    """These nodes' results were there already."""

    node_ids: tuple[str, ...]


@dataclass(frozen=True)
class Executing:
    """A node begins. Inside an expanded subgraph `display_id` is the node of the queued prompt it belongs to."""

    node_id: str
    display_id: str


@dataclass(frozen=True)
class Progress:
    """A node's own progress bar moved; `state` is "running", "finished" or "error"."""

    node_id: str
    display_id: str
    value: float
    maximum: float
    state: str


@dataclass(frozen=True)
class ProgressText:
    """A line of text that a node shows while it runs."""

    node_id: str
    text: str


@dataclass(frozen=True)
class Executed:
    """A node put something into the user interface: pictures, sound, video, text."""

    node_id: str
    display_id: str
    output: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Failed:
    """The prompt ended with an error, or was interrupted."""

    error: ComfyError


@dataclass(frozen=True)
class Finished:
    """The server is done with the prompt and its history can be read."""


Event = Started | Cached | Executing | Progress | ProgressText | Executed | Failed | Finished


class EventReader:
    """Turns the messages about one prompt into events.

    ComfyUI repeats the progress of every node that ran so far in each progress message; only what changed is an event.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, float, str]] = {}

    def read(self, kind: str, data: Mapping[str, Any]) -> Iterator[Event]:
        """The events in one message; none for messages that say nothing new.

        Args:
            kind: The message's `type`.
            data: The message's `data`.
        """
        if kind == "execution_start":
            yield Started()
        elif kind == "execution_cached":
            yield Cached(tuple(data["nodes"]))
        elif kind == "executing":
            node = data.get("node")
            yield Executing(node, data.get("display_node") or node) if node is not None else Finished()
        elif kind == "progress_state":
            yield from self._progress(data["nodes"])
        elif kind == "executed":
            yield Executed(data["node"], data.get("display_node") or data["node"], data.get("output") or {})
        elif kind == "execution_error":
            yield Failed(_execution_error(data))
        elif kind == "execution_interrupted":
            yield Failed(PromptInterruptedError("interrupted", data.get("node_id"), data.get("node_type")))

    def _progress(self, nodes: Mapping[str, Mapping[str, Any]]) -> Iterator[Progress]:
        for node_id, state in nodes.items():
            now = (state["value"], state["max"], state["state"])
            if self._seen.get(node_id) != now:
                self._seen[node_id] = now
                yield Progress(node_id, state.get("display_node_id") or node_id, *now)


def _execution_error(data: Mapping[str, Any]) -> ComfyError:
    return ComfyError(
        message=str(data.get("exception_message", "")).strip(),
        node_id=data.get("node_id"),
        node_type=data.get("node_type"),
        exception_type=str(data.get("exception_type", "")),
        traceback="".join(data.get("traceback") or ()),
    )


def refusal(document: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """Message, node id and node class of the first thing that ComfyUI's validation says is wrong.

    Args:
        document: The answer to a refused `POST /prompt`.
    """
    for node_id, problem in (document.get("node_errors") or {}).items():
        words = (f"{error.get('message', '')}: {error.get('details', '')}" for error in problem.get("errors", ()))
        return "; ".join(words), node_id, problem.get("class_type")
    error = document.get("error")
    if isinstance(error, Mapping):
        return f"{error.get('message', '')} {error.get('details', '')}".strip(), None, None
    return str(error or document), None, None
