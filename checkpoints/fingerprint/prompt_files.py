"""Which files a prompt names, and what of a graph counts in a fingerprint, as this ComfyUI has them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from ...files.regular_files import identify
from ...loop_engine.prompt_links import as_link
from ..folders import memory_file, runs_folder
from .canvas_links import follow_canvas, says_no_more
from .file_hashes import FileHashes
from .graph_rules import GraphRules
from .loaded_files import FileWatch, LoadedFiles
from .loop_links import follow_loop
from .named_files import Folders, InputKind, NamedFiles, find_named
from .node_code import code_of
from .node_schemas import NodeInputKinds, comfyui_folders, says_changes
from .old_memory import OLD_MEMORY_NAME, remove_old_memory


@functools.lru_cache(maxsize=4)
def _hashes(memory: Path, runs: Path) -> FileHashes:
    remove_old_memory(runs / OLD_MEMORY_NAME)
    return FileHashes(memory, _end_if_cancelled)


def _end_if_cancelled(_done_bytes: int, _all_bytes: int) -> None:
    """Lets Cancel reach the hashing: a model of tens of gigabytes takes a while."""
    from comfy.model_management import throw_exception_if_processing_interrupted

    throw_exception_if_processing_interrupted()


def file_hashes() -> FileHashes:
    """Digests of files, remembered over restarts."""
    return _hashes(memory_file(), runs_folder())


loaded_files = LoadedFiles()
"""States of the files that prompts have named since ComfyUI was started."""


def user_file(_class_type: str, _name: str, value: object) -> Path | None:
    """The file that a value names among those that the user brought into ComfyUI's own folders: no models."""
    working = comfyui_folders().working
    named = find_named(value, InputKind(), Folders({}, working)).paths if isinstance(value, str) else ()
    inside = (path for path in named for folder in working.values() if path.resolve().is_relative_to(folder.resolve()))
    return next(inside, None)


def graph_rules(watch: FileWatch | None = None) -> GraphRules:
    """Rules for what counts in the graph upstream of a checkpoint.

    Args:
        watch: Hashes the files; None if only the way through the graph is asked for.
    """
    schemas, folders = NodeInputKinds(), comfyui_folders()

    def find(class_type: str, name: str, value: str) -> NamedFiles:
        return find_named(value, schemas.kind(class_type, name), folders)

    if watch is None:
        return GraphRules(ignore=says_no_more, redirect=_redirect, find_files=find)
    return GraphRules(
        ignore=says_no_more,
        redirect=_redirect,
        find_files=find,
        takes_file=lambda class_type, name: schemas.kind(class_type, name).takes_file,
        code=code_of,
        may_be_another=watch.may_be_another,
    )


def note_files(prompt: Mapping[str, Mapping[str, Any]]) -> None:
    """Notes the files that a prompt names, as they are at this moment: from now on ComfyUI may hold them.

    Nodes with a word about changes of their own are left out: what they say is not known before they are asked.
    """
    folders, schemas = comfyui_folders(), NodeInputKinds()
    for node in prompt.values():
        class_type = str(node.get("class_type", ""))
        if says_changes(class_type):
            continue
        for name, value in node.get("inputs", {}).items():
            if isinstance(value, str) and PurePath(value).suffix.lower() in folders.suffixes:
                for path in find_named(value, schemas.kind(class_type, name), folders).paths:
                    if path.is_file():
                        loaded_files.note(path, b"", identify(path), None)


_PASS_ON = {
    "PurgeVRAM": "latent",
    "IterationCleanup": "latent",
    "LoopIterationStamp": "model",
    "ProfileBegin": "latent",
    "ProfileIterStep": "latent",
    "ProfileEnd": "latent",
}
"""Nodes of this pack that hand on what they get, in their first output."""


def _redirect(class_type: str, inputs: Mapping[str, Any], slot: int) -> Any:
    if class_type in _PASS_ON and slot == 0:
        return as_link(inputs.get(_PASS_ON[class_type]))
    return follow_canvas(class_type, inputs, slot) or follow_loop(class_type, inputs, slot)


@functools.lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions of this pack and of ComfyUI."""
    from comfyui_version import __version__ as comfyui

    from ...loop_control.version import VERSION

    return {"audio-loop": VERSION, "comfyui": comfyui}
