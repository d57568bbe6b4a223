"""Diagnoses that lie beside the videos in an output folder: the newest one of a song, as a page shows it. Reads only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..files.json_document import JsonDocumentError, parse_json

_DATA, _REPORT = (re.compile(rf"\.doctor(-\d+)?\.{kind}$") for kind in ("json", "html"))
"""As `kept` names them."""

MOST_BYTES = 16 * 2**20
"""Of one file. The diagnosis of a song of an hour has some megabytes, most of them curves."""

MOST_READ = 24
"""Files that are read for an answer, the newest of the folders that are asked for."""

MOST_FOLDERS = 8
MOST_LISTED = 20_000
"""Entries of a folder that are looked at."""


class NoDiagnosisError(LookupError):
    """A thing that is asked for is not there, or lies outside the output folder."""


def newest_findings(output: Path, folders: Sequence[str], song: str) -> dict[str, Any] | None:
    """The newest diagnosis of a video of this song; None if there is none.

    Args:
        output: ComfyUI's output folder.
        folders: Folders below it whose files are looked at, not those below them.
        song: Name of the song as Load Audio has it.

    Raises:
        NoDiagnosisError: A folder lies outside.
    """
    files: list[tuple[int, Path]] = []
    for folder in folders[:MOST_FOLDERS]:
        files += _data_files(inside(output, folder))
    for _, path in sorted(files, reverse=True)[:MOST_READ]:
        data = _read(path)
        if data is not None and data.get("origin", {}).get("song") == song:
            return shown(output, path, data)
    return None


def findings_of(output: Path, name: str) -> dict[str, Any]:
    """The diagnosis in one file.

    Args:
        output: ComfyUI's output folder.
        name: Of the file, below it.

    Raises:
        NoDiagnosisError: There is no such diagnosis.
    """
    path = inside(output, name)
    data = _read(path) if _DATA.search(path.name) else None
    if data is None:
        raise NoDiagnosisError(f"there is no diagnosis {name[:120]!r}")
    return shown(output, path, data)


def report_of(output: Path, name: str) -> bytes:
    """The report for people, as HTML.

    Args:
        output: ComfyUI's output folder.
        name: Of the file, below it.

    Raises:
        NoDiagnosisError: There is no such report.
    """
    path = inside(output, name)
    try:
        if _REPORT.search(path.name) and path.is_file() and path.stat().st_size <= MOST_BYTES:
            return path.read_bytes()
    except OSError:
        pass
    raise NoDiagnosisError(f"there is no report {name[:120]!r}")


def inside(output: Path, name: str) -> Path:
    """A path below the output folder.

    Raises:
        NoDiagnosisError: It leads outside, also through a link.
    """
    root = output.resolve()
    try:
        path = (root / name).resolve()
    except (OSError, ValueError) as error:
        raise NoDiagnosisError(f"{name[:120]!r} is no path") from error
    if not path.is_relative_to(root):
        raise NoDiagnosisError(f"{name[:120]!r} leads outside the output folder")
    return path


def shown(output: Path, path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a diagnosis that a page needs: no curves, no thumbnails."""
    report = path.with_suffix(".html")
    return {
        "data": _name(output, path),
        "report": _name(output, report) if report.is_file() else None,
        "video": data.get("origin", {}).get("video", ""),
        "examined": int(path.stat().st_mtime),
        "origin": data.get("origin", {}),
        "verdict": data.get("verdict", ""),
        "symptoms": data.get("symptoms", []),
        "causes": data.get("causes", []),
    }


def _name(output: Path, path: Path) -> str:
    return path.relative_to(output.resolve()).as_posix()


def _data_files(folder: Path) -> list[tuple[int, Path]]:
    found = []
    try:
        for number, entry in enumerate(folder.iterdir()):
            if number >= MOST_LISTED:
                break
            if _DATA.search(entry.name):
                found.append((entry.stat().st_mtime_ns, entry))
    except OSError:
        return found
    return found


def _read(path: Path) -> dict[str, Any] | None:
    """The diagnosis; None if the file is gone, is none, or was damaged."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        data = parse_json(path.read_bytes(), longest_bytes=MOST_BYTES, name=path.name)
    except (OSError, JsonDocumentError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("origin", {}), dict) else None
