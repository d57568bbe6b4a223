"""The code behind ComfyUI's node classes: whose it is, and a digest of it."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ...comfyui_internals.node_classes import node_classes, pack_folders
from ...files.hashing import digest_parts, new_hasher
from ...files.regular_files import identify, read_regular
from .graph_rules import Code
from .load_time import LOADED_AT_NS

SUFFIXES = frozenset({".py", ".pyd", ".so", ".dll", ".cu", ".cl"})
_WITHOUT_CODE = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env"})
_LARGEST_FILE_BYTES = 256 << 20
_THIS_PACK = Path(__file__).resolve().parents[2]


def code_of(class_type: str) -> Code | None:
    """The code of the pack that a node class is from; None for ComfyUI's and ours, for which versions speak."""
    found = node_classes().get(class_type)
    module = sys.modules.get(getattr(found, "__module__", ""))
    source = getattr(module, "__file__", None)
    if source is None:
        doubt = f"the code of {class_type} is in no file"
        return Code(class_type, digest_parts("no code"), doubt)
    root = _root_of(Path(source).absolute())
    return _code_in(root) if root is not None else None


def _root_of(source: Path) -> Path | None:
    """Folder or file of the pack; None for ComfyUI's own and ours."""
    import folder_paths

    code_folders = [Path(folder).absolute() for folder in folder_paths.get_folder_paths("custom_nodes")]
    for folder in code_folders:
        if source.is_relative_to(folder) and source != folder:
            inside = folder / source.relative_to(folder).parts[0]
            return None if inside.resolve() == _THIS_PACK else inside
    # A pack of one file is listed by its path without ".py", and the folder beside it is that of others too.
    loaded = [folder for name, folder in pack_folders().items() if not Path(f"{name}.py").is_file()]
    around = [folder for folder in loaded if source.is_relative_to(folder) and folder not in code_folders]
    nearest = max(around, key=lambda folder: len(folder.parts), default=None)
    comfyui = Path(folder_paths.__file__).absolute().parent
    if nearest is not None and nearest.resolve() == _THIS_PACK:
        return None
    if source.is_relative_to(comfyui) and (nearest is None or nearest.is_relative_to(comfyui)):
        return None
    return nearest or source


@functools.lru_cache(maxsize=512)
def _code_in(root: Path) -> Code:
    """Read once a process: the code that runs is the one that was there when ComfyUI was started."""
    hasher = new_hasher()
    newest_ns = 0
    try:
        for file in sorted(_sources(root)):
            newest_ns = max(newest_ns, identify(file).newest_ns)
            name = file.relative_to(root).as_posix() if file != root else ""
            hasher.update(digest_parts("source", name, read_regular(file, _LARGEST_FILE_BYTES)))
    except OSError as error:
        return Code(root.name, digest_parts("no code"), f"the code of {root.name} cannot be read: {error.strerror}")
    doubt = ""
    if newest_ns > LOADED_AT_NS:
        doubt = f"the code of {root.name} was changed after ComfyUI had loaded it; restart ComfyUI to use the new one"
    return Code(root.name, digest_parts("code", hasher.digest()), doubt)


def _sources(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if not name.startswith(".") and name not in _WITHOUT_CODE]
        yield from (Path(folder) / name for name in names if Path(name).suffix.lower() in SUFFIXES)
