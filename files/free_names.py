"""The first name that nothing has yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path


def first_free(names: Iterable[Path], is_taken: Callable[[Path], bool] = os.path.lexists) -> Path:
    """The first of endless names that is free now; `publish_new` says whether it still is when the file is finished.

    Args:
        names: In order of preference.
        is_taken: Whether a name is to be passed over; by default if anything, even a broken link, has it.
    """
    return next(path for path in names if not is_taken(path))


def numbered(path: Path) -> Iterator[Path]:
    """The path itself, then `song-2.mp4`, `song-3.mp4`, ... beside it."""
    yield path
    yield from (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
