"""Makes `import audio_loop` work in other processes of Python, also if the pack is a clone that nobody installed."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

_POINTER = '''"""Points at the clone of Audio Loop that started this process."""

__path__ = [{folder!r}]
'''


def python_path(scratch: Path) -> str | None:
    """The PYTHONPATH that another process needs; None if the pack is installed.

    Args:
        scratch: A folder of this process's own; a package that points at the clone may be written into it.
    """
    # The working folder and a clone's scripts are on this process's path only.
    elsewhere = [entry for entry in sys.path if "site-packages" in entry or "dist-packages" in entry]
    if PathFinder.find_spec("audio_loop", elsewhere) is not None:
        return None
    package = scratch / "audio_loop"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(_POINTER.format(folder=str(REPOSITORY)), encoding="utf-8")
    return str(scratch)
