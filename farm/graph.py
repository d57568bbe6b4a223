"""A workflow in API form, cut into jobs: the draft, single windows of what is made after it, and the whole video."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..loop_control.window_order import ANCHORS_FIRST
from ..loop_engine.prompt_links import as_link
from .songs import FarmSong

Prompt = Mapping[str, Mapping[str, Any]]

STAGES = "AudioLoopStages"
_OF_VIDEOS = ("StreamingVideoSave", "LoopDoctor")
_RESULT = "farm_result"
"""Id of the node that asks for a job's latents in place of the nodes that save videos."""


class GraphRefusedError(ValueError):
    """The workflow cannot be shared by servers; the message says what it lacks."""


@dataclass(frozen=True)
class FarmGraph:
    """A workflow and the places in it that jobs differ in.

    Attributes:
        prompt: Nodes by id.
        stages: The node with the choice between draft and finish; None if the workflow has one stage.
        planner: The planner whose windows need no order but anchors first; None if all are made in turn.
        close: The end of the loop that makes those windows.
    """

    prompt: Prompt
    stages: str | None = None
    planner: str | None = None
    close: str | None = None

    def draft(self) -> dict[str, Any] | None:
        """The job of a song's draft, without a video; None if the workflow has none."""
        if self.stages is None:
            return None
        drafts = [_inputs(self.prompt, each).get("draft") for each in of_type(self.prompt, STAGES)]
        return _asking(self._with(self.stages, stage="draft"), next(filter(as_link, drafts)))

    def window(self, index: int) -> dict[str, Any]:
        """The job of one window of the planner; windows beside it that it needs have to be on disk, or are made too."""
        assert self.planner is not None
        assert self.close is not None
        prompt = self._finish()._with(self.planner, windows=str(index))
        return _asking(prompt, [self.close, 0])

    def whole(self) -> dict[str, Any]:
        """The job of the finished video."""
        return dict(self._finish().prompt)

    def _finish(self) -> FarmGraph:
        return self if self.stages is None else replace(self, prompt=self._with(self.stages, stage="finish"))

    def _with(self, node_id: str, **values: Any) -> dict[str, Any]:
        node = self.prompt[node_id]
        return {**self.prompt, node_id: {**node, "inputs": {**node["inputs"], **values}}}


def read_graph(prompt: Prompt) -> FarmGraph:
    """Finds the places of a workflow in API form.

    Raises:
        GraphRefusedError: It keeps no windows on disk, saves no video, or has several of what there must be one of.
    """
    if not of_type(prompt, "IterationCheckpoint"):
        raise GraphRefusedError(
            "this workflow keeps no windows on disk (no Iteration Checkpoint), so servers cannot share them"
        )
    if not of_type(prompt, "StreamingVideoSave"):
        raise GraphRefusedError("this workflow saves no video (no Streaming Video Save)")
    # If draft and finish have a node each, the second is led by the first.
    leading = [each for each in of_type(prompt, STAGES) if as_link(_inputs(prompt, each).get("stage")) is None]
    stages = _only(leading, "nodes that choose between draft and finish")
    planners = [each for each in of_type(prompt, "AudioLoopPlanner") if _inputs(prompt, each).get("order") == ANCHORS_FIRST]
    planner = _only(planners, "planners with anchors first")
    return FarmGraph(prompt, stages, planner, None if planner is None else _close_of(prompt, planner))


def for_song(graph: FarmGraph, song: FarmSong, image_name: str | None, audio_name: str) -> FarmGraph:
    """The graph with a song, its picture, its prompts and its run in it.

    Args:
        graph: The workflow.
        song: The song.
        image_name: Its picture by the name that it has on the servers; None leaves the workflow's.
        audio_name: The song by that name.

    Raises:
        GraphRefusedError: The workflow has no one place for one of them.
    """
    prompt = copy.deepcopy({node_id: dict(node) for node_id, node in graph.prompt.items()})
    set_only(prompt, "LoadAudio", "audio", audio_name, "the song")
    if image_name is not None:
        set_only(prompt, "LoadImage", "image", image_name, "the picture")
    if song.prompts is not None:
        set_only(prompt, "AudioLoopPrompts", "schedule", song.prompts, "the prompts")
    for node_id in of_type(prompt, "IterationCheckpoint"):
        set_value(prompt, node_id, "run_name", song.run)
        set_value(prompt, node_id, "enabled", True)
    return replace(graph, prompt=prompt)


def of_type(prompt: Prompt, class_type: str) -> list[str]:
    """Ids of the nodes of a class."""
    return [node_id for node_id, node in prompt.items() if node["class_type"] == class_type]


def _inputs(prompt: Prompt, node_id: str) -> Mapping[str, Any]:
    inputs: Mapping[str, Any] = prompt[node_id]["inputs"]
    return inputs


def _only(found: list[str], what: str) -> str | None:
    if len(found) > 1:
        raise GraphRefusedError(f"this workflow has {len(found)} {what} ({', '.join(found)}); one is the most")
    return found[0] if found else None


def _close_of(prompt: Prompt, planner: str) -> str:
    """The end of the loop that a planner counts the windows of."""
    opens = [
        node_id
        for node_id in of_type(prompt, "TensorLoopOpen")
        if any(link is not None and link[0] == planner for link in map(as_link, _inputs(prompt, node_id).values()))
    ]
    closes = [
        node_id
        for node_id in of_type(prompt, "TensorLoopClose")
        if (link := as_link(_inputs(prompt, node_id).get("flow_control"))) is not None and link[0] in opens
    ]
    if len(closes) != 1:
        raise GraphRefusedError(
            f"planner {planner} counts the windows of {len(closes)} loops; wire its 'windows_to_make' to one Tensor Loop Open"
        )
    return closes[0]


def set_only(prompt: dict[str, dict[str, Any]], class_type: str, name: str, value: Any, what: str) -> None:
    """Writes a value into the one node of a class.

    Raises:
        GraphRefusedError: There is none, or there are several, or another node makes the value.
    """
    found = of_type(prompt, class_type)
    if len(found) != 1:
        raise GraphRefusedError(f"this workflow has {len(found)} nodes {class_type} for {what}; exactly one is needed")
    set_value(prompt, found[0], name, value)


def set_value(prompt: dict[str, dict[str, Any]], node_id: str, name: str, value: Any) -> None:
    """Writes a value in its place: in the node, or in the constant that feeds it.

    Raises:
        GraphRefusedError: A node that is no constant makes it.
    """
    link = as_link(prompt[node_id]["inputs"].get(name))
    if link is not None:
        node_id, name = link[0], "value"
        if name not in prompt[node_id]["inputs"] or as_link(prompt[node_id]["inputs"][name]) is not None:
            raise GraphRefusedError(
                f"node {node_id} makes a value that has to be set to {value!r}; put a constant in its place"
            )
    prompt[node_id] = {**prompt[node_id], "inputs": {**prompt[node_id]["inputs"], name: value}}


def _asking(prompt: Mapping[str, Any], link: Any) -> dict[str, Any]:
    """A prompt that saves and examines no video and only asks for what a link gives."""
    kept = {node_id: node for node_id, node in prompt.items() if node["class_type"] not in _OF_VIDEOS}
    return {**kept, _RESULT: {"class_type": "PreviewAny", "inputs": {"source": list(link)}}}
