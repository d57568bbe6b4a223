"""The common ground of the benchmarks: the environment that has torch, and ComfyUI in this process."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
import _bootstrap  # noqa: F401  binds the name audio_loop

sys.path.pop(0)

from audio_loop.comfy_host.environment import ensure_comfyui, ensure_environment, reexec_inside


def enter_environment() -> None:
    """Starts the command line again in the environment of demo and tests; returns once it runs there."""
    reexec_inside(ensure_environment(ensure_comfyui()))


def import_comfy() -> None:
    """Puts ComfyUI on the path, on the CPU if there is no GPU."""
    import torch

    sys.path.insert(0, str(ensure_comfyui()))
    sys.argv = sys.argv[:1]
    import comfy.cli_args

    comfy.cli_args.args.cpu = not torch.cuda.is_available()
