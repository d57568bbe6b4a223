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
    import torch

    # Operators of a tiny model take microseconds; handing them to threads costs ten times that on a busy machine.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield comfy
    torch.set_num_threads(threads)


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
        return comfy.sd.load_diffusion_model_state_dict(weights, model_options={"dtype": torch.float32}, metadata=metadata)

    yield build
    comfy.model_management.current_loaded_models.clear()


@pytest.fixture
def conditioning():
    """Builds ComfyUI conditioning for the tiny LTX 2.3 from a seed: (batch, tokens, 64 + 32).

    With `unprocessed_ltxav_embeds` it is what the text encoder returns and the model projects it (to 1024 tokens, which
    takes a second); without, it counts as projected already.
    """
    import torch

    def build(seed, tokens=16, batch=1, **extra):
        generator = torch.Generator().manual_seed(seed)
        embedding = torch.randn(batch, tokens, 96, generator=generator)
        return [[embedding, extra]]

    return build


@pytest.fixture
def render(comfy_on_cpu):
    """Samples a short audio-video latent through ComfyUI's own guider; returns (video, audio)."""
    import comfy.nested_tensor
    import comfy.samplers
    import torch

    def run(model, positive, negative, cfg=1.0, seed=0, batch=1, frames=3, video_mask=None, video=None, sigmas=None):
        generator = torch.Generator().manual_seed(seed)
        shapes = ((batch, 128, frames, 2, 2), (batch, 8, 12, 16))
        latents = [torch.zeros(shape) for shape in shapes]
        if video is not None:
            latents[0] = video
        noise = [torch.randn(shape, generator=generator) for shape in shapes]
        guider = comfy.samplers.CFGGuider(model)
        guider.set_conds(positive, negative)
        guider.set_cfg(cfg)
        mask = None
        if video_mask is not None:
            mask = comfy.nested_tensor.NestedTensor([video_mask, torch.ones(batch, 1, 12, 16)])
        nested = comfy.nested_tensor.NestedTensor
        out = guider.sample(
            nested(noise),
            nested(latents),
            comfy.samplers.ksampler("euler"),
            torch.tensor([1.0, 0.6, 0.0] if sigmas is None else sigmas),
            denoise_mask=mask,
            disable_pbar=True,
        )
        return tuple(out.unbind())

    return run
