"""The folder a ComfyUI of ours works in: its own models, inputs, outputs, settings and custom nodes.

Nothing of a ComfyUI that the user has installed is touched or read, apart from its program code.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

FOLDERS = ("models", "input", "output", "user", "temp", "custom_nodes")


def prepare_base_directory(base: Path, custom_nodes: Mapping[str, Path]) -> Path:
    """Makes the folders of a ComfyUI base directory and links `custom_nodes` into it.

    Args:
        base: The folder; made if it does not exist. Files in it stay.
        custom_nodes: Folder of a node pack by the name it is to have under `custom_nodes/`.

    Returns:
        `base`, absolute.

    Raises:
        FileExistsError: something else lies where a link belongs.
        FileNotFoundError: a node pack's folder does not exist.
    """
    base = base.resolve()
    for folder in FOLDERS:
        (base / folder).mkdir(parents=True, exist_ok=True)
    for name, target in custom_nodes.items():
        link_folder(base / "custom_nodes" / name, target.resolve(strict=True))
    return base


def link_folder(link: Path, target: Path) -> None:
    """Makes `link` lead to the folder `target`, unless it already does.

    Raises:
        FileExistsError: something else lies there.
    """
    if link.exists() and link.resolve() == target:
        return
    if link.is_symlink():
        link.unlink()
    if sys.platform == "win32":
        # A junction needs no administrator, a symbolic link does.
        import _winapi

        _winapi.CreateJunction(str(target), str(link))
    else:
        link.symlink_to(target, target_is_directory=True)
