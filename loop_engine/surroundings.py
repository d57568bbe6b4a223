"""The graph around a loop: what is to run, what reads the loop's values from outside, who else closes it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .body import CLOSE_CLASS, GraphView, LoopGraphError, changes_per_iteration, dependents_of
from .prompt_links import Link, as_link, links_of


def live_nodes(graph: GraphView, targets: Iterable[str]) -> tuple[str, ...]:
    """The targets and everything upstream of them: what may run at all."""
    return tuple(dependents_of(graph, (), targets))


def close_nodes_of(graph: GraphView, open_id: str, node_ids: Iterable[str]) -> tuple[str, ...]:
    """Those of the nodes that close the loop of `open_id`."""
    nodes = {node_id: graph.get_node(node_id) for node_id in node_ids}
    flows = {n: as_link(node["inputs"].get("flow_control")) for n, node in nodes.items() if node["class_type"] == CLOSE_CLASS}
    return tuple(node_id for node_id, flow in flows.items() if flow is not None and flow[0] == open_id)


def refuse_second_close(graph: GraphView, open_id: str, live: Iterable[str]) -> None:
    """Refuses two close nodes on one open node.

    Raises:
        LoopGraphError: There are; names them.
    """
    closes = sorted(close_nodes_of(graph, open_id, live))
    if len(closes) > 1:
        raise LoopGraphError(
            f"TensorLoopOpen (node {open_id}) is closed by {len(closes)} TensorLoopClose nodes ({_and(closes)}); a loop has "
            "one. Remove the others, or give each a TensorLoopOpen of its own"
        )


def refuse_unwanted(graph: GraphView, open_id: str, targets: Collection[str]) -> None:
    """Refuses to go on if the loop of `open_id` would not run: nothing that is to run needs what it makes.

    Args:
        graph: All nodes by id.
        open_id: The open node. Something that is to run reads it.
        targets: The output nodes that are to run.

    Raises:
        LoopGraphError: Names the output nodes that wait for a value from inside the loop.
    """
    live = live_nodes(graph, targets)
    if close_nodes_of(graph, open_id, live):
        return
    depends = dependents_of(graph, [open_id], targets)
    waiting = [f"{node_id} ({graph.get_node(node_id)['class_type']})" for node_id in sorted(targets) if depends[node_id]]
    raise LoopGraphError(
        f"node {_and(waiting)} wants a value that exists only while the loop of TensorLoopOpen (node {open_id}) runs, but "
        "nothing that is to run needs the loop's result, so the loop would not run. Wire it to the output of "
        "TensorLoopClose, or run a node after the loop with it"
    )


def refuse_outside_readers(graph: GraphView, open_id: str, close_id: str, live: Iterable[str]) -> None:
    """Refuses a node behind the loop that reads, directly or through others, a value of an iteration.

    Raises:
        LoopGraphError: There is one; names it, its input and where that comes from.
    """
    live = tuple(live)
    inside = changes_per_iteration(graph, open_id, close_id, live)
    behind = dependents_of(graph, [close_id], live)
    for node_id in live:
        if not behind[node_id] or node_id == close_id:
            continue
        for name, (source, _) in links_of(graph.get_node(node_id)):
            if inside[source] and not behind[source]:
                raise LoopGraphError(
                    f"node {node_id} ({graph.get_node(node_id)['class_type']}) reads its input {name!r} from node {source}, "
                    f"which has a value only while the loop {open_id}..{close_id} runs, but it runs after the loop. "
                    "Take the value from TensorLoopClose or from a node in front of the loop."
                )


def is_read_after(graph: GraphView, close_id: str, link: Link, live: Iterable[str]) -> bool:
    """Whether a node behind the loop reads this value not only through the loop: then it joins both itself."""
    live = tuple(live)
    behind = dependents_of(graph, [close_id], live)
    from_it = dependents_of(graph, [link[0]], live, opaque=close_id)
    return any(
        from_it[source] and not behind[source]
        for node_id in live
        if behind[node_id] and node_id != close_id
        for _, (source, _) in links_of(graph.get_node(node_id))
    )


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
