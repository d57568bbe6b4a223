"""The Python environment and the ComfyUI checkout that demo and tests run on.

Standard library only: this module runs on whatever Python the user typed, before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)

COMFYUI_URL = "https://github.com/Comfy-Org/ComfyUI.git"
COMFYUI_PINNED_TAG = "v0.33.0"

# torchaudio asks for a torch of its own release; named in a second pip call it takes the torch that is already there.
TORCH_STEPS: tuple[tuple[str, ...], ...] = (
    ("torch==2.9.1", "torchvision==0.24.1"),
    ("torchaudio==2.9.*",),
)
GROUPS = ("dev", "demo", "cluster", "analysis", "experiments")
"""Of `pyproject.toml`: what demo and tests need."""

# Template thumbnails and help pages of ComfyUI's own nodes: large, and no test reads them.
LEFT_OUT_REQUIREMENTS = ("torch", "torchvision", "torchaudio", "comfyui-workflow-templates", "comfyui-embedded-docs")

REPOSITORY = Path(__file__).resolve().parent.parent


class EnvironmentSetupError(RuntimeError):
    """Setting up failed; the message says which step, and what to try."""


def comfyui_requirements(text: str) -> tuple[str, ...]:
    """Requirement lines of ComfyUI's `requirements.txt`, without comments and without what is left out on purpose."""
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line and _requirement_name(line) not in LEFT_OUT_REQUIREMENTS)


def _requirement_name(line: str) -> str:
    end = next((i for i, char in enumerate(line) if not (char.isalnum() or char in "-_.")), len(line))
    return line[:end].lower().replace("_", "-")


def environment_key(steps: Sequence[Sequence[str]], python_version: tuple[int, int]) -> str:
    """Twelve hexadecimal digits that name an environment: same requirements and Python, same key."""
    document = json.dumps([list(python_version), [list(step) for step in steps]], separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()[:12]


def cache_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Where environments are kept, outside every checkout: `AUDIO_LOOP_CACHE`, else the user's cache folder."""
    if environ.get("AUDIO_LOOP_CACHE"):
        return Path(environ["AUDIO_LOOP_CACHE"])
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "audio-loop"


def find_comfyui(environ: Mapping[str, str] = os.environ, repository: Path = REPOSITORY) -> Path | None:
    """The ComfyUI folder: `COMFYUI_PATH`, the folders above the pack, `~/comfy/ComfyUI`; None if there is none.

    Raises:
        EnvironmentSetupError: `COMFYUI_PATH` is set and is not a ComfyUI folder.
    """
    named = environ.get("COMFYUI_PATH")
    if named:
        if not _is_comfyui(Path(named)):
            raise EnvironmentSetupError(
                f"COMFYUI_PATH is {named!r}, but there is no ComfyUI in it (no main.py with a comfy folder beside it). "
                "Point it at the folder that holds ComfyUI's main.py, or unset it."
            )
        return Path(named).resolve()
    candidates = [*repository.parents, Path.home() / "comfy" / "ComfyUI"]
    return next((path.resolve() for path in candidates if _is_comfyui(path)), None)


def _is_comfyui(path: Path) -> bool:
    return (path / "main.py").is_file() and (path / "comfy" / "sd.py").is_file()


def ensure_comfyui(environ: Mapping[str, str] = os.environ) -> Path:
    """`find_comfyui`, else a clone of the pinned release at `~/comfy/ComfyUI`.

    Raises:
        EnvironmentSetupError: there is none and the clone failed.
    """
    found = find_comfyui(environ)
    if found:
        return found
    target = Path.home() / "comfy" / "ComfyUI"
    target.parent.mkdir(parents=True, exist_ok=True)
    log.info("no ComfyUI found; cloning %s to %s", COMFYUI_PINNED_TAG, target)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        clone = Path(scratch) / "ComfyUI"
        command = ["git", "clone", "--quiet", "--depth", "1", "--branch", COMFYUI_PINNED_TAG, COMFYUI_URL, str(clone)]
        if subprocess.run(command, check=False).returncode != 0:
            raise EnvironmentSetupError(
                f"ComfyUI is not on this machine and cloning it failed ({' '.join(command[:-1])}). "
                "Clone it yourself and set COMFYUI_PATH to its folder."
            )
        clone.rename(target)
    return target


def ensure_environment(comfyui: Path) -> Path:
    """The Python of an environment that can run this ComfyUI and the dependency groups of `pyproject.toml`.

    The environment's name is a hash of what ComfyUI needs, so that a second checkout finds the same one. Our own groups
    are small and change often: they are topped up in place when `pyproject.toml` asks for something new.

    Raises:
        EnvironmentSetupError: a step of the installation failed.
    """
    requirements = comfyui_requirements((comfyui / "requirements.txt").read_text(encoding="utf-8"))
    steps = (*TORCH_STEPS, requirements)
    root = cache_root() / "environments" / environment_key(steps, sys.version_info[:2])
    python = root / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    with _locked(root.parent, root.name):
        if not (root / "complete").is_file():
            _build_environment(root, python, steps)
        group_requirements = _dependency_groups(REPOSITORY / "pyproject.toml", GROUPS)
        stamp = root / f"groups-{environment_key([group_requirements], sys.version_info[:2])}"
        if not stamp.is_file():
            log.info("installing what tests and demo need beside ComfyUI")
            _pip_install(python, group_requirements)
            stamp.touch()
    return python


def _build_environment(root: Path, python: Path, steps: Sequence[Sequence[str]]) -> None:
    log.info("making the environment %s (about 8 GB and a few minutes, once)", root)
    if root.exists():
        shutil.rmtree(root)
    venv.create(root, with_pip=True)
    for step in steps:
        log.info("installing %s", ", ".join(step) if len(step) < 4 else f"{len(step)} requirements of ComfyUI")
        _pip_install(python, step)
    (root / "complete").touch()


def _pip_install(python: Path, requirements: Sequence[str]) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
    # pip also warns about matters of the machine, such as an index that has moved; that is news only if it fails.
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise EnvironmentSetupError(
            f"{(done.stdout + done.stderr)[-4000:]}\npip could not install {', '.join(requirements)}. "
            "Check the network and the free disk space, then run the same command again."
        )


def _dependency_groups(pyproject: Path, groups: Sequence[str]) -> tuple[str, ...]:
    """Requirements of the named groups. A small reader, because Python 3.10 has no TOML parser of its own."""
    requirements: list[str] = []
    text = pyproject.read_text(encoding="utf-8")
    table = text.partition("[dependency-groups]")[2].partition("\n[")[0]
    for group in groups:
        _, found, rest = table.partition(f"\n{group} = [")
        if not found:
            raise EnvironmentSetupError(f"pyproject.toml has no dependency group {group!r}")
        entries = (line.split("#", 1)[0].strip().rstrip(",") for line in rest.partition("\n]")[0].splitlines())
        # Only the outer quotes: a marker such as python_version < '3.11' ends in one of its own.
        requirements += [entry[1:-1] for entry in entries if entry]
    return tuple(requirements)


@contextmanager
def _locked(folder: Path, name: str) -> Iterator[None]:
    """Two first runs at the same time (a demo and a test) must not build one environment twice."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def reexec_inside(python: Path) -> None:
    """Runs the current command line again under `python`, unless it is already running there; then returns."""
    if Path(sys.prefix).resolve() == python.parent.parent.resolve():
        return
    command = [str(python), *sys.argv]
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)
