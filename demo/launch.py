"""The ComfyUI of demo and tests: our pack, the tiny model and its stand-ins in a base directory of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..comfy_host.environment import REPOSITORY, EnvironmentSetupError, ensure_comfyui
from ..comfy_host.server import ComfyServer

PACK_NAME = "audio-loop"
STAND_INS_NAME = "audio-loop-stand-ins"


def make_tiny_models(models: Path) -> None:
    """Writes the tiny LTX into `models`, in a process of its own: it imports ComfyUI, which looks for a GPU.

    Raises:
        EnvironmentSetupError: it failed; the message holds what it printed.
    """
    command = [sys.executable, str(REPOSITORY / "scripts" / "make_tiny_ltx.py"), str(models)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise EnvironmentSetupError(f"making the tiny model failed:\n{done.stderr[-4000:]}")


def tiny_server(
    base: Path,
    models: Path,
    arguments: Sequence[str] = (),
    custom_nodes: Mapping[str, Path] | None = None,
) -> ComfyServer:
    """A server, not yet started, with pack and stand-ins linked in; runs on the CPU.

    Args:
        base: Its base directory.
        models: Folder that `make_tiny_models` filled; several servers may share it.
        arguments: Further arguments for ComfyUI, such as `--cache-none`.
        custom_nodes: Further node packs by name.
    """
    packs = {PACK_NAME: REPOSITORY, STAND_INS_NAME: REPOSITORY / "demo" / "stand_in_nodes", **(custom_nodes or {})}
    options = ("--cpu", "--models-directory", str(models.resolve()), *arguments)
    # The tiny model's matrices are so small that threads only wait for each other; beside other work, ten times as long.
    return ComfyServer(ensure_comfyui(), base, custom_nodes=packs, arguments=options, environment={"OMP_NUM_THREADS": "1"})
