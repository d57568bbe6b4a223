"""The flat graph of a loop: one copy of the body per iteration, asked for one after the other by driver nodes.

Pure: node dictionaries in, node dictionaries out. The class types are the engine's own (`nodes/loop_engine.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .loop_body import (
    ALWAYS,
    IN_COUNT,
    IN_FIRST_CAPTURE,
    IN_ITERATION,
    IN_PREVIOUS,
    OPEN_COUNT,
    OPEN_ITERATION,
    OPEN_PREVIOUS,
    Link,
    LoopBody,
    Tap,
    as_link,
)
from .loop_state import LoopState

IN_NODE, CAPTURE_NODE, DRIVER_NODE, TAP_NODE, RUN_NODE = (
    "AudioLoopIterationIn",
    "AudioLoopCapture",
    "AudioLoopDriver",
    "AudioLoopTap",
    "AudioLoopRun",
)
DRIVER_FAN_OUT = 16
"""Children a driver asks for in turn. A driver's inputs are read again for each of them, so a flat list of all iterations
would be quadratic; and what a driver was given stays alive until it is done."""

OPEN_SLOTS = {OPEN_PREVIOUS: IN_PREVIOUS, OPEN_COUNT: IN_COUNT, OPEN_ITERATION: IN_ITERATION}


@dataclass(frozen=True)
class Copies:
    """New nodes by id, the id of the driver that returns the result, and the ids that belong to each iteration."""

    nodes: dict[str, dict[str, Any]]
    top: str
    by_iteration: dict[int, tuple[str, ...]]


class _Names:
    """Ids of the nodes that the engine adds for one loop run."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def capture(self, index: int) -> str:
        return f"{self.run_id}.capture{index}"

    def inlet(self, iteration: int, index: int) -> str:
        return f"{self.run_id}.{iteration}.in{index}"

    def copy(self, iteration: int, node_id: str) -> str:
        return f"{self.run_id}.{iteration}.{node_id}"

    def tap(self, iteration: int, index: int) -> str:
        return f"{self.run_id}.{iteration}.tap{index}"

    def driver(self, level: int, first: int) -> str:
        return f"{self.run_id}.drive{level}.{first}"


def make_copies(state: LoopState, run_id: str, iterations: range, grows: bool) -> Copies:
    """The copies for `iterations` and the tree of drivers above them.

    Args:
        state: The run; handed to the engine's nodes as a literal. Captures it already holds are not asked for again.
        run_id: Prefix of all new ids; unique in the prompt.
        iterations: 1-based iteration numbers.
        grows: Whether the loop may go on after the last of `iterations` (a target number of frames).
    """
    body, names = state.body, _Names(run_id)
    nodes: dict[str, dict[str, Any]] = {}
    for index, capture in enumerate(body.captures):
        if index not in state.captured:
            inputs = {f"value{i}": list(link) for i, link in enumerate(capture.links)}
            nodes[names.capture(index)] = _node(CAPTURE_NODE, {"state": state, "index": index, **inputs}, body.close_id)
    by_iteration = {}
    for iteration in iterations:
        copies = _copy_iteration(state, names, iteration)
        nodes.update(copies)
        by_iteration[iteration] = tuple(copies)
    top = _drivers(nodes, state, names, iterations, grows)
    return Copies(nodes, top, by_iteration)


def _node(class_type: str, inputs: dict[str, Any], display_id: str) -> dict[str, Any]:
    return {"class_type": class_type, "inputs": inputs, "override_display_id": display_id}


def _copy_iteration(state: LoopState, names: _Names, iteration: int) -> dict[str, dict[str, Any]]:
    body, made = state.body, {}
    for index in range(len(body.captures)):
        inputs: dict[str, Any] = {"state": state, "iteration": iteration, "index": index}
        if index not in state.captured:
            inputs["source"] = [names.capture(index), 0]
        made[names.inlet(iteration, index)] = _node(IN_NODE, inputs, body.close_id)
    for node_id, node in body.nodes.items():
        inputs = {
            name: _relink(value, body, names, iteration, body.kinds.is_raw_link(node["class_type"], name))
            for name, value in node["inputs"].items()
        }
        made[names.copy(iteration, node_id)] = _node(node["class_type"], inputs, state.display_of(node_id))
    for index, tap in enumerate(body.taps):
        _splice_tap(made, state, names, iteration, index, tap)
    return made


def _relink(value: Any, body: LoopBody, names: _Names, iteration: int, raw: bool) -> Any:
    link = as_link(value)
    if link is None:
        return value
    target = resolve(link, body, names, iteration, raw)
    return list(target)


