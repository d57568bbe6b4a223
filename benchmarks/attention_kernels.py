"""Times every attention kernel of the table at LTX 2.3's shapes, beside ComfyUI's own attention.

    python benchmarks/attention_kernels.py [--repeat 5]

On a CPU the shapes are smaller. What cannot run is printed as "not run", with the reason.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import _setup

# LTX 2.3 at 832x448 and 497 frames: 63 x 14 x 26 video tokens, 497 audio latents, 1024 text tokens.
VIDEO, AUDIO, TEXT = 22932, 497, 1024
SHAPES = (
    ("video self", VIDEO, VIDEO, 32, 128),
    ("video text", VIDEO, TEXT, 32, 128),
    ("audio self", AUDIO, AUDIO, 32, 64),
    ("audio text", AUDIO, TEXT, 32, 64),
    ("audio to video", VIDEO, AUDIO, 32, 64),
    ("video to audio", AUDIO, VIDEO, 32, 64),
)
CPU_DIVISOR = 16
"""On a CPU every length is divided by this, and heads by 8: seconds instead of hours."""


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="timed runs of each kernel; the median is printed")
    arguments = parser.parse_args()
    _setup.enter_environment()
    _setup.import_comfy()
    kernels_command(arguments.repeat)


def kernels_command(repeat: int) -> None:
    """Times every kernel of the table, and ComfyUI's own attention, on the shapes of one LTX 2.3 block."""
    import torch
    from comfy.ldm.modules.attention import attention_pytorch

    from audio_loop.attention.capabilities import load, probe
    from audio_loop.attention.kernels import KERNEL_NAMES
    from audio_loop.attention.launch import call_shape, launch
    from audio_loop.attention.routing import call_obstacle, machine_obstacle, rows

    found = probe()
    cuda = torch.cuda.is_available()
    device, dtype = ("cuda", torch.bfloat16) if cuda else ("cpu", torch.float32)
    where = torch.cuda.get_device_name() if cuda else f"CPU, {torch.get_num_threads()} threads"
    scale = "" if cuda else f"; lengths / {CPU_DIVISOR}, 4 heads"
    print(f"{where}, torch {torch.__version__}, {str(dtype).removeprefix('torch.')}{scale}")
    print(f"| {'call':<16} | {'q x kv':<15} | {'kernel':<18} | {'ms':>9} | {'error':>7} |")
    print(f"|{'-' * 18}|{'-' * 17}|{'-' * 20}|{'-' * 11}|{'-' * 9}|")
    for name, q_len, kv_len, heads, width in SHAPES:
        if not cuda:
            q_len, kv_len, heads = q_len // CPU_DIVISOR, kv_len // CPU_DIVISOR, 4
        generator = torch.Generator(device).manual_seed(0)
        q, k, v = (
            torch.randn(1, length, heads * width, device=device, generator=generator).to(dtype)
            for length in (q_len, kv_len, kv_len)
        )
        reference = attention_pytorch(q, k, v, heads).float()
        call = call_shape(q, k, heads, mask=None, skip_reshape=False)

        def line(kernel: str, cost: str, error: str = "", q_len: int = q_len, kv_len: int = kv_len, name: str = name) -> None:
            print(f"| {name:<16} | {f'{q_len} x {kv_len}':<15} | {kernel:<18} | {cost:>9} | {error:>7} |", flush=True)

        seconds = timed(partial(attention_pytorch, q, k, v, heads), repeat, cuda)
        line("comfy (SDPA)", f"{seconds * 1e3:.2f}", "0")
        for kernel_name in KERNEL_NAMES:
            obstacles = {row: machine_obstacle(row, found) or call_obstacle(row, call) for row in rows(kernel_name)}
            row = next((row for row, obstacle in obstacles.items() if obstacle is None), None)
            if row is None:
                line(kernel_name, "not run", "")
                continue
            run = partial(launch, row, load(row), call, q, k, v)
            difference = (run().float() - reference).norm() / reference.norm()
            line(kernel_name, f"{timed(run, repeat, cuda) * 1e3:.2f}", f"{difference.item():.4f}")
    for kernel_name in KERNEL_NAMES:
        reasons = {machine_obstacle(row, found) for row in rows(kernel_name)}
        if None not in reasons:
            print(f"{kernel_name} not run: {'; '.join(sorted(map(str, reasons)))}")


def timed(function: Callable[[], Any], repeat: int, cuda: bool) -> float:
    """Median seconds of a call, after one to warm up."""
    import torch

    function()
    seconds = []
    for _ in range(repeat):
        if cuda:
            torch.cuda.synchronize()
        started = time.perf_counter()
        function()
        if cuda:
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
