"""ComfyUI's own modules inside the test process, on the CPU, for code that plugs into them."""

from __future__ import annotations

import sys

import pytest
from audio_loop.comfy_host.environment import ensure_comfyui


@pytest.fixture(scope="session")
def comfy_on_cpu():
    """The `comfy` package, with `--cpu` set before `model_management` reads it and picks its devices."""
    folder = str(ensure_comfyui())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    arguments = sys.argv
    sys.argv = arguments[:1]  # ComfyUI parses the command line while it is imported; pytest's is not for it
    try:
        import comfy.cli_args

        comfy.cli_args.args.cpu = True
        import comfy.model_management
    finally:
        sys.argv = arguments
    return comfy


@pytest.fixture(scope="session")
def nested_class(comfy_on_cpu):
    """ComfyUI's class of joint audio-video latents."""
    from comfy.nested_tensor import NestedTensor

    return NestedTensor


@pytest.fixture(scope="session")
def core_ltx_nodes(comfy_on_cpu):
    """ComfyUI's own LTX nodes."""
    import comfy_extras.nodes_lt

    return comfy_extras.nodes_lt
