"""Takes away the memory of file hashes that earlier versions kept among the runs.

It named every hashed file by its absolute path, and stood where a run of that name would have its folder.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from ...files.json_document import JsonDocumentError, parse_json
from ...files.regular_files import read_regular

OLD_MEMORY_NAME = "file_hashes.json"
_FORMAT = "audio_loop.file_hashes"
_LONGEST_BYTES = 64 << 20


def remove_old_memory(path: Path) -> bool:
    """Removes the file if it is the one that an earlier version of this pack wrote; nothing else is touched.

    Returns:
        Whether it was removed.
    """
    try:
        document = parse_json(read_regular(path, _LONGEST_BYTES), longest_bytes=_LONGEST_BYTES)
    except (OSError, JsonDocumentError):
        return False
    if path.is_symlink() or not isinstance(document, dict) or document.get("format") != _FORMAT:
        return False
    with contextlib.suppress(OSError):
        path.unlink()
        return True
    return False
