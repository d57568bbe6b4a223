"""ComfyUI's registry of node classes, and what it knows of each class beyond the schema."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .contact import Contact

COMFYUI_NODES = "nodes"
"""ComfyUI's own module. The pack has a folder of that name, which an import statement would seem to mean."""

CLASSES = Contact("registry of node classes", "loops and checkpoints cannot run; look for an update of Audio Loop")
INPUT_INFO = Contact(
    "get_input_info", "inputs that a node makes from another input's choice are not known: a lazy one among them runs always"
)
CHANGE_OVERRIDES = Contact(
    "first_real_override",
    "windows behind nodes that might speak of changes of their own are made again",
)
LISTED_FILES = Contact(
    "cache of folder listings", "a model that a node of another pack lists by a name of its own is not checked for changes"
)
PACK_FOLDERS = Contact(
    "list of the folders of loaded packs", "a pack outside the custom_nodes folders counts as ComfyUI's own code"
)


def node_classes() -> Mapping[str, type]:
    """Every node class by its id.

    Raises:
        ComfyUIChangedError: There is no such registry.
    """
    try:
        return _comfyui_nodes().NODE_CLASS_MAPPINGS
    except (ImportError, AttributeError) as error:
        raise CLASSES.refusal(error) from error


def is_output_node(class_type: str) -> bool:
    """Whether ComfyUI runs nodes of this class for their own sake."""
    return bool(getattr(node_classes()[class_type], "OUTPUT_NODE", False))


def input_settings(class_type: str, name: str) -> Mapping[str, Any]:
    """The settings that a class gives an input (`lazy`, `rawLink`, `tooltip`, ...); empty for one that it does not have."""
    node_class: Any = node_classes()[class_type]
    try:
        from comfy_execution.graph import get_input_info

        return get_input_info(node_class, name)[2] or {}
    except (ImportError, TypeError, LookupError) as error:
        INPUT_INFO.is_gone(error)
    inputs = node_class.INPUT_TYPES()
    specs = [inputs[category][name] for category in ("required", "optional") if name in inputs.get(category, ())]
    return specs[0][1] if specs and len(specs[0]) > 1 else {}


def listed_options(class_type: str, name: str) -> Sequence[Any] | None:
    """The values that an input can be chosen from now; None if it has no list, or the class is not there."""
    node_class: Any = node_classes().get(class_type)
    if node_class is None:
        return None
    inputs = node_class.INPUT_TYPES()
    spec = next((inputs[kind][name] for kind in ("required", "optional") if name in inputs.get(kind, ())), None)
    if not spec:
        return None
    options = spec[0] if isinstance(spec[0], list) else (spec[1] if len(spec) > 1 else {}).get("options")
    return options if isinstance(options, list) else None


def says_changes(class_type: str) -> bool:
    """Whether a class has a word about changes of its own (IS_CHANGED, `fingerprint_inputs`)."""
    found = node_classes().get(class_type)
    if found is None:
        return False
    try:
        from comfy_api.internal import _ComfyNodeInternal, first_real_override

        if issubclass(found, _ComfyNodeInternal) and first_real_override(found, "fingerprint_inputs") is not None:
            return True
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        CHANGE_OVERRIDES.is_gone(error)
        if hasattr(found, "fingerprint_inputs"):
            return True
    return hasattr(found, "IS_CHANGED")


def inputs_and_files(found: Any) -> tuple[Mapping[str, Any], dict[str, Sequence[str]]]:
    """The INPUT_TYPES of a class, and the files of each of ComfyUI's folders that it listed to make their options."""
    import folder_paths

    # ComfyUI's own memory for one round of questions; afterwards it holds the lists that the options were made from.
    try:
        with folder_paths.cache_helper:
            inputs = found.INPUT_TYPES()
            return inputs, {name: tuple(entry[0]) for name, entry in folder_paths.cache_helper.cache.items()}
    except (AttributeError, TypeError, LookupError) as error:
        inputs = found.INPUT_TYPES()
        LISTED_FILES.is_gone(error)
        return inputs, {}


def pack_folders() -> dict[str, Path]:
    """Folder of every pack that is loaded, by ComfyUI's name for it."""
    try:
        folders = _comfyui_nodes().LOADED_MODULE_DIRS
    except (ImportError, AttributeError) as error:
        PACK_FOLDERS.is_gone(error)
        return {}
    return {name: Path(folder) for name, folder in folders.items()}


def _comfyui_nodes() -> Any:
    return importlib.import_module(COMFYUI_NODES)
