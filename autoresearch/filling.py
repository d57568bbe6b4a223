"""A workflow filled in for one run: song, picture, settings, tier, the video's name, and a trace of its attention."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..farm.graph import GraphRefusedError, of_type, set_only, set_value
from ..loop_engine.prompt_links import as_link
from .errors import HarnessError
from .settings import Nodes, apply_settings, shorten

WORKFLOWS = Path(__file__).resolve().parent.parent / "example_workflows" / "api"
WORKFLOW = WORKFLOWS / "audio-loop-music-video.json"
SAVERS = ("StreamingVideoSave", "SaveVideo", "VHS_VideoCombine")
GUIDERS = ("CFGGuider", "BasicGuider", "STGGuider", "STGGuiderAdvanced", "DualCFGGuider")
LOOP_ITERATION = 3
"""Output of Tensor Loop Open that counts its iterations, from 1."""


@dataclass(frozen=True)
class Filling:
    """The values of a run that go into a workflow.

    Attributes:
        run_id: Its name; the video is called `LTX-2_<run_id>_...`.
        audio_name: The song, by the name that it has on the server.
        image_name: The picture, by that name.
        settings: Setting -> value, see `settings.py`.
        tier: How many iterations the loop makes at most; None leaves the workflow's.
    """

    run_id: str
    audio_name: str
    image_name: str
    settings: Mapping[str, Any]
    tier: int | None


def prefix_of(run_id: str) -> str:
    """The video's name up to its number; the folder of its traces is called so, too."""
    return f"LTX-2_{run_id}"


def read_prompt(path: Path) -> Nodes:
    """A workflow in API form.

    Raises:
        HarnessError: It cannot be read, or has another form.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HarnessError(f"{path} cannot be read as a workflow: {error}") from error
    if isinstance(document, dict) and isinstance(document.get("nodes"), list):
        raise HarnessError(f"{path} is in the editor's form. Export it with 'Export (API)' in ComfyUI")
    nodes = document.values() if isinstance(document, dict) else ()
    if not nodes or not all(isinstance(node, dict) and {"class_type", "inputs"} <= node.keys() for node in nodes):
        raise HarnessError(f"{path} is not a workflow in API form (nodes by id, each with class_type and inputs)")
    return dict(document)


def filled(prompt: Nodes, filling: Filling) -> Nodes:
    """A copy of a workflow with a run in it.

    Args:
        prompt: Nodes by id; unchanged.
        filling: The run.

    Raises:
        HarnessError: The workflow has no place for something.
    """
    changed = apply_settings(prompt, filling.settings)
    if filling.tier is not None:
        changed = shorten(changed, filling.tier)
    prefix = prefix_of(filling.run_id)
    try:
        set_only(changed, "LoadAudio", "audio", filling.audio_name, "the song")
        set_only(changed, "LoadImage", "image", filling.image_name, "the picture")
        savers = [node_id for kind in SAVERS for node_id in of_type(changed, kind)]
        for node_id in savers:
            set_value(changed, node_id, "filename_prefix", prefix)
        for node_id in of_type(changed, "IterationCheckpoint"):
            # A window that another run made would be taken over: nothing of this one would be measured.
            set_value(changed, node_id, "enabled", False)
    except GraphRefusedError as error:
        raise HarnessError(str(error)) from error
    if not savers:
        raise HarnessError(f"this workflow saves no video (none of {', '.join(SAVERS)})")
    return changed


def traced(prompt: Nodes, run_id: str) -> Nodes:
    """A copy of a workflow in which every attention call of a guider's model is traced, into `audio_loop/<prefix>/trace/`."""
    changed = dict(prompt)
    for node_id in [each for kind in GUIDERS for each in of_type(prompt, kind)]:
        model = prompt[node_id]["inputs"].get("model")
        if as_link(model) is None:
            continue
        loop = _loop_before(prompt, node_id)
        iteration = 0 if loop is None else [loop, LOOP_ITERATION]
        inputs = {"model": model, "current_iteration": iteration, "trace": True, "run_name": prefix_of(run_id)}
        stamp = f"{node_id}_trace"
        changed[stamp] = {"class_type": "LoopIterationStamp", "inputs": inputs}
        changed[node_id] = {**changed[node_id], "inputs": {**changed[node_id]["inputs"], "model": [stamp, 0]}}
    return changed


def _loop_before(prompt: Nodes, node_id: str) -> str | None:
    """The loop whose body a node is in: the first one that what it needs comes from without leaving another loop."""
    seen, waiting = set[str](), [node_id]
    while waiting:
        current = waiting.pop(0)
        node = prompt.get(current)
        if current in seen or node is None or node["class_type"] == "TensorLoopClose":
            continue
        seen.add(current)
        if node["class_type"] == "TensorLoopOpen":
            return current
        waiting += [link[0] for value in node["inputs"].values() if (link := as_link(value)) is not None]
    return None
