"""Every saved input, output and value is one that today's node has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...earlier.recognise import Renamed, recognise
from ...earlier.table import TABLE
from ...schemas import CONTROL as CONTROL_WIDGET
from ...view import NodeView
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="every saved input and output is one that today's node has",
    seen="a wire that does nothing: another seed than the one that is wired, or a render that does not start",
    why="an earlier version or the older pack saved the node; ComfyUI ignores a wired input whose name it does not know",
    mend="python scripts/workflow.py migrate FILE",
    by_hand="put a new node of that type in its place and wire it by the names",
    needs_flow=False,
)
def outdated_sockets(subject: Subject) -> Iterator[Finding]:
    """Compares what a file shows of each node with today's schema and with the table of earlier ones."""
    for level in subject.view.levels():
        for node in level.nodes.values():
            schema = subject.schemas.get(node.type)
            if schema is None or subject.view.is_instance(node):
                continue
            changes = recognise(node.raw, schema).changes
            listed = {change.name for change in changes if change.side == "input"}
            for change in changes:
                wired = _is_wired(node, change)
                if change.side == "value" and (change.name in listed or change.name == CONTROL_WIDGET):
                    # The rule `seed_control_drift` names the word of a seed control.
                    continue
                if node.type not in TABLE and not wired:
                    # A node of another pack is not ours to rename, and what is not wired there does nothing.
                    continue
                yield Finding(
                    f"node {node.id} ({node.type})",
                    str(change) + (", and it is wired" if wired else ""),
                    severity=ERR if wired and node.type in TABLE else WARN,
                    mend=None if node.type in TABLE else "wire it anew in ComfyUI, or update the pack of that node",
                )


def _is_wired(node: NodeView, change: Renamed) -> bool:
    listed: Any = node.raw.get(f"{change.side}s")
    slot = listed[change.index] if isinstance(listed, list) and 0 <= change.index < len(listed) else None
    return isinstance(slot, Mapping) and bool(slot.get("link") is not None or slot.get("links"))