def resolve(link: Link, body: LoopBody, names: _Names, iteration: int, raw: bool = False) -> Link:
    """Where a link of the original body leads in the copy of one iteration."""
    source, slot = link
    if source in body.nodes:
        return names.copy(iteration, source), slot
    if source == body.open_id:
        return names.inlet(iteration, 0), OPEN_SLOTS.get(slot, IN_PREVIOUS)
    if not raw:
        for index, capture in enumerate(body.captures):
            if link in capture.links:
                return names.inlet(iteration, index), IN_FIRST_CAPTURE + capture.links.index(link)
    return link


def _splice_tap(
    made: dict[str, dict[str, Any]], state: LoopState, names: _Names, iteration: int, index: int, tap: Tap
) -> None:
    """Puts the tap where its region is asked for, so that a preview never causes sampling that a checkpoint saves."""
    body = state.body
    tap_id = names.tap(iteration, index)
    inputs: dict[str, Any] = {"state": state, "iteration": iteration, "index": index}
    for i, link in enumerate(tap.inputs):
        inputs[f"value{i}"] = list(resolve(link, body, names, iteration))
    if tap.region != ALWAYS:
        node_id, name = min(tap.region)
        edge = made[names.copy(iteration, node_id)]["inputs"]
        inputs["through"], edge[name] = edge[name], [tap_id, 0]
    else:
        inputs["through"] = list(outlet(body, made, names, iteration, index))
    made[tap_id] = _node(TAP_NODE, inputs, body.close_id)


def outlet(
    body: LoopBody, made: Mapping[str, Any], names: _Names, iteration: int, taps_before: int | None = None
) -> Link:
    """What an iteration hands to its driver: the copy of `processed`, seen through the taps that always run."""
    count = len(body.taps) if taps_before is None else taps_before
    for index in reversed(range(count)):
        if body.taps[index].region == ALWAYS and names.tap(iteration, index) in made:
            return names.tap(iteration, index), 0
    return resolve(body.processed, body, names, iteration)


def _drivers(
    nodes: dict[str, dict[str, Any]], state: LoopState, names: _Names, iterations: range, grows: bool
) -> str:
    body = state.body
    children: list[dict[str, Any]] = []
    for iteration in iterations:
        child: dict[str, Any] = {"result": list(outlet(body, nodes, names, iteration))}
        if body.stop is not None:
            child["stop"] = list(resolve(body.stop, body, names, iteration))
        children.append(child)
    level, first = 0, iterations.start
    while True:
        parents = []
        for start in range(0, len(children), DRIVER_FAN_OUT):
            group = children[start : start + DRIVER_FAN_OUT]
            driver_id = names.driver(level, first + start)
            inputs: dict[str, Any] = {"state": state, "first": first + start if level == 0 else 0, "count": len(group)}
            for i, child in enumerate(group):
                inputs |= {f"{name}_{i}": link for name, link in child.items()}
            nodes[driver_id] = _node(DRIVER_NODE, inputs, body.close_id)
            parents.append(driver_id)
        if len(parents) == 1:
            break
        children, level, first = [{"result": [parent, 0]} for parent in parents], level + 1, 0
    if grows:
        more_id = f"{names.run_id}.more"
        nodes[more_id] = _node(RUN_NODE, {"state": state, "first": iterations.stop}, body.close_id)
        nodes[parents[0]]["inputs"]["more"] = [more_id, 0]
    nodes[parents[0]]["inputs"]["top"] = True
    return parents[0]


def tap_nodes(state: LoopState, tap_index: int, tap_id: str, iteration: int) -> dict[str, dict[str, Any]]:
    """The nodes of a tap for one iteration, fed from the values that the tap node was given."""
    tap, close_id = state.body.taps[tap_index], state.body.close_id
    inlet = f"{tap_id}.in"
    made = {inlet: _node(IN_NODE, {"state": state, "iteration": iteration, "index": -1 - tap_index}, close_id)}
    for node_id in tap.node_ids:
        node = state.get_node(node_id)
        inputs = {}
        for name, value in node["inputs"].items():
            link = as_link(value)
            if link is None:
                inputs[name] = value
            elif link[0] in tap.node_ids:
                inputs[name] = [f"{tap_id}.{link[0]}", link[1]]
            else:
                inputs[name] = [inlet, IN_FIRST_CAPTURE + tap.inputs.index(link)]
        made[f"{tap_id}.{node_id}"] = _node(node["class_type"], inputs, state.display_of(node_id))
    return made


def iteration_sources(body: LoopBody, index: int) -> Sequence[Link]:
    """The original links behind the slots 3, 4, ... of an iteration's `in` node; for walking a graph upstream."""
    return body.captures[index].links
