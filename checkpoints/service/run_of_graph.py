"""Which run a checkpoint node writes into, and for which project."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...files.hashing import digest_parts
from ...latent_ops.kinds import tensors_of
from ...loop_control.plan import LoopPlan
from ...loop_control.window_order import IN_TURN
from ..fingerprint import prompt_files
from ..folders import runs_folder
from ..runs.run_name import choose_run, run_identity
from .project import CHECKPOINT_CLASS, HashFile, earlier_stages, named_run, project_parts, root_of, upstream

if TYPE_CHECKING:
    from .request import Request


@dataclass(frozen=True)
class RunOfGraph:
    """A run.

    Attributes:
        name: Of its folder.
        identity: What a default run is found by again; "" if the user named it.
        project: What the graph is known by in a run that several graphs use.
        begins_in: Name of the run that the initial render is in; another one for a second loop on the same render. A second
            stage makes all its windows itself.
    """

    name: str
    identity: str
    project: str
    begins_in: str


def run_of(request: Request, node_id: str, graph: Any) -> RunOfGraph:
    """The run of a checkpoint: the one that was named, or the one that was made for this song, picture and grid."""
    prompt = graph.get_original_prompt()
    shown = graph.get_display_node_id(node_id)
    grid = _grid(request.plan, tensors_of(request.values["previous_latent"]["samples"])[0].shape[-2:])
    if prompt.get(shown, {}).get("class_type") != CHECKPOINT_CLASS:
        # The checkpoint is part of what another pack's node expands into: there is no graph of the user around it.
        prompt = {shown: {"class_type": CHECKPOINT_CLASS, "inputs": {}}}
    project = _identity(prompt, shown, grid)
    if request.run_name.strip():
        name = named_run(prompt, shown, request.run_name)
        return RunOfGraph(name, "", project, name)
    name = _name(prompt, shown, project)
    root = root_of(prompt, shown)
    if earlier_stages(prompt, shown):
        return RunOfGraph(name, project, project, name)
    first = project if root == shown else _identity(prompt, root, grid)
    return RunOfGraph(name, project, project, name if first == project else _name(prompt, root, first))


def identity_of(
    prompt: Mapping[str, Any], node_id: str, plan: LoopPlan, latent_size: tuple[int, int], hash_file: HashFile
) -> str:
    """The identity that the run of a checkpoint is found by, before anything runs.

    Args:
        prompt: The graph as it would be queued, in API form.
        node_id: The checkpoint.
        plan: The plan of the render.
        latent_size: Height and width of its latents.
        hash_file: Content digest of a file.
    """
    return _identity(prompt, node_id, _grid(plan, latent_size), hash_file)


def _identity(prompt: Mapping[str, Any], node_id: str, grid: Mapping[str, bytes], hash_file: HashFile | None = None) -> str:
    hashes = hash_file or prompt_files.file_hashes().digest
    return run_identity({**grid, **project_parts(prompt, node_id, prompt_files.user_file, hashes)})


def _name(prompt: Mapping[str, Any], node_id: str, identity: str) -> str:
    song = song_file(prompt, node_id)
    today = datetime.datetime.now().astimezone().date()
    return choose_run(runs_folder(), song.stem if song else "song", identity, today)


def _grid(plan: LoopPlan, latent_size: Sequence[int]) -> dict[str, bytes]:
    size = str(tuple(latent_size))
    order = () if plan.order == IN_TURN else (plan.order,)
    grid = digest_parts("grid", str(plan.fps), str(plan.window_px), str(plan.overlap_latents), size, *order)
    return {"grid": grid, "samples": digest_parts("samples", str(plan.audio_samples), str(plan.sample_rate))}


def song_file(prompt: Mapping[str, Any], node_id: str) -> Path | None:
    """The file that the nearest LoadAudio upstream of a node reads."""
    for each in upstream(prompt, node_id):
        if prompt[each]["class_type"] == "LoadAudio":
            return prompt_files.user_file("LoadAudio", "audio", prompt[each]["inputs"].get("audio"))
    return None
