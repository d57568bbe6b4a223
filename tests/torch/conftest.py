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


@pytest.fixture(scope="session")
def tiny_weights(comfy_on_cpu):
    """State dict of the tiny LTX 2.3 transformer, float32."""
    from audio_loop.demo.tiny_ltx import transformer_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    return tiny_state_dict(transformer_shapes())


@pytest.fixture
def tiny_ltx(tiny_weights):
    """Builds a freshly loaded ModelPatcher of the tiny LTX 2.3 audio-video transformer, float32 on the CPU."""
    import json

    import comfy.model_management
    import comfy.sd
    import torch
    from audio_loop.demo import tiny_architecture

    def build():
        weights = {name: tensor.clone() for name, tensor in tiny_weights.items()}
        metadata = {"config": json.dumps({"transformer": tiny_architecture.TRANSFORMER})}
        return comfy.sd.load_diffusion_model_state_dict(
            weights, model_options={"dtype": torch.float32}, metadata=metadata
        )

    yield build
    comfy.model_management.current_loaded_models.clear()
