"""Seconds per sampling step at LTX 2.3's real shapes, with ComfyUI's attention and with each kernel that is installed.

    python benchmarks/attention_step.py [--blocks 48] [--steps 4] [--without-guide]

The transformer has LTX 2.3's widths, 48 blocks and random weights in bfloat16 (about 40 GB; fewer blocks take less), and
renders a window of 497 frames at 832x448 with a guide of strength 0.7, as each window after the first has one: 23,296 video
tokens, 497 audio latents, 1024 of text. Without a GPU it is the tiny model at a small shape and the processor's time of one
thread, which shows little but that the benchmark runs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import _setup

REAL_WIDTHS = {
    "num_attention_heads": 32,
    "attention_head_dim": 128,
    "cross_attention_dim": 4096,
    "audio_num_attention_heads": 32,
    "audio_attention_head_dim": 64,
    "audio_cross_attention_dim": 2048,
    "connector_num_attention_heads": 32,
    "connector_attention_head_dim": 128,
    "audio_connector_num_attention_heads": 32,
    "audio_connector_attention_head_dim": 64,
}
REAL_BLOCKS = 48
REAL_SHAPES = ((1, 128, 63, 14, 26), (1, 8, 497, 16))
SMALL_SHAPES = ((1, 128, 8, 8, 8), (1, 8, 57, 16))
TEXT_TOKENS = 1024
STRENGTH = 0.7


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=REAL_BLOCKS, help="transformer blocks, on a GPU")
    parser.add_argument("--steps", type=int, default=4, help="timed steps; the median is printed")
    parser.add_argument("--without-guide", action="store_true", help="time the first window, which has no guide")
    arguments = parser.parse_args()
    _setup.enter_environment()
    _setup.import_comfy()
    import torch

    from audio_loop.attention.capabilities import probe
    from audio_loop.attention.exact_kernels import EXACT_NAMES
    from audio_loop.attention.kernels import KERNEL_NAMES
    from audio_loop.attention.override import apply_sage_attention
    from audio_loop.attention.routing import machine_obstacle, offered_modes, rows

    cuda, found = torch.cuda.is_available(), probe()
    torch.set_num_threads(torch.get_num_threads() if cuda else 1)
    model, blocks = random_model(arguments.blocks if cuda else 2, REAL_WIDTHS if cuda else {})
    shapes = REAL_SHAPES if cuda else SMALL_SHAPES
    where = torch.cuda.get_device_name() if cuda else "CPU, the tiny model at a small shape"
    strength = None if arguments.without_guide else STRENGTH
    tokens = (shapes[0][2] + (strength is not None)) * shapes[0][3] * shapes[0][4]
    guided = "no guide" if strength is None else f"a guide of strength {strength}"
    print(f"{where}, torch {torch.__version__}, {blocks} blocks, {tokens} video tokens, {guided}")
    print(f"| {'attention':<21} | {'s / step':>8} |\n|{'-' * 23}|{'-' * 10}|")
    seconds_per_step(model, shapes, 1, strength)  # the first run of a process loads and tunes what the others find ready
    for mode in ("disabled", *(name for name in offered_modes(found) if name != "disabled")):
        seconds = seconds_per_step(apply_sage_attention(model, mode), shapes, arguments.steps, strength)
        print(f"| {mode:<21} | {seconds:8.3f} |", flush=True)
    for name in (*KERNEL_NAMES, *EXACT_NAMES):
        reasons = {machine_obstacle(row, found) for row in rows(name)}
        if None not in reasons:
            print(f"{name} not run: {'; '.join(sorted(map(str, reasons)))}")


def random_model(blocks: int, widths: dict[str, int]) -> tuple[Any, int]:
    """A ModelPatcher of the LTX 2.3 architecture with these widths (the tiny model's if left out), and its blocks."""
    import comfy.model_management
    import comfy.ops
    import comfy.sd
    import torch
    from comfy.ldm.lightricks.av_model import LTXAVModel

    from audio_loop.demo import tiny_architecture

    config = {**tiny_architecture.TRANSFORMER, **widths, "num_layers": blocks}
    device = comfy.model_management.get_torch_device()
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    shapes = LTXAVModel(**config, device="meta", operations=comfy.ops.disable_weight_init).state_dict()
    weights = {
        name: torch.full(tensor.shape, float(name.endswith("norm.weight")), device=device, dtype=dtype)
        if tensor.ndim < 2
        else torch.randn(tensor.shape, device=device, dtype=dtype) * tensor.shape[-1] ** -0.5
        for name, tensor in shapes.items()
    }
    metadata = {"config": json.dumps({"transformer": config})}
    return comfy.sd.load_diffusion_model_state_dict(weights, model_options={"dtype": dtype}, metadata=metadata), blocks


def seconds_per_step(model: Any, shapes: tuple[tuple[int, ...], ...], steps: int, strength: float | None = None) -> float:
    """Median seconds of a step; the first one warms up. With a strength the window has a guide of one latent."""
    import comfy.nested_tensor
    import comfy.samplers
    import torch

    from audio_loop.latent_ops.guide import append_guide

    diffusion_model = model.get_model_object("diffusion_model")
    width = diffusion_model.cross_attention_dim + diffusion_model.audio_cross_attention_dim
    guider = comfy.samplers.CFGGuider(model)
    positive: list[list[Any]] = [[torch.randn(1, TEXT_TOKENS, width), {}]]
    window: dict[str, Any] = {"samples": torch.zeros(shapes[0])}
    masks: Any = None
    if strength is not None:
        guide = {"samples": torch.randn(*shapes[0][:2], 1, *shapes[0][3:])}
        positive, _, window = append_guide(positive, [], window, guide, strength=strength)
        video_mask = window["noise_mask"].expand(1, 1, *window["samples"].shape[2:])
        masks = comfy.nested_tensor.NestedTensor([video_mask, torch.ones(1, 1, *shapes[1][2:])])
    guider.set_conds(positive, [])
    guider.set_cfg(1.0)
    moments: list[float] = []
    nested: Callable[[list[Any]], Any] = comfy.nested_tensor.NestedTensor

    def note(*_: Any) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        moments.append(time.perf_counter() if torch.cuda.is_available() else time.process_time())

    guider.sample(
        nested([torch.randn(window["samples"].shape), torch.randn(shapes[1])]),
        nested([window["samples"], torch.zeros(shapes[1])]),
        comfy.samplers.ksampler("euler"),
        torch.linspace(1.0, 0.0, steps + 2),
        denoise_mask=masks,
        callback=note,
        disable_pbar=True,
    )
    return statistics.median(after - before for before, after in itertools.pairwise(moments))


if __name__ == "__main__":
    main()
