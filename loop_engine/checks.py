"""The refusals of a loop before any of it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import running_render

if TYPE_CHECKING:
    from .body import LoopBody
    from .state import LoopSettings


def check_open(graph: Any, open_id: str) -> None:
    """Refuses an open node that nothing closes, or whose loop would not run although something waits for its values.

    Raises:
        LoopGraphError: Names the nodes.
    """
    from .surroundings import refuse_unwanted

    refuse_unclosed(graph, open_id)
    if graph.get_parent_node_id(open_id) is None:
        refuse_unwanted(graph, open_id, running_render.target_nodes(graph))


def refuse_unclosed(graph: Any, open_id: str) -> None:
    """Refuses an open node that nothing closes.

    Raises:
        LoopGraphError: Names it.
    """
    from .body import LoopGraphError
    from .surroundings import close_nodes_of

    if not close_nodes_of(graph, open_id, graph.all_node_ids()):
        raise LoopGraphError(f"TensorLoopOpen (node {open_id}) has no TensorLoopClose; wire flow_control to one")


def checked_body(graph: Any, close_id: str) -> LoopBody:
    """The body of the loop, once all that can be known to fail in the middle of it is refused.

    Raises:
        LoopGraphError: Names the nodes.
    """
    from .body import CLOSE_CLASS, find_body
    from .input_kinds import input_kinds
    from .surroundings import live_nodes, refuse_outside_readers, refuse_second_close

    kinds = input_kinds()
    # Inside another loop only the nodes of this iteration count; that loop has brought the previews along.
    if graph.get_parent_node_id(close_id) is not None:
        return find_body(graph, close_id, kinds)
    targets = running_render.target_nodes(graph)
    live = live_nodes(graph, targets)
    body = find_body(graph, close_id, kinds, targets)
    inner = [node_id for node_id, node in body.nodes.items() if node["class_type"] == CLOSE_CLASS]
    for each in [body, *(find_body(graph, node_id, kinds, targets) for node_id in inner)]:
        refuse_second_close(graph, each.open_id, live)
        refuse_outside_readers(graph, each.open_id, each.close_id, live)
        _refuse_unknown_choices(graph, each)
    return body


def _refuse_unknown_choices(graph: Any, body: LoopBody) -> None:
    """ComfyUI leaves a choice that a schema does not know out of a prompt without a word."""
    from .body import LoopGraphError
    from .slots import LOOP_MODES, OVERLAP_MODES

    for class_type, node_id, name, known in (
        ("TensorLoopOpen", body.open_id, "mode", LOOP_MODES),
        ("TensorLoopClose", body.close_id, "overlap", OVERLAP_MODES),
    ):
        chosen = graph.get_node(node_id)["inputs"].get(name, known[0])
        if chosen not in known:
            raise LoopGraphError(f"{class_type} (node {node_id}): {name} is {chosen!r}; use one of {', '.join(known)}")


def end_of_loop(open_inputs: dict[str, Any], settings: LoopSettings) -> dict[str, Any]:
    """The inputs of AudioLoopRun that say when the loop ends: literals or links, as the open node has them.

    Raises:
        LoopRunError: They are literals with which the loop has no way to its end.
    """
    from .prompt_links import as_link
    from .slots import DEFAULT_ITERATIONS, DEFAULT_TOTAL_FRAMES
    from .state import refuse_target

    name, value = "iterations", open_inputs.get("iterations_in")
    if value is None and open_inputs.get("mode") == "total_frames":
        name, value = "total_frames", open_inputs.get("mode.total_frames", DEFAULT_TOTAL_FRAMES)
    elif value is None:
        value = open_inputs.get("mode.iterations", DEFAULT_ITERATIONS)
    if as_link(value) is None:
        refuse_target(settings, name, value, open_inputs.get("initial_value") is not None)
    return {name: value}
