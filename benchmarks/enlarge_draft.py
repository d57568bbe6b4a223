"""Memory and seconds of a draft enlarged window by window (LoopDraftEnlarge) beside the whole song at once.

    python benchmarks/enlarge_draft.py
    python benchmarks/enlarge_draft.py --channels 1024 --blocks 4      the true size of ltx-2.3-spatial-upscaler-x2

Each case is a process of its own with an upscale model of random weights and a draft of 640x352 at 25 fps; the windows are
those of the second stage, 8 s with an overlap of 1 s. At once is ComfyUI's LTXVLatentUpsampler. Memory is the largest while
it is enlarged, less what was held before (draft and model) and less the canvas, which is the result. Runs on the CPU if there
is no GPU. Prints a markdown table.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

import _setup
from song_encode import MostMemory, device_words

SECONDS = (60, 180, 600)
WAYS = ("windows", "at once")
LONGEST_AT_ONCE_SECONDS = 180
SAMPLE_RATE = 44_100
DRAFT_LATENT_SIZE = 11, 20
"""Height and width of 640x352 pixels."""


def main() -> None:
    """Runs every case in a process of its own, or one case if the parent asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, nargs="+", default=SECONDS, help="lengths of the song")
    parser.add_argument("--channels", type=int, default=128, help="inner channels of the upscale model, a multiple of 32")
    parser.add_argument("--blocks", type=int, default=1, help="blocks before and behind the enlarging")
    parser.add_argument("--case", nargs=2, metavar=("WAY", "SECONDS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    _setup.enter_environment()
    if arguments.case:
        way, seconds = arguments.case
        print(json.dumps(measure(way, int(seconds), arguments.channels, arguments.blocks)))
        return
    print("| song | way | canvas (MiB) | memory beside it (MiB) | seconds | on |\n|---|---|---|---|---|---|")
    for seconds in arguments.seconds:
        for way in WAYS:
            if way == "at once" and seconds > LONGEST_AT_ONCE_SECONDS:
                continue
            sizes = ["--channels", str(arguments.channels), "--blocks", str(arguments.blocks)]
            command = [sys.executable, __file__, *sizes, "--case", way, str(seconds)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            row = json.loads(done.stdout.splitlines()[-1])
            figures = f"{row['canvas_mib']:.0f} | {row['memory_mib']:.0f} | {row['seconds']:.0f} | {row['device']}"
            print(f"| {seconds} s | {way} | {figures} |", flush=True)
    print(f"\n{arguments.channels} channels, blocks of a stage: {arguments.blocks}. {platform.machine()}, {platform.system()}.")


def measure(way: str, seconds: int, channels: int, blocks: int) -> dict[str, Any]:
    """The figures of one case, in this process."""
    _setup.import_comfy()
    import comfy.model_management
    import torch

    from audio_loop.latent_ops.canvas import canvas_latents
    from audio_loop.latent_ops.enlarge import enlarged_canvas
    from audio_loop.loop_control.plan import make_plan

    plan = make_plan(
        audio_samples=seconds * SAMPLE_RATE,
        sample_rate=SAMPLE_RATE,
        window_seconds=8,
        overlap_seconds=1,
        fps=25,
        order="anchors first",
    )
    model, vae, device = upscaler(channels, blocks), vae_without_weights(), comfy.model_management.get_torch_device()
    generator = torch.Generator().manual_seed(0)
    draft = {"samples": torch.randn(1, 128, canvas_latents(plan), *DRAFT_LATENT_SIZE, generator=generator)}
    with torch.inference_mode():
        enlarge_at_once({"samples": draft["samples"][:, :, :2]}, model, vae)  # what is allocated once: threads, kernels
        with MostMemory(device) as memory:
            started = time.monotonic()
            if way == "windows":
                canvas = enlarged_canvas(draft, plan, lambda part: enlarge_at_once(part, model, vae), lambda _: None)
            else:
                canvas = enlarge_at_once(draft, model, vae)
            spent = time.monotonic() - started
    canvas_mib = canvas["samples"].nbytes / 2**20
    beside = memory.mib - (canvas_mib if canvas["samples"].device == device else 0.0)
    return {"canvas_mib": canvas_mib, "memory_mib": beside, "seconds": spent, "device": device_words(device)}


def enlarge_at_once(latent: dict[str, Any], model: Any, vae: Any) -> dict[str, Any]:
    """As ComfyUI's own node does."""
    from comfy_extras.nodes_lt_upsampler import LTXVLatentUpsampler

    canvas: dict[str, Any] = LTXVLatentUpsampler.execute(latent, model, vae).args[0]
    return canvas


def vae_without_weights() -> Any:
    """As much of a video VAE as the node uses: statistics of channels that change nothing."""
    statistics = SimpleNamespace(un_normalize=lambda latent: latent, normalize=lambda latent: latent)
    return SimpleNamespace(first_stage_model=SimpleNamespace(per_channel_statistics=statistics))


def upscaler(channels: int, blocks: int) -> Any:
    """An upscale model of random weights, as ComfyUI's loader makes it."""
    import comfy.model_management as management
    import comfy.model_patcher
    import comfy.ops
    import torch
    from comfy.ldm.lightricks.latent_upsampler import LatentUpsampler

    from audio_loop.demo.tiny_upscaler import CONFIG
    from audio_loop.demo.tiny_weights import tiny_state_dict

    config = {**CONFIG, "mid_channels": channels, "num_blocks_per_stage": blocks}
    dtype = management.vae_dtype(allowed_dtypes=[torch.bfloat16, torch.float32])
    network = LatentUpsampler.from_config(config, comfy.ops.disable_weight_init).to(dtype=dtype)
    shapes = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    network.load_state_dict(tiny_state_dict(shapes))
    management.archive_model_dtypes(network)
    load, offload = management.get_torch_device(), management.unet_offload_device()
    return comfy.model_patcher.CoreModelPatcher(network, load_device=load, offload_device=offload)


if __name__ == "__main__":
    main()
