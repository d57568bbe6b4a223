"""Whether data flows in a circle, looked at as it runs: through subgraphs and through SetNode/GetNode pairs.

Works on slots, not on nodes, for subgraph instances: an instance whose second input depends on its own first output is
fine if the two have nothing to do with each other inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .broadcasts import broadcast_name, setters
from .bypass import passed_input
from .document import DocumentError
from .links import INPUT_BOUNDARY, OUTPUT_BOUNDARY
from .node_format import BYPASSED
from .view import LevelView, NodeView, View

Point = tuple[str, ...]

MAX_NESTING = 100
"""Deepest nesting of subgraphs; people's graphs stay under 10."""

_LIMIT = 100_000
"""Nodes after expansion; a file of a few kB can nest subgraphs into billions, and none of those would run."""


def find_cycle(view: View) -> tuple[str, ...]:
    """The nodes of one circle in order, as ids with the instances they lie in ("843:12"); empty if there is none.

    Empty also for a document whose subgraphs contain themselves or are nested too deep: nothing of it can be written out.
    """
    try:
        size = expanded_size(view)
    except DocumentError:
        return ()
    if size > _LIMIT:
        return ()
    edges: dict[Point, list[Point]] = {}
    _expand(view, view.root, (), edges, {})
    return _search(edges)


def expanded_size(view: View) -> int:
    """How many nodes the document has with every subgraph instance written out.

    Raises:
        DocumentError: As `innermost_first`.
    """
    sizes: dict[str, int] = {}
    for level in [*innermost_first(view), view.root]:
        sizes[level.id] = sum(1 + (sizes[node.type] if view.is_instance(node) else 0) for node in level.nodes.values())
    return sizes[view.root.id]


def innermost_first(view: View) -> list[LevelView]:
    """Every subgraph after those that it holds instances of.

    Raises:
        DocumentError: One contains itself, or they are nested deeper than `MAX_NESTING`.
    """
    held = {level.id: dict.fromkeys(n.type for n in level.nodes.values() if view.is_instance(n)) for level in view.levels()}
    depths: dict[str, int] = {}
    for start in view.subgraphs:
        trail: dict[str, Iterator[str]] = {} if start in depths else {start: iter(held[start])}
        while trail:
            current = next(reversed(trail))
            inner = next((identity for identity in trail[current] if identity not in depths), None)
            if inner is None:
                del trail[current]
                depths[current] = 1 + max((depths[identity] for identity in held[current]), default=0)
                if depths[current] > MAX_NESTING:
                    raise DocumentError(f"subgraph {view.subgraphs[current].name!r}: nested deeper than {MAX_NESTING} levels")
            elif inner in trail:
                raise DocumentError(f"subgraph {view.subgraphs[inner].name!r} contains itself")
            else:
                trail[inner] = iter(held[inner])
    return [view.subgraphs[identity] for identity in depths]


def _expand(
    view: View, level: LevelView, path: tuple[str, ...], edges: dict[Point, list[Point]], around: Mapping[str, Point]
) -> None:
    """Adds the edges of one level; `around` are the SetNodes that GetNodes in it can read, by name."""
    for link in level.links.values():
        source, target = level.nodes.get(link.origin_id), level.nodes.get(link.target_id)
        start = _end(view, path, source, "out", link.origin_slot, link.origin_id == INPUT_BOUNDARY, "in")
        end = _end(view, path, target, "in", link.target_slot, link.target_id == OUTPUT_BOUNDARY, "out")
        if start and end:
            edges.setdefault(start, []).append(end)
    heard = {**around, **{name: (*path, str(node.id)) for name, node in setters(level.nodes.values()).items()}}
    for node in level.nodes.values():
        name = broadcast_name(node)
        if node.type == "GetNode" and name in heard:
            edges.setdefault(heard[name], []).append((*path, str(node.id)))
        if view.is_instance(node) and node.mode == BYPASSED:
            _pass_on(view, path, node, edges)
        elif view.is_instance(node):
            _expand(view, view.subgraphs[node.type], (*path, str(node.id)), edges, heard)


def _pass_on(view: View, path: tuple[str, ...], node: NodeView, edges: dict[Point, list[Point]]) -> None:
    """Adds what a bypassed instance hands from its inputs to its outputs, past all that is inside."""
    inputs, outputs = [slot.type for slot in node.inputs], [slot.type for slot in node.outputs]
    for index, kind in enumerate(outputs):
        passed = passed_input(inputs, outputs, index, kind)
        if passed is not None:
            start = _end(view, path, node, "in", passed, False, "in")
            end = _end(view, path, node, "out", index, False, "out")
            assert start is not None
            assert end is not None
            edges.setdefault(start, []).append(end)


def _end(
    view: View, path: tuple[str, ...], node: NodeView | None, side: str, slot: int, at_boundary: bool, boundary_side: str
) -> Point | None:
    """The point of the expanded graph where one end of a link lies."""
    if at_boundary:
        return (*path, f"{boundary_side} {slot}")
    if node is None:
        return None
    if view.is_instance(node):
        inner = view.subgraphs[node.type]
        own, theirs = (node.inputs, inner.inputs) if side == "in" else (node.outputs, inner.outputs)
        if slot >= len(own):
            return None
        index = next((i for i, other in enumerate(theirs) if other.name == own[slot].name), slot)
        return (*path, str(node.id), f"{side} {index}")
    return (*path, str(node.id))


def _search(edges: Mapping[Point, list[Point]]) -> tuple[str, ...]:
    done: set[Point] = set()
    for start in edges:
        if start in done:
            continue
        trail: list[Point] = [start]
        on_trail = {start}
        stack: list[Iterator[Point]] = [iter(edges[start])]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                left = trail.pop()
                on_trail.discard(left)
                done.add(left)
            elif following in on_trail:
                return _names(trail[trail.index(following) :])
            elif following not in done:
                trail.append(following)
                on_trail.add(following)
                stack.append(iter(edges.get(following, ())))
    return ()


def _names(points: list[Point]) -> tuple[str, ...]:
    names = [":".join(part for part in point if " " not in part) for point in points]
    return tuple(name for index, name in enumerate(names) if name and (index == 0 or names[index - 1] != name))
