"""The rules that the frontend itself needs a document to keep: checked before any opinion about what is in it.

A link is written in several places: in the link table, in the list of the output it leaves, in the input it enters, and in
a subgraph's boundary slot. They must agree, or the graph that is shown is not the graph that runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .broadcasts import broadcast_name
from .cycles import find_cycle, innermost_first
from .document import Document, DocumentError
from .links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId
from .view import LevelView, NodeView, View, definitions, read


@dataclass(frozen=True)
class Violation:
    """One broken invariant.

    Attributes:
        code: Which invariant, one word.
        where: Path in the document, as in "nodes[3].inputs[0]", or the level and node in words.
        message: What is wrong.
    """

    code: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where or 'top level'}: {self.message} [{self.code}]"


def check(document: Document) -> tuple[Violation, ...]:
    """All violations of the invariants, in the order of the file; empty for a sound document.

    Codes: `unreadable`, `link_origin`, `link_target`, `output_list`, `input_link`, `boundary`, `last_id`, `instance`,
    `recursive_subgraph`, `cycle`, `set_get`.

    Raises:
        DocumentError: The document is no UI workflow at all.
    """
    view = read(document)
    found = [Violation("unreadable", problem.where, problem.message) for problem in view.problems]
    for level in view.levels():
        found.extend(_links(level))
        found.extend(_slots(level))
        found.extend(_boundary(level))
        found.extend(_instances(level, view))
        found.extend(_broadcasts(level))
    found.extend(_last_ids(document, view))
    recursive = _recursive(view) or _too_deep(view)
    found.extend(recursive)
    if not recursive:
        cycle = find_cycle(view)
        if cycle:
            found.append(Violation("cycle", cycle[0], "nodes feed each other in a circle: " + " -> ".join(cycle)))
    return tuple(found)


def _name(level: LevelView, node: NodeId | None = None) -> str:
    place = f"subgraph {level.name!r}" if level.id else "top level"
    return place if node is None else f"{place}, node {node}"


def _links(level: LevelView) -> Iterator[Violation]:
    for link in level.links.values():
        where = f"{_name(level)}, link {link.id}"
        if link.origin_id == INPUT_BOUNDARY and level.id:
            if not 0 <= link.origin_slot < len(level.inputs):
                yield Violation("link_origin", where, f"starts at input {link.origin_slot}, there are {len(level.inputs)}")
            elif link.id not in level.inputs[link.origin_slot].links:
                yield Violation("boundary", where, f"is not in the list of boundary input {link.origin_slot}")
        else:
            yield from _origin(level, link, where)
        if link.target_id == OUTPUT_BOUNDARY and level.id:
            if not 0 <= link.target_slot < len(level.outputs):
                yield Violation("link_target", where, f"ends at output {link.target_slot}, there are {len(level.outputs)}")
            elif link.id not in level.outputs[link.target_slot].links:
                yield Violation("boundary", where, f"is not in the list of boundary output {link.target_slot}")
        else:
            yield from _target(level, link, where)


def _origin(level: LevelView, link: Link, where: str) -> Iterator[Violation]:
    node = level.nodes.get(link.origin_id)
    if node is None:
        yield Violation("link_origin", where, f"comes from node {link.origin_id}, which does not exist")
    elif not 0 <= link.origin_slot < len(node.outputs):
        yield Violation(
            "link_origin", where, f"comes from output {link.origin_slot} of {_who(node)}, which has {len(node.outputs)}"
        )
    else:
        count = node.outputs[link.origin_slot].links.count(link.id)
        if count != 1:
            yield Violation(
                "output_list", where, f"appears {count} times in the list of output {link.origin_slot} of {_who(node)}"
            )


def _target(level: LevelView, link: Link, where: str) -> Iterator[Violation]:
    node = level.nodes.get(link.target_id)
    if node is None:
        yield Violation("link_target", where, f"goes to node {link.target_id}, which does not exist")
    elif not 0 <= link.target_slot < len(node.inputs):
        yield Violation("link_target", where, f"goes to input {link.target_slot} of {_who(node)}, which has {len(node.inputs)}")
    elif link.id not in node.inputs[link.target_slot].links:
        held = node.inputs[link.target_slot].links
        other = f"holds link {held[0]}" if held else "is empty"
        yield Violation(
            "input_link", where, f"goes to input {node.inputs[link.target_slot].name!r} of {_who(node)}, which {other}"
        )


def _slots(level: LevelView) -> Iterator[Violation]:
    for node in level.nodes.values():
        for index, slot in enumerate(node.inputs):
            for link_id in slot.links:
                link = level.links.get(link_id)
                where = f"{_name(level)}, {_who(node)}, input {slot.name!r}"
                if link is None:
                    yield Violation("input_link", where, f"holds link {link_id}, which does not exist")
                elif (link.target_id, link.target_slot) != (node.id, index):
                    yield Violation(
                        "input_link",
                        where,
                        f"holds link {link_id}, which goes to input {link.target_slot} of node {link.target_id}",
                    )
        for index, slot in enumerate(node.outputs):
            where = f"{_name(level)}, {_who(node)}, output {slot.name!r}"
            for link_id in slot.links:
                link = level.links.get(link_id)
                if link is None:
                    yield Violation("output_list", where, f"lists link {link_id}, which does not exist")
                elif (link.origin_id, link.origin_slot) != (node.id, index):
                    yield Violation(
                        "output_list",
                        where,
                        f"lists link {link_id}, which leaves output {link.origin_slot} of node {link.origin_id}",
                    )


def _boundary(level: LevelView) -> Iterator[Violation]:
    for side, slots, node in (("input", level.inputs, INPUT_BOUNDARY), ("output", level.outputs, OUTPUT_BOUNDARY)):
        for name, count in Counter(slot.name for slot in slots).items():
            if count > 1:
                yield Violation("boundary", _name(level), f"{count} {side}s are called {name!r}")
        for index, slot in enumerate(slots):
            where = f"{_name(level)}, {side} {slot.name!r}"
            if side == "output" and len(set(slot.links)) > 1:
                yield Violation("boundary", where, f"is fed by {len(set(slot.links))} links, one is the rule")
            for link_id, count in Counter(slot.links).items():
                link = level.links.get(link_id)
                end = None
                if link is not None:
                    end = (link.origin_id, link.origin_slot) if side == "input" else (link.target_id, link.target_slot)
                if link is None:
                    yield Violation("boundary", where, f"lists link {link_id}, which does not exist")
                elif end != (node, index):
                    yield Violation("boundary", where, f"lists link {link_id}, which does not belong to it")
                elif count > 1:
                    yield Violation("boundary", where, f"lists link {link_id} {count} times")


def _instances(level: LevelView, view: View) -> Iterator[Violation]:
    for node in level.nodes.values():
        inner = view.subgraphs.get(node.type)
        if inner is None:
            continue
        for side, outside, inside in (("input", node.inputs, inner.inputs), ("output", node.outputs, inner.outputs)):
            names, wanted = [slot.name for slot in outside], [slot.name for slot in inside]
            # Files of older frontends leave out unconnected widget inputs; order and names must still be the definition's.
            remaining = iter(wanted)
            if not all(any(name == other for other in remaining) for name in names):
                yield Violation(
                    "instance", f"{_name(level)}, {_who(node)}", f"has the {side}s {names}, its definition has {wanted}"
                )


def _broadcasts(level: LevelView) -> Iterator[Violation]:
    names = Counter(broadcast_name(node) for node in level.nodes.values() if node.type == "SetNode")
    for name, count in names.items():
        if count > 1:
            yield Violation(
                "set_get", _name(level), f"{count} SetNodes are called {name!r}, a GetNode cannot tell which is meant"
            )


def _last_ids(document: Document, view: View) -> Iterator[Violation]:
    raw_levels = [("", document), *definitions(document)]
    for where, raw in raw_levels:
        level = view.root if not where else view.subgraphs.get(str(raw.get("id")))
        if level is None:
            continue
        state = found if isinstance(found := raw.get("state"), dict) else {}
        for key, state_key, ids in (
            ("last_node_id", "lastNodeId", [i for i in level.nodes if isinstance(i, int)]),
            ("last_link_id", "lastLinkId", list(level.links)),
        ):
            name, last = (key, raw[key]) if key in raw else (f"state.{state_key}", state.get(state_key))
            if ids and isinstance(last, (int, float)) and last < max(ids):
                yield Violation(
                    "last_id",
                    f"{where}.{name}".lstrip("."),
                    f"is {last}, but {max(ids)} is in use; the next new one would collide",
                )
            if ids and last is None and not where:
                yield Violation("last_id", name, "is missing")


def _recursive(view: View) -> list[Violation]:
    children = {
        level.id: [node.type for node in level.nodes.values() if node.type in view.subgraphs] for level in view.levels()
    }
    state: dict[str, int] = {}
    for start in children:
        stack = [(start, iter(children[start]))]
        if state.get(start):
            continue
        state[start] = 1
        while stack:
            current, rest = stack[-1]
            nested = next(rest, None)
            if nested is None:
                state[current] = 2
                stack.pop()
            elif state.get(nested) == 1:
                name = view.subgraphs[nested].name
                return [Violation("recursive_subgraph", f"subgraph {name!r}", "contains itself")]
            elif not state.get(nested):
                state[nested] = 1
                stack.append((nested, iter(children[nested])))
    return []


def _too_deep(view: View) -> list[Violation]:
    try:
        innermost_first(view)
    except DocumentError as error:
        return [Violation("recursive_subgraph", "subgraphs", str(error))]
    return []


def _who(node: NodeView) -> str:
    return f"{node.type} {node.id}" if len(node.type) < 36 or "-" not in node.type else f"node {node.id}"
