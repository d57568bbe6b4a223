"""Which nodes a loop repeats, and the flat graph that repeats them. Pure: works on API-form node dictionaries.

The body of a loop is every node between `TensorLoopOpen` and `TensorLoopClose`: reachable upstream from what the close node
asks for, and dependent on the open node. A copy of it is made for each iteration. Copies hold no links to another iteration
and none to nodes outside the loop: ComfyUI's cache key of a node walks all its ancestors, so such links make any engine
quadratic, and under `--cache-none` a link to a finished node runs that node again. What a copy needs from outside comes
from an `in` node (one per iteration and region) that reads it from the loop's state.

A *region* is a part of the body that is asked for together. Lazy inputs (a switch, a checkpoint that may already have the
result) start regions of their own, so that what only they need (a 22B model, say) is loaded only when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .prompt_links import Link, as_link, links_of
from .slots import CAPTURES_PER_IN_NODE

Region = frozenset[tuple[str, str]]
"""The lazy inputs (node id, input name) that lead to a part of the body; empty for what every iteration needs."""

ALWAYS: Region = frozenset()

OPEN_CLASS, CLOSE_CLASS = "TensorLoopOpen", "TensorLoopClose"


class LoopGraphError(ValueError):
    """The graph around a loop cannot work; the message names the node and what to change."""


class GraphView(Protocol):
    """The part of ComfyUI's DynamicPrompt that is read here."""

    def get_node(self, node_id: str) -> Mapping[str, Any]:
        """The node `{"class_type": ..., "inputs": {...}}`."""
        ...


@dataclass(frozen=True)
class InputKinds:
    """Answers about node classes that the search needs."""

    is_lazy: Callable[[str, str], bool]
    """(class type, input name): whether the input is asked for only when the node wants it."""
    is_raw_link: Callable[[str, str], bool]
    """(class type, input name): whether the node is handed the link instead of the value."""
    is_output: Callable[[str], bool] = lambda _class_type: False
    """Class type: whether it is an output node, which ComfyUI runs even if nothing asks for its value."""


@dataclass(frozen=True, repr=False)
class Capture:
    """Values from outside the loop that one `in` node hands to the copies. `links[i]` is its slot 3 + i."""

    region: Region
    links: tuple[Link, ...]


@dataclass(frozen=True, repr=False)
class Tap:
    """An output node inside the body (a preview, say), run once per iteration with everything only it needs."""

    node_ids: tuple[str, ...]
    region: Region
    inputs: tuple[Link, ...]
    """Links from the body, the open node or outside that these nodes read."""


@dataclass(frozen=True, repr=False)
class LoopBody:
    """The nodes that a loop repeats. Made by `find_body`."""

    open_id: str
    close_id: str
    processed: Link
    stop: Link | None
    nodes: Mapping[str, Mapping[str, Any]]
    regions: Mapping[str, Region]
    captures: tuple[Capture, ...]
    taps: tuple[Tap, ...]
    kinds: InputKinds

    def __repr__(self) -> str:
        return f"<loop {self.open_id}..{self.close_id}: {len(self.nodes)} nodes>"

    def output_nodes(self) -> tuple[str, ...]:
        """Output nodes whose value the body uses."""
        return tuple(node_id for node_id, node in self.nodes.items() if self.kinds.is_output(node["class_type"]))


def dependents_of(
    graph: GraphView, targets: Iterable[str], starts: Iterable[str], opaque: str | None = None
) -> dict[str, bool]:
    """For each start and everything upstream of it: is it one of `targets`, or does it depend on one?

    `opaque` depends on nothing and is never looked through. Iterative: saved graphs have chains longer than Python's
    recursion limit once loops are nested.
    """
    wanted = set(targets)
    depends: dict[str, bool] = {} if opaque is None else {opaque: False}
    for start in starts:
        stack = [start]
        while stack:
            node_id = stack[-1]
            if node_id in depends:
                stack.pop()
                continue
            sources = [link[0] for _, link in links_of(graph.get_node(node_id))]
            waiting = [source for source in sources if source not in depends]
            if waiting:
                if len(stack) > 100_000:
                    raise LoopGraphError(f"the graph upstream of node {start} has a cycle")
                stack.extend(waiting)
            else:
                depends[node_id] = node_id in wanted or any(depends[source] for source in sources)
                stack.pop()
    return depends


