"""Inputs as the schemas of ComfyUI's nodes describe them, and the folders that ComfyUI knows."""

from __future__ import annotations

import functools
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...comfyui_internals import node_classes
from .named_files import Folders, InputKind

_OF_FILES = ("image/", "audio/", "video/", "model/")
_FURTHER_SUFFIXES = {".gguf", ".onnx", ".engine", ".npy", ".npz", ".json", ".txt", ".csv", ".webp", ".glb", ".exr"}
_FOLDER_WORDS = ("folder", "director", "path")


def comfyui_folders() -> Folders:
    """ComfyUI's folders as they are registered now, those of other packs among them."""
    import folder_paths

    working = {"input": folder_paths.get_input_directory(), "output": folder_paths.get_output_directory()}
    working["temp"] = folder_paths.get_temp_directory()
    registered = folder_paths.folder_names_and_paths
    return Folders(
        registered={
            # Packs are code, and counted as such.
            name: tuple(Path(root) for root in entry[0])
            for name, entry in registered.items()
            if name != "custom_nodes"
        },
        working={name: Path(path) for name, path in working.items()},
        models=Path(folder_paths.models_dir),
        suffixes=_media_suffixes() | {each for entry in registered.values() for each in entry[1] if each.startswith(".")},
    )


@functools.lru_cache(maxsize=1)
def _media_suffixes() -> frozenset[str]:
    known = {suffix for suffix, kind in mimetypes.types_map.items() if kind.startswith(_OF_FILES)}
    return frozenset(known | _FURTHER_SUFFIXES)


class NodeInputKinds:
    """Inputs of node classes; each class is asked once, because its options are the files that are there at the moment."""

    def __init__(self) -> None:
        self._kinds: dict[str, Mapping[str, InputKind]] = {}

    def kind(self, class_type: str, name: str) -> InputKind:
        """An input as its schema describes it; `InputKind()` for one that the schema does not have."""
        if class_type not in self._kinds:
            self._kinds[class_type] = _kinds_of(class_type)
        return self._kinds[class_type].get(name, InputKind())


_NOT_ABOUT_THE_RESULT = frozenset({"TensorLoopClose"})
"""Its word keeps the result of a loop that was stopped out of ComfyUI's own cache, and is another one after a restart."""


def says_changes(class_type: str) -> bool:
    """Whether a node class has a word about changes of its own that is about its result."""
    return class_type not in _NOT_ABOUT_THE_RESULT and node_classes.says_changes(class_type)


def _kinds_of(class_type: str) -> dict[str, InputKind]:
    found = node_classes.node_classes().get(class_type)
    if found is None:
        return {}
    inputs, listed = node_classes.inputs_and_files(found)
    is_output = node_classes.is_output_node(class_type)
    return {name: _kind(name, spec, listed, is_output) for name, spec in _flat(inputs)}


def _flat(inputs: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Sequence[Any]]]:
    """Every input with its name in a prompt; those that show only with some option of another among them."""
    for category in ("required", "optional"):
        for name, spec in (inputs.get(category) or {}).items():
            yield prefix + name, spec
            options = _settings(spec).get("options")
            for option in options if isinstance(options, (list, tuple)) else ():
                if isinstance(option, Mapping) and isinstance(option.get("inputs"), Mapping):
                    yield from _flat(option["inputs"], f"{prefix}{name}.")


def _settings(spec: Sequence[Any]) -> Mapping[str, Any]:
    return spec[1] if len(spec) > 1 and isinstance(spec[1], Mapping) else {}


def _kind(name: str, spec: Sequence[Any], listed: Mapping[str, Sequence[str]], is_output: bool) -> InputKind:
    settings = _settings(spec)
    choices = spec[0] if isinstance(spec[0], (list, tuple)) else settings.get("options")
    options = tuple(str(choice) for choice in choices) if isinstance(choices, (list, tuple)) else None
    described = f"{name} {settings.get('tooltip') or ''}".lower()
    return InputKind(
        options=options,
        upload=any(("upload" in key and value) or key == "remote" for key, value in settings.items()),
        multiline=bool(settings.get("multiline")),
        names_folder=any(word in described for word in _FOLDER_WORDS),
        is_written=is_output,
        listed=listed,
    )
