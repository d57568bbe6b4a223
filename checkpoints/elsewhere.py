"""Windows that another run has: an equal fingerprint proves that they are the same, whatever the run is called.

A run begins anew where another picture, song or name is given. What did not change for that is taken over, not sampled.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from .errors import CheckpointError
from .manifest import StoredTake
from .run_folder import MANIFEST_NAME, read_manifest_file
from .selection import takes_for
from .take import segment_file_name


def takes_elsewhere(root: Path, own: Path, index: int, fingerprint: str) -> Iterator[tuple[Path, StoredTake]]:
    """Takes of other runs that answer a fingerprint.

    Args:
        root: Folder of all runs.
        own: Folder of the run that asks, which is passed over.
        index: Iteration.
        fingerprint: 64 hexadecimal digits.

    Yields:
        (file, take), as each run would choose. Runs that cannot be read are passed over.
    """
    name = segment_file_name(index, fingerprint)
    try:
        folders = sorted(each.path for each in os.scandir(root) if each.is_dir())
    except OSError:
        return
    for folder in map(Path, folders):
        # Without a look at the name first, every manifest of every run would be read for every window.
        if folder == own or not os.path.lexists(folder / name):
            continue
        try:
            segment = read_manifest_file(folder / MANIFEST_NAME).segment(index)
        except (OSError, CheckpointError):
            continue
        for stored in takes_for(segment, fingerprint):
            yield folder / stored.file, stored
