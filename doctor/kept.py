"""A diagnosis kept: `NAME.doctor.html` for people and `NAME.doctor.json` for programs, under names that were free."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files.atomic_write import write_new
from ..files.free_names import first_free, numbered
from .diagnosis import Diagnosis
from .report.page import as_page
from .report.thumbnails import pictures_of


@dataclass(frozen=True)
class KeptDiagnosis:
    """The files of a diagnosis.

    Attributes:
        report: For people, one HTML page.
        data: The same as JSON.
    """

    report: Path
    data: Path


def keep(video: Path, diagnosis: Diagnosis, folder: Path, origin: Mapping[str, Any] | None = None) -> KeptDiagnosis:
    """Writes both files. Nothing that is there is replaced: a second diagnosis of a video gets a number.

    Args:
        video: The file that was looked at; its pictures go into the page.
        diagnosis: What is told of it.
        folder: Where the files go.
        origin: Further facts for programs, under `origin` of the data.

    Raises:
        OSError: They cannot be written.
    """
    free = first_free(numbered(folder / f"{video.stem}.doctor"), _is_taken)
    report, data = _files_of(free)
    document = {**diagnosis.to_json(), **({"origin": dict(origin)} if origin is not None else {})}
    write_new(report, as_page(diagnosis, pictures_of(video, diagnosis)).encode("utf-8"))
    write_new(data, json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace"))
    return KeptDiagnosis(report, data)


def _files_of(name: Path) -> tuple[Path, Path]:
    return name.with_name(f"{name.name}.html"), name.with_name(f"{name.name}.json")


def _is_taken(name: Path) -> bool:
    return any(os.path.lexists(path) for path in _files_of(name))
