"""Facts about the machine that is going to render, for a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..checkpoints.runs.held_windows import free_bytes, is_writable
from ..cost.cards import Card
from .listening import Listen
from .measured import MadeWindow, made_windows
from .model_file import ModelFile
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
        model_file: Finds the file of a model; None if the folders of models are not known.
        card: Its graphics card; None if it has none, or none that is in the table.
        listen: Hears a song's file; None if its folder is not known.
    """

    output_folder: Path | None = None
    free_bytes: int | None = None
    is_writable: bool = True
    has_file: HasFile | None = None
    made: tuple[MadeWindow, ...] = ()
    on_disk: WindowsOnDisk | None = None
    model_file: ModelFile | None = None
    card: Card | None = None
    listen: Listen | None = None


def read_machine(
    output_folder: Path,
    has_file: HasFile,
    model_file: ModelFile,
    on_disk: WindowsOnDisk | None = None,
    card: Card | None = None,
    listen: Listen | None = None,
) -> Machine:
    """Looks at the output folder and at the runs in it."""
    made = made_windows(output_folder / "audio_loop")
    free, writable = free_bytes(output_folder), is_writable(output_folder)
    return Machine(output_folder, free, writable, has_file, made, on_disk, model_file, card, listen)
