"""The version of the judge: a hash of all that decides what it measures, so that numbers of two versions are never compared."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ...files.hashing import digest_parts, short_hex

_PACK = Path(__file__).resolve().parent.parent.parent
SOURCES = (
    "autoresearch/judge",
    "doctor/detectors",
    "doctor/drift",
    "doctor/hearing",
    "doctor/signals",
    "doctor/succession",
    "watching",
    "audio",
    "schedule",
)
"""Rooms whose code decides a number of the scorecard."""
FILES = ("doctor/case.py", "doctor/examine.py", "doctor/explained.py", "doctor/seen.py")


@lru_cache(maxsize=1)
def judge_hash() -> str:
    """12 hexadecimal digits of the sources of the judge, and of all that looks and listens for it."""
    paths = [path for folder in SOURCES for path in (_PACK / folder).rglob("*.py")] + [_PACK / name for name in FILES]
    parts = [part for path in sorted(paths) for part in (path.relative_to(_PACK).as_posix(), _text(path))]
    return short_hex(digest_parts("judge", *parts))


def _text(path: Path) -> str:
    # A checkout on Windows may end lines otherwise.
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")
