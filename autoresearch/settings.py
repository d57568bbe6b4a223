"""Settings of a run by name, and their places in a workflow in API form.

A setting is one of the names below, `Class.input` for all nodes of a class, or `#id.input` for one node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..farm.graph import GraphRefusedError, of_type, set_value
from ..loop_control.window_order import ANCHORS_FIRST
from ..loop_engine.prompt_links import as_link
from .decoder import put_tiled_decoder
from .errors import HarnessError
from .guidance import take_guidance_off

Nodes = dict[str, dict[str, Any]]

SILENT_AUDIO = "silent_audio"
"""True replaces the song by silence of the same length; the harness makes the file, so that it has no place in a workflow."""


def apply_settings(prompt: Nodes, settings: Mapping[str, Any]) -> Nodes:
    """A copy of a workflow with settings in their places.

    Args:
        prompt: Nodes by id; unchanged.
        settings: Name -> value.

    Raises:
        HarnessError: The workflow has no place for one of them.
    """
    changed = {node_id: {**node, "inputs": dict(node["inputs"])} for node_id, node in prompt.items()}
    for name, value in settings.items():
        if name == SILENT_AUDIO:
            continue
        try:
            (_NAMED.get(name) or _direct(name))(changed, value)
        except GraphRefusedError as error:
            raise HarnessError(f"setting {name!r}: {error}") from error
    return changed


def shorten(prompt: Nodes, iterations: int) -> Nodes:
    """A copy of a workflow whose loops make so many iterations at most, after the first window.

    Args:
        prompt: Nodes by id; unchanged.
        iterations: 1 or more.

    Raises:
        HarnessError: Nothing in the workflow says how many there are.
    """
    if iterations < 1:
        raise HarnessError(f"tier {iterations}: a tier is a number of loop iterations, 1 or more")
    if of_type(prompt, "AudioLoopPlanner"):
        return apply_settings(prompt, {"AudioLoopPlanner.max_iterations": iterations})
    opens = of_type(prompt, "TensorLoopOpen")
    if not opens:
        raise HarnessError("this workflow has no loop (no Audio Loop Planner, no Tensor Loop Open), so it has no tiers")
    wired = {node_id: {**prompt[node_id]["inputs"], "iterations_in": iterations} for node_id in opens}
    return {node_id: {**node, "inputs": wired.get(node_id, node["inputs"])} for node_id, node in prompt.items()}


def _direct(name: str) -> Callable[[Nodes, Any], None]:
    place, dot, input_name = name.partition(".")
    if not dot:
        known = ", ".join(sorted((*_NAMED, SILENT_AUDIO)))
        raise HarnessError(f"there is no setting {name!r}; there are {known}, and Class.input or #id.input")

    def put(prompt: Nodes, value: Any) -> None:
        found = [place[1:]] if place[:1] == "#" and place[1:] in prompt else of_type(prompt, place)
        there = [node_id for node_id in found if input_name in prompt[node_id]["inputs"]]
        if not there:
            raise GraphRefusedError(f"this workflow has no node {place} with an input {input_name}")
        _everywhere(prompt, there, input_name, value)

    return put


def _everywhere(prompt: Nodes, node_ids: list[str], name: str, value: Any) -> None:
    for node_id in node_ids:
        set_value(prompt, node_id, name, value)


def _planners(name: str) -> Callable[[Nodes, Any], None]:
    """Windows of the stage that the song is heard in; a stage with anchors first has lengths of its own."""

    def put(prompt: Nodes, value: Any) -> None:
        planners = of_type(prompt, "AudioLoopPlanner") or of_type(prompt, "AudioLoopController")
        in_turn = [each for each in planners if prompt[each]["inputs"].get("order") != ANCHORS_FIRST]
        if not planners:
            raise GraphRefusedError("this workflow has no Audio Loop Planner")
        _everywhere(prompt, in_turn or planners, name, value)

    return put


def _seed(prompt: Nodes, value: Any) -> None:
    planners = of_type(prompt, "AudioLoopPlanner")
    noises = [each for each in of_type(prompt, "RandomNoise") if not _is_made(prompt, prompt[each]["inputs"]["noise_seed"])]
    if not planners and not noises:
        raise GraphRefusedError("this workflow has no seed: no Audio Loop Planner and no RandomNoise")
    _everywhere(prompt, planners, "base_seed", value)
    _everywhere(prompt, noises, "noise_seed", value)


def _is_made(prompt: Nodes, value: Any) -> bool:
    """Whether a node that is no constant makes a value."""
    link = as_link(value)
    return link is not None and "value" not in prompt[link[0]]["inputs"]


def _only(class_type: str, input_name: str) -> Callable[[Nodes, Any], None]:
    def put(prompt: Nodes, value: Any) -> None:
        found = of_type(prompt, class_type)
        if len(found) != 1:
            raise GraphRefusedError(f"this workflow has {len(found)} nodes {class_type}; exactly one is needed")
        set_value(prompt, found[0], input_name, value)

    return put


_NAMED: Mapping[str, Callable[[Nodes, Any], None]] = {
    "schedule": _only("AudioLoopPrompts", "schedule"),
    "negative_prompt": _only("CLIPTextEncode", "text"),
    "seed": _seed,
    "window_seconds": _planners("window_seconds"),
    "overlap_seconds": _planners("overlap_seconds"),
    "width": _only("AudioLoopVideoSize", "width"),
    "height": _only("AudioLoopVideoSize", "height"),
    "decode_tiles": put_tiled_decoder,
    "guidance": take_guidance_off,
}
