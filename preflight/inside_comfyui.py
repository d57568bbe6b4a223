"""The check inside a ComfyUI that runs: its folders, its lists of files, and the song that a prompt names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from ..checkpoints.service.foreseen import windows_on_disk
from ..comfyui_internals.machine import graphics_card
from ..comfyui_internals.node_classes import listed_options
from ..cost.cards import Card, card_named
from ..latent_ops.kinds import tensors_of
from ..loop_control.audio_facts import AudioFacts
from ..loop_control.errors import PlanError
from ..loop_control.plan import LoopPlan
from ..workflow_graph.document import Document, DocumentError
from ..workflow_graph.reading.flow import Flow
from ..workflow_graph.schemas import Schemas
from .check import Preflight, preflight
from .listening import Listened, listen_to
from .machine import read_machine
from .planning import song_name
from .song import read_song
from .values import GivenValues

_INPUT_NODES = frozenset({"LoadImage", "LoadAudio"})


def check_prompt(prompt: Document, *, plan: LoopPlan | None = None, given: GivenValues | None = None) -> Preflight:
    """Looks at a prompt as ComfyUI would run it now. Reads only; see `preflight`.

    Args:
        prompt: The API prompt; unchanged.
        plan: The plan, if a node has made it already.
        given: Values that a node of the check was given, if there is one.

    Raises:
        DocumentError: It is no API prompt.
    """
    import folder_paths

    on_disk = partial(windows_on_disk, prompt)
    machine = read_machine(
        Path(folder_paths.get_output_directory()), has_file, model_file, on_disk, this_card(), listen_by_name
    )
    song = _song(prompt) if plan is None else None
    return preflight(prompt, song, machine, plan, given)


def _song(prompt: Document) -> AudioFacts | None:
    """The song that a prompt loads; None if it cannot be read: the loader's own file is looked for by a rule."""
    try:
        name = song_name(Flow(prompt, Schemas.load()))
    except DocumentError:
        return None
    path = None if name is None else inside_own_folders(name)
    try:
        return None if path is None else read_song(path)
    except PlanError:
        return None


def inside_own_folders(name: str) -> Path | None:
    """The file that ComfyUI means by a name, if it lies in one of its own folders and is there."""
    import folder_paths

    plain, base = folder_paths.annotated_filepath(name)
    root = Path(base or folder_paths.get_input_directory()).resolve()
    try:
        path = (root / plain).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):
        return None


def listen_by_name(name: str, start_seconds: Fraction, end_seconds: Fraction | None) -> Listened | None:
    """Everything heard in a song, by the name that Load Audio has; None if it is not in ComfyUI's own folders."""
    path = inside_own_folders(name)
    return None if path is None else listen_to(path, start_seconds, end_seconds)


def has_file(node_type: str, name: str, value: str) -> bool | None:
    """Whether ComfyUI finds the file that an input names; None if the input has no list of files."""
    if node_type in _INPUT_NODES:
        return inside_own_folders(value) is not None
    options: Any = listed_options(node_type, name)
    return None if options is None else value in options


def model_file(folder: str, name: str) -> Path | None:
    """The file of a model that ComfyUI would load; None if it is not in its folders."""
    import folder_paths

    found = folder_paths.get_full_path(folder, name)
    return None if found is None else Path(found)


def this_card() -> Card | None:
    """The card that ComfyUI computes on, with the memory that it has; None if it is none of the table."""
    device = graphics_card()
    card = None if device is None else card_named(device.name)
    return None if device is None or card is None else replace(card, memory_gib=device.memory_bytes / 2**30)


def given_values(width: int, height: int, length: int, schedule: str, latent: Any, model: Any) -> GivenValues:
    """The inputs of the node as plain values.

    Args:
        width: Pixels.
        height: Pixels.
        length: Frames of the first window; 0 for none.
        schedule: The schedule's text.
        latent: A LATENT; of one that holds video and sound the video counts. None for none.
        model: A MODEL; None for none.
    """
    shape = None if latent is None else tuple(tensors_of(latent["samples"])[0].shape)
    latent_format = None if model is None else model.get_model_object("latent_format")
    return GivenValues(width, height, length, schedule, shape, getattr(latent_format, "latent_channels", None))
