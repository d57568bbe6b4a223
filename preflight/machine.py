"""Facts about the machine that is going to render, for a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..checkpoints.runs.held_windows import free_bytes, is_writable
from .measured import MadeWindow, made_windows
from .on_disk import WindowsOnDisk

HasFile = Callable[[str, str, str], bool | None]
"""(node type, input, value) -> whether ComfyUI finds the file that the input names; None if that cannot be said."""


@dataclass(frozen=True)
class Machine:
    """Facts about the machine.

    Attributes:
        output_folder: ComfyUI's output folder; None if it is not known, and then nothing of it is looked at.
        free_bytes: Free space there; None if the system does not say.
        is_writable: Whether files can be written there.
        has_file: Says which files are there; None if that is not known.
        made: Windows of earlier renders of this machine.
        on_disk: Says which windows of a render lie on disk; None if that is not known.
    """

    output_folder: Path | None = None
    free_bytes: int | None = None
    is_writable: bool = True
    has_file: HasFile | None = None
    made: tuple[MadeWindow, ...] = ()
    on_disk: WindowsOnDisk | None = None


def read_machine(output_folder: Path | None, has_file: HasFile | None, on_disk: WindowsOnDisk | None = None) -> Machine:
    """Looks at the output folder and at the runs in it."""
    if output_folder is None:
        return Machine(has_file=has_file)
    made = made_windows(output_folder / "audio_loop")
    return Machine(output_folder, free_bytes(output_folder), is_writable(output_folder), has_file, made, on_disk)
