"""Hashes what a node says about a change (IS_CHANGED, `fingerprint_inputs`), as ComfyUI reads it.

ComfyUI runs a node again if this value is not equal to the one before; NaN is equal to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ...files.hashing import digest_parts
from ..errors import FingerprintRefusedError
from .value_hash import DEEPEST_NESTING, hash_plain_value

_OF_ITS_FILE = "what the file system says of a file whose content is hashed"


def hash_change(value: object, files: Iterable[Path]) -> tuple[bytes, bytes] | None:
    """Hashes the value.

    Args:
        value: What the node said.
        files: Files that the node's inputs name; their content is hashed elsewhere.

    Returns:
        Two digests: of the value as it is, and of the value with a time, length or path of one of the files left out,
        which says nothing that the content does not; None if the value is equal to nothing, not even to itself.
    """
    if _is_unequal(value, 0):
        return None
    told = {fact for path in files for fact in _facts(path)}
    try:
        return digest_parts("said", hash_plain_value(value)), digest_parts("said", hash_plain_value(_without(value, told)))
    except FingerprintRefusedError:
        return None


def _is_unequal(value: object, depth: int) -> bool:
    if depth > DEEPEST_NESTING:
        return True
    if isinstance(value, float):
        return value != value
    if isinstance(value, Mapping):
        return any(_is_unequal(item, depth + 1) for item in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(_is_unequal(item, depth + 1) for item in value)
    return False


def _facts(path: Path) -> Sequence[object]:
    try:
        status = path.stat()
    except OSError:
        return ()
    times = (status.st_mtime, status.st_mtime_ns)
    return (*times, *(str(time) for time in times), str(path), str(path.resolve()))


def _without(value: object, told: set[object]) -> object:
    if isinstance(value, (list, tuple)):
        return [_without(item, told) for item in value]
    if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value in told:
        return _OF_ITS_FILE
    return value
