"""Every GetNode has its SetNode, and every SetNode something to hand on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...broadcasts import broadcast_name
from ...view import LevelView, View
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="Set and Get nodes form pairs",
    seen="the render refuses to start, or a part of the graph gets nothing",
    why="a GetNode finds its SetNode by name only, in its own level or around it",
    mend="give both the same name, or remove the one that is left over",
    needs_flow=False,
)
def set_get_integrity(subject: Subject) -> Iterator[Finding]:
    """Compares the names of Set and Get nodes."""
    view = subject.view
    read_names: set[str] = set()
    for level in view.levels():
        for node in level.nodes.values():
            name = broadcast_name(node)
            where = f"node {node.id} ({node.type})"
            if node.type == "GetNode":
                read_names.add(name or "")
                if name is None:
                    yield Finding(where, "has no name")
                elif not any(name in _set_names(other) for other in _around(view, level)):
                    yield Finding(where, f"no SetNode is called {name!r}")
            if node.type == "SetNode" and name is not None and not any(slot.links for slot in node.inputs):
                yield Finding(where, f"{name!r} gets nothing", severity=WARN)
    for level in view.levels():
        for name, count in Counter(_set_names(level)).items():
            if count > 1:
                yield Finding(_place(level), f"{count} SetNodes are called {name!r}; a GetNode reads only the first")
            if name not in read_names:
                yield Finding(_place(level), f"nothing reads the SetNode {name!r}", severity=WARN, seen="nothing")


def _set_names(level: LevelView) -> list[str]:
    found = (broadcast_name(node) for node in level.nodes.values() if node.type == "SetNode")
    return [name for name in found if name is not None]


def _place(level: LevelView) -> str:
    return f"subgraph {level.name!r}" if level.id else "top level"


def _around(view: View, level: LevelView) -> list[LevelView]:
    """The level and all levels that hold an instance of it, however deep."""
    found, waiting = [level], [level]
    while waiting:
        inner = waiting.pop()
        for outer in view.levels():
            if outer not in found and any(node.type == inner.id for node in outer.nodes.values()):
                found.append(outer)
                waiting.append(outer)
    return found
