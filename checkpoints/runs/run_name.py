"""The default name of a run, made once and found again by a re-queue, a restart or another day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from ...files.hashing import digest_parts
from ...files.names import clean_name, resolve_inside
from ..errors import CheckpointError
from .run_folder import MANIFEST_NAME, read_manifest_file

SONG_NAME_BYTES = 48


def run_identity(parts: Mapping[str, bytes]) -> str:
    """Hashes what makes a run this run.

    The parts should be what all windows share and an edit in the middle leaves alone: the song, the window, overlap,
    frame rate and size. Prompts and seeds do not belong here: with them, each edit would begin a new folder, and the
    finished windows before the edit would not be found.

    Args:
        parts: Name -> content digest.

    Returns:
        64 hexadecimal digits.
    """
    return digest_parts("run", *(digest_parts(name, digest) for name, digest in sorted(parts.items()))).hex()


def default_run_name(song_name: str, identity: str, today: datetime.date) -> str:
    """Makes a name of the song, the date and a short hash, for example `My Song_2026-03-01_1a2b3c4d`.

    Args:
        song_name: Title or file name of the song; an extension of up to five letters and digits is dropped.
        identity: From `run_identity`.
        today: The date to show.

    Returns:
        A name that `clean_name` leaves as it is.
    """
    stem, dot, extension = song_name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    title = clean_name(stem if dot and stem and len(extension) <= 5 and extension.isalnum() else song_name)
    title = title.encode("utf-8")[:SONG_NAME_BYTES].decode("utf-8", "ignore").strip(" ._") or "song"
    return clean_name(f"{title}_{today.isoformat()}_{identity[:8]}")


def find_run(root: Path, identity: str) -> str | None:
    """Finds the run that was made for an identity.

    Args:
        root: Folder of all runs; it need not exist.
        identity: From `run_identity`.

    Returns:
        The name of its folder, the latest made if there are several, or None. Folders that cannot be read are passed
        over.
    """
    found: list[tuple[str, str]] = []
    try:
        names = sorted(each.name for each in root.iterdir())
    except OSError:
        return None
    for name in names:
        try:
            made_for, created = _made_for(resolve_inside(root, name) / MANIFEST_NAME)
        except (OSError, ValueError, CheckpointError):
            # Its manifest is lost or damaged and is rebuilt from its windows, if the run is opened under its name.
            made_for, created = (identity, "") if name.endswith(f"_{identity[:8]}") else ("", "")
        if made_for == identity and clean_name(name) == name:
            found.append((created, name))
    return max(found)[1] if found else None


_known: dict[Path, tuple[tuple[int, int, int], tuple[str, str]]] = {}


def _made_for(manifest: Path) -> tuple[str, str]:
    """(identity, time of making) of a run; each state of its manifest is parsed once."""
    status = manifest.stat()
    signature = (status.st_ino, status.st_size, status.st_mtime_ns)
    if manifest not in _known or _known[manifest][0] != signature:
        read = read_manifest_file(manifest)
        _known[manifest] = signature, (read.identity, read.created)
    return _known[manifest][1]


def choose_run(root: Path, song_name: str, identity: str, today: datetime.date) -> str:
    """Gives the name of the run to render into: the one found, or a new one.

    Call `Store.create` at once with a new name, so that the next call finds it, even after midnight.

    Args:
        root: Folder of all runs.
        song_name: Title or file name of the song.
        identity: From `run_identity`.
        today: The date to show in a new name.

    Returns:
        The run's name.
    """
    return find_run(root, identity) or default_run_name(song_name, identity, today)
