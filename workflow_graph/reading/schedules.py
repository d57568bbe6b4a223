"""The prompt schedules of a graph: where each is written, which is where a user edits it, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..node_kinds import SCHEDULES
from .flow import Flow, FlowNode


@dataclass(frozen=True)
class WrittenSchedule:
    """A schedule that is written in the graph.

    Attributes:
        writer: The node that holds the text.
        reader: The node that makes prompts of it; the same as `writer` if the text is typed there.
        text: The text.
    """

    writer: FlowNode
    reader: FlowNode
    text: str


def read_schedules(flow: Flow) -> Iterator[WrittenSchedule]:
    """One for each node that reads a schedule."""
    for reader in flow.of_type(SCHEDULES):
        found = flow.written(reader, "schedule")
        if found is not None and isinstance(found.value, str):
            yield WrittenSchedule(found.node, reader, found.value)


def written_schedules(flow: Flow) -> Iterator[tuple[FlowNode, str]]:
    """The node that holds the text, and the text: once, however many nodes read it."""
    told = set()
    for schedule in read_schedules(flow):
        if schedule.writer.id not in told:
            told.add(schedule.writer.id)
            yield schedule.writer, schedule.text
