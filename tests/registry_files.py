"""Which files users get from the registry: what git tracks or would add, without what `.comfyignore` names."""

from __future__ import annotations

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
IGNORE = REPOSITORY / ".comfyignore"


def tracked() -> set[Path]:
    """Every file of the repository, relative to it."""
    return _listed("--cached", "--others", "--exclude-standard")


def packed() -> set[Path]:
    """Those of them that `comfy node pack` would put into the zip."""
    return tracked() - _listed("--cached", "--others", "--ignored", f"--exclude-from={IGNORE}")


def _listed(*options: str) -> set[Path]:
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", *options]
    names = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout.split("\0")
    return {Path(name) for name in names if name and (REPOSITORY / name).exists()}