def changes_per_iteration(graph: GraphView, open_id: str, close_id: str, starts: Iterable[str]) -> dict[str, bool]:
    """For each start and everything upstream of it: does an iteration need a copy of its own of it?

    That is what depends on the open node, and the whole of each loop inside whose close node depends on it: the copies of
    such an inner loop run apart from each other, so its open node and what only that one drives are copied too.
    """
    starts, targets = list(starts), {open_id}
    while True:
        depends = dependents_of(graph, targets, starts, opaque=close_id)
        inner = {
            flow[0]
            for node_id, yes in depends.items()
            if yes and graph.get_node(node_id)["class_type"] == CLOSE_CLASS
            for name, flow in links_of(graph.get_node(node_id))
            if name == "flow_control"
        }
        if inner <= targets:
            return depends
        targets |= inner


def open_loops_around(graph: GraphView, close_id: str) -> frozenset[str]:
    """Open nodes upstream of a close node whose own close node is not: loops in whose body it lies."""
    upstream = dependents_of(graph, (), [close_id])
    classes = {node_id: graph.get_node(node_id)["class_type"] for node_id in upstream}
    closed = {
        flow[0]
        for node_id, class_type in classes.items()
        if class_type == CLOSE_CLASS
        for name, flow in links_of(graph.get_node(node_id))
        if name == "flow_control"
    }
    return frozenset(node_id for node_id, class_type in classes.items() if class_type == OPEN_CLASS) - closed


def find_body(graph: GraphView, close_id: str, kinds: InputKinds, output_nodes: Iterable[str] = ()) -> LoopBody:
    """The body of the loop that the node `close_id` closes.

    Args:
        graph: All nodes by id.
        close_id: The TensorLoopClose node.
        kinds: Which inputs are lazy or raw links.
        output_nodes: Ids of output nodes (previews, savers) that are to run; those that hang off the body run in it.

    Raises:
        LoopGraphError: The close node is not wired to an open node, or what it collects does not depend on it.
    """
    close = graph.get_node(close_id)
    flow, processed = as_link(close["inputs"].get("flow_control")), as_link(close["inputs"].get("processed"))
    if flow is None or processed is None:
        missing = "flow_control" if flow is None else "processed"
        raise LoopGraphError(f"TensorLoopClose (node {close_id}): wire its {missing} input")
    open_id, stop = flow[0], as_link(close["inputs"].get("stop"))
    if graph.get_node(open_id)["class_type"] != OPEN_CLASS:
        raise LoopGraphError(
            f"TensorLoopClose (node {close_id}): flow_control comes from node {open_id} "
            f"({graph.get_node(open_id)['class_type']}); wire it to the flow_control of a TensorLoopOpen"
        )
    roots = [processed] + ([stop] if stop else [])
    candidates = [node_id for node_id in output_nodes if node_id != close_id]
    depends = changes_per_iteration(graph, open_id, close_id, [*(root[0] for root in roots), *candidates])
    if not depends[processed[0]] or processed[0] == open_id:
        raise LoopGraphError(
            f"TensorLoopClose (node {close_id}): what arrives at 'processed' (node {processed[0]}) does not depend on "
            f"TensorLoopOpen (node {open_id}), so every iteration would be the same. Use previous_value or "
            "current_iteration of the open node in what you loop over."
        )
    node_ids = _upstream(graph, [root[0] for root in roots if depends[root[0]]], depends, open_id)
    nodes = {node_id: graph.get_node(node_id) for node_id in node_ids}
    regions = _regions(nodes, [root[0] for root in roots], kinds)
    taps = tuple(_taps(graph, open_id, close_id, nodes, regions, candidates, depends))
    captures = _captures(open_id, nodes, regions, taps, kinds, stop)
    return LoopBody(open_id, close_id, processed, stop, nodes, regions, captures, taps, kinds)


