"""Runs mypy over the pack, its scripts and its benchmarks, as `pyproject.toml` says.

usage: check_types.py [mypy's arguments]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import _bootstrap

from audio_loop.comfy_host.base_directory import link_folder


def check_types(repository: Path, arguments: Sequence[str] = ()) -> int:
    """mypy's exit status: 0 if it finds nothing.

    A checkout may have any name. mypy is shown one named `audio_loop`, from outside: in the checkout itself the `nodes`
    folder would be ComfyUI's module of that name.
    """
    with tempfile.TemporaryDirectory() as view:
        folders = {"audio_loop": repository, "scripts": repository / "scripts", "benchmarks": repository / "benchmarks"}
        for name, folder in folders.items():
            link_folder(Path(view) / name, folder)
        settings = [f"--config-file={repository / 'pyproject.toml'}", f"--cache-dir={repository / '.mypy_cache'}"]
        command = [sys.executable, "-m", "mypy", *settings, *arguments, *folders]
        return subprocess.run(command, check=False, cwd=view).returncode


if __name__ == "__main__":
    sys.exit(check_types(_bootstrap.REPOSITORY, sys.argv[1:]))
