"""The finished windows of all songs, on the disk of the machine that the farm was started on."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ..files.atomic_write import write_new
from ..files.hashing import new_hasher
from ..files.names import clean_name


class Shelf:
    """Windows by run, file name and content hash. Nothing is overwritten; a farm that was stopped goes on from here."""

    def __init__(self, folder: Path) -> None:
        """Names the folder; it is made when the first window comes."""
        self._folder = folder
        self._hashes: dict[tuple[str, str], str] = {}
        for path in folder.glob("*/*.safetensors"):
            self._hashes[path.parent.name, path.name] = _hash(path.read_bytes())

    def hashes(self, run: str) -> dict[str, str]:
        """File name -> content hash, of the windows of a run that are here."""
        return {name: digest for (of_run, name), digest in self._hashes.items() if of_run == clean_name(run)}

    def runs(self, prefix: str) -> list[str]:
        """The runs that are here whose names begin so."""
        return sorted({run for run, _ in self._hashes if run.startswith(prefix)})

    def count(self, prefix: str) -> int:
        """How many windows there are in the runs whose names begin so; several takes of one count once."""
        return len({(run, name.split("_")[1]) for run, name in self._hashes if run.startswith(prefix)})

    def get(self, run: str, name: str) -> bytes:
        """The bytes of a window's file."""
        return (self._folder / clean_name(run) / name).read_bytes()

    def put(self, run: str, name: str, data: bytes) -> None:
        """Keeps a window's file."""
        path = self._folder / clean_name(run) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            write_new(path, data)
        self._hashes[path.parent.name, path.name] = _hash(path.read_bytes())


def _hash(data: bytes) -> str:
    hasher = new_hasher()
    hasher.update(data)
    return hasher.hexdigest()
