"""The flat graph of a loop: one copy of the body per iteration, asked for one after the other by driver nodes.

Pure: node dictionaries in, node dictionaries out. The class types are the engine's own (`nodes/loop_drivers.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .body import ALWAYS, LoopBody, Region, Tap, region_of_input
from .prompt_links import Link, as_link, links_of
from .slots import (
    DRIVER_FAN_OUT,
    IN_COUNT,
    IN_FIRST_CAPTURE,
    IN_ITERATION,
    IN_PREVIOUS,
    OPEN_COUNT,
    OPEN_ITERATION,
    OPEN_PREVIOUS,
)
from .state import LoopState

IN_NODE, CAPTURE_NODE, DRIVER_NODE, SHOW_NODE, TAP_NODE, RUN_NODE, ITERATION_NODE, RESULT_NODE = (
    "AudioLoopIterationIn",
    "AudioLoopCapture",
    "AudioLoopDriver",
    "AudioLoopShow",
    "AudioLoopTap",
    "AudioLoopRun",
    "AudioLoopIteration",
    "AudioLoopResult",
)
OPEN_SLOTS = {OPEN_PREVIOUS: IN_PREVIOUS, OPEN_COUNT: IN_COUNT, OPEN_ITERATION: IN_ITERATION}


@dataclass(frozen=True)
class Copies:
    """New nodes by id, the id of the driver that returns the result, and the ids that belong to each iteration."""

    nodes: dict[str, dict[str, Any]]
    top: str
    by_iteration: dict[int, tuple[str, ...]]


def run_id_of(close_id: str, node_ids: Iterable[str]) -> str:
    """The prefix of all ids of one loop run; none of the prompt's own ids begins with it.

    Args:
        close_id: The loop's TensorLoopClose.
        node_ids: The ids of the prompt as it was queued.
    """
    run_id, taken = f"{close_id}.run", tuple(node_ids)
    while any(node_id.startswith(run_id) for node_id in taken):
        run_id += "_"
    return run_id


def _part(node_id: str) -> str:
    """A node's id as one part of a longer id, in which dots separate the parts."""
    return node_id.replace("~", "~0").replace(".", "~1")