def _upstream(graph: GraphView, starts: Iterable[str], depends: Mapping[str, bool], stop_at: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    stack = list(starts)
    while stack:
        node_id = stack.pop()
        if node_id in found or node_id == stop_at:
            continue
        found[node_id] = None
        stack.extend(link[0] for _, link in links_of(graph.get_node(node_id)) if depends.get(link[0]))
    return tuple(found)


def _strong_closure(nodes: Mapping[str, Any], starts: Iterable[str], kinds: InputKinds) -> set[str]:
    found: set[str] = set()
    stack = [start for start in starts if start in nodes]
    while stack:
        node_id = stack.pop()
        if node_id in found:
            continue
        found.add(node_id)
        class_type = nodes[node_id]["class_type"]
        stack.extend(
            link[0] for name, link in links_of(nodes[node_id]) if link[0] in nodes and not kinds.is_lazy(class_type, name)
        )
    return found


def _regions(nodes: Mapping[str, Any], roots: Iterable[str], kinds: InputKinds) -> dict[str, Region]:
    always = _strong_closure(nodes, roots, kinds)
    reached: dict[str, set[tuple[str, str]]] = {}
    for node_id, node in nodes.items():
        for name, link in links_of(node):
            if link[0] in nodes and kinds.is_lazy(node["class_type"], name):
                for member in _strong_closure(nodes, [link[0]], kinds) - always:
                    reached.setdefault(member, set()).add((node_id, name))
    return {node_id: ALWAYS if node_id in always else frozenset(reached.get(node_id, ())) for node_id in nodes}


def _taps(
    graph: GraphView,
    open_id: str,
    close_id: str,
    nodes: Mapping[str, Any],
    regions: Mapping[str, Region],
    candidates: Iterable[str],
    depends: Mapping[str, bool],
) -> list[Tap]:
    candidates = [node_id for node_id in candidates if node_id not in nodes]
    behind_loop = dependents_of(graph, [close_id], candidates)
    taps: list[Tap] = []
    for node_id in candidates:
        if behind_loop[node_id] or not depends[node_id]:
            continue
        members = [n for n in _upstream(graph, [node_id], depends, open_id) if n not in nodes]
        found = _tap(graph, members, nodes, regions)
        # What two previews share (a decoder, say) is to run once, so they are one tap.
        shared = [tap for tap in taps if tap.region == found.region and set(tap.node_ids) & set(members)]
        merged = dict.fromkeys([*(n for tap in shared for n in tap.node_ids), *members])
        taps = [tap for tap in taps if tap not in shared] + [_tap(graph, tuple(merged), nodes, regions)]
    return taps


def _tap(graph: GraphView, members: Iterable[str], nodes: Mapping[str, Any], regions: Mapping[str, Region]) -> Tap:
    members = tuple(members)
    inputs = {link: None for n in members for _, link in links_of(graph.get_node(n)) if link[0] not in members}
    lazy = [regions[link[0]] for link in inputs if link[0] in nodes and regions[link[0]] != ALWAYS]
    return Tap(members, lazy[0] if lazy else ALWAYS, tuple(inputs))


def _captures(
    open_id: str,
    nodes: Mapping[str, Any],
    regions: Mapping[str, Region],
    taps: Iterable[Tap],
    kinds: InputKinds,
    stop: Link | None,
) -> tuple[Capture, ...]:
    wanted: dict[Region, dict[Link, None]] = {ALWAYS: {}}
    for node_id, node in nodes.items():
        for name, link in links_of(node):
            if link[0] in nodes or link[0] == open_id or kinds.is_raw_link(node["class_type"], name):
                continue
            wanted.setdefault(region_of_input(node_id, node, name, regions, kinds), {})[link] = None
    for tap in taps:
        for link in tap.inputs:
            if link[0] not in nodes and link[0] != open_id:
                wanted.setdefault(tap.region, {})[link] = None
    always = wanted[ALWAYS]
    if stop is not None and stop[0] not in nodes and stop[0] != open_id:
        always[stop] = None
    captures = []
    for region, links in wanted.items():
        own = tuple(link for link in links if region == ALWAYS or link not in always)
        chunks = [own[i : i + CAPTURES_PER_IN_NODE] for i in range(0, len(own), CAPTURES_PER_IN_NODE)] or [()]
        captures += [Capture(region, chunk) for chunk in chunks if chunk or region == ALWAYS]
    return tuple(captures)


def region_of_input(
    node_id: str, node: Mapping[str, Any], name: str, regions: Mapping[str, Region], kinds: InputKinds
) -> Region:
    """The region in which an input of a body node is read."""
    if kinds.is_lazy(node["class_type"], name):
        return frozenset({(node_id, name)})
    return regions[node_id]