class _Names:
    """Ids of the nodes that are added for one loop run.

    Parts are separated by dots. A user's id is one part, and always the third after the run's id or behind `+show0`, so
    that no two nodes share an id whatever the user's ids are.
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def capture(self, index: int) -> str:
        return f"{self.run_id}.capture{index}"

    def inlet(self, iteration: int, index: int) -> str:
        return f"{self.run_id}.{iteration}+in{index}"

    def copy(self, iteration: int, node_id: str) -> str:
        return f"{self.run_id}.{iteration}.{_part(node_id)}"

    def show(self, iteration: int, index: int) -> str:
        return f"{self.run_id}.{iteration}+show{index}"

    def tap(self, iteration: int, index: int, edge: int = 0) -> str:
        return f"{self.run_id}.{iteration}+tap{index}.{edge}"

    def whole(self, iteration: int) -> str:
        return f"{self.run_id}.{iteration}+whole"

    def result(self, iteration: int) -> str:
        return f"{self.run_id}.{iteration}+result"

    def driver(self, level: int, first: int) -> str:
        return f"{self.run_id}.drive{level}.{first}"

    def more(self) -> str:
        return f"{self.run_id}.more"


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
        # ComfyUI runs every output node of an expansion at once. Those that the body itself uses wait for their turn
        # in an expansion of their iteration's own.
        deferred = bool(body.output_nodes())
        copies = _deferred_iteration(state, names, iteration) if deferred else _copy_iteration(state, names, iteration)
        nodes.update(copies)
        by_iteration[iteration] = tuple(copies)
    top = _drivers(nodes, state, names, iterations, grows)
    return Copies(nodes, top, by_iteration)


@dataclass(frozen=True)
class DueIteration:
    """The copies of an iteration that is expanded when it is due: its nodes, its result, and what to wait for."""

    nodes: dict[str, dict[str, Any]]
    result: Link
    waits: tuple[Link, ...]
    """Inputs of output nodes: once they are there, ComfyUI runs these nodes before anything else."""


def due_iteration(state: LoopState, run_id: str, iteration: int) -> DueIteration:
    """The expansion of the node of an iteration with output nodes in its body."""
    body, names = state.body, _Names(run_id)
    nodes = _copy_iteration(state, names, iteration)
    inputs: dict[str, Any] = {"result": list(outlet(body, nodes, names, iteration))}
    if body.stop is not None:
        inputs["stop"] = list(resolve(body.stop, body, names, iteration))
    result = names.result(iteration)
    outputs = [names.copy(iteration, node_id) for node_id in body.output_nodes()]
    waits = {
        link
        for node_id in outputs
        for name, link in links_of(nodes[node_id])
        if not body.kinds.is_lazy(nodes[node_id]["class_type"], name)
    }
    nodes[result] = _node(RESULT_NODE, inputs, body.close_id)
    return DueIteration(nodes, (result, 0), tuple(sorted(waits)))


def _deferred_iteration(state: LoopState, names: _Names, iteration: int) -> dict[str, dict[str, Any]]:
    inputs = {"state": state, "iteration": iteration, "run_id": names.run_id}
    return {names.whole(iteration): _node(ITERATION_NODE, inputs, state.body.close_id)}


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
            name: _relink(
                value,
                body,
                names,
                iteration,
                region_of_input(node_id, node, name, body.regions, body.kinds),
                body.kinds.is_raw_link(node["class_type"], name),
            )
            for name, value in node["inputs"].items()
        }
        made[names.copy(iteration, node_id)] = _node(node["class_type"], inputs, state.display_of(node_id))
    for index, tap in enumerate(body.taps):
        _splice_tap(made, state, names, iteration, index, tap)
    return made


def _relink(value: Any, body: LoopBody, names: _Names, iteration: int, region: Region, raw: bool) -> Any:
    link = as_link(value)
    return value if link is None else list(resolve(link, body, names, iteration, region, raw))


def resolve(link: Link, body: LoopBody, names: _Names, iteration: int, region: Region = ALWAYS, raw: bool = False) -> Link:
    """Where a link of the original body leads in the copy of one iteration, for a reader in `region`."""
    source, slot = link
    if source in body.nodes:
        return names.copy(iteration, source), slot
    if source == body.open_id:
        return names.inlet(iteration, 0), OPEN_SLOTS.get(slot, IN_PREVIOUS)
    if not raw:
        for index, capture in enumerate(body.captures):
            if capture.region in (ALWAYS, region) and link in capture.links:
                return names.inlet(iteration, index), IN_FIRST_CAPTURE + capture.links.index(link)
    return link


def _splice_tap(made: dict[str, dict[str, Any]], state: LoopState, names: _Names, iteration: int, index: int, tap: Tap) -> None:
    """Puts the tap where its region is asked for, so that a preview never causes sampling that a checkpoint saves.

    The values go to a node of their own, which the tap only waits for: a blocked value keeps the preview from being
    shown, not the loop from going on.
    """
    body, show_id = state.body, names.show(iteration, index)
    inputs: dict[str, Any] = {"state": state, "iteration": iteration, "index": index}
    for i, link in enumerate(tap.inputs):
        inputs[f"value{i}"] = list(resolve(link, body, names, iteration, tap.region))
    if tap.region == ALWAYS:
        through = list(outlet(body, made, names, iteration, index))
        made[names.tap(iteration, index)] = _tap_node(show_id, through, body)
    for edge, (node_id, name) in enumerate(sorted(tap.region)):
        reader = made[names.copy(iteration, node_id)]["inputs"]
        made[names.tap(iteration, index, edge)] = _tap_node(show_id, reader[name], body)
        reader[name] = [names.tap(iteration, index, edge), 0]
    made[show_id] = _node(SHOW_NODE, inputs, body.close_id)


def _tap_node(show_id: str, through: list[Any], body: LoopBody) -> dict[str, Any]:
    return _node(TAP_NODE, {"through": through, "shown": [show_id, 0]}, body.close_id)


def outlet(body: LoopBody, made: Mapping[str, Any], names: _Names, iteration: int, taps_before: int | None = None) -> Link:
    """The link that an iteration hands to its driver: the copy of `processed`, seen through the taps that always run."""
    count = len(body.taps) if taps_before is None else taps_before
    for index in reversed(range(count)):
        if body.taps[index].region == ALWAYS and names.tap(iteration, index) in made:
            return names.tap(iteration, index), 0
    return resolve(body.processed, body, names, iteration)


def _drivers(nodes: dict[str, dict[str, Any]], state: LoopState, names: _Names, iterations: range, grows: bool) -> str:
    body = state.body
    children: list[dict[str, Any]] = []
    for iteration in iterations:
        whole = names.whole(iteration)
        child: dict[str, Any] = {"result": [whole, 0] if whole in nodes else list(outlet(body, nodes, names, iteration))}
        if body.stop is not None and whole not in nodes:
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
        more_id = names.more()
        nodes[more_id] = _node(RUN_NODE, {"state": state, "first": iterations.stop}, body.close_id)
        nodes[parents[0]]["inputs"]["more"] = [more_id, 0]
    nodes[parents[0]]["inputs"]["top"] = True
    return parents[0]


@dataclass(frozen=True)
class ShownNodes:
    """The preview of a tap in one iteration: its nodes, and what to wait for before the loop goes on."""

    nodes: dict[str, dict[str, Any]]
    waits: tuple[Link, ...]
    """Inputs of the output nodes: once they are there, ComfyUI runs these nodes before anything else."""


def shown_nodes(state: LoopState, tap_index: int, show_id: str, iteration: int) -> ShownNodes:
    """The nodes of a tap for one iteration, fed from the values that its show node was given."""
    body = state.body
    tap, inlet = body.taps[tap_index], f"{show_id}+in"
    inputs_of_inlet = {"state": state, "iteration": iteration, "index": -1 - tap_index}
    made = {inlet: _node(IN_NODE, inputs_of_inlet, body.close_id)}
    waits: dict[Link, None] = {}
    for node_id in tap.node_ids:
        node = state.get_node(node_id)
        inputs = {}
        for name, value in node["inputs"].items():
            link = as_link(value)
            if link is None:
                inputs[name] = value
            elif link[0] in tap.node_ids:
                inputs[name] = [f"{show_id}.{_part(link[0])}", link[1]]
            else:
                inputs[name] = [inlet, IN_FIRST_CAPTURE + tap.inputs.index(link)]
        made[f"{show_id}.{_part(node_id)}"] = _node(node["class_type"], inputs, state.display_of(node_id))
        if body.kinds.is_output(node["class_type"]):
            waits |= dict.fromkeys(link for _, link in links_of({"inputs": inputs}))
    return ShownNodes(made, tuple(waits))
