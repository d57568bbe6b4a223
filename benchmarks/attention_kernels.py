"""Times every attention kernel of the tables at LTX 2.3's shapes, beside ComfyUI's own attention.

    python benchmarks/attention_kernels.py [--repeat 5]

First calls without a mask, then the call of a window with a guide of strength 0.7: masked by ComfyUI's own attention, the same
without its mask (what speed there is to keep), and merged without a mask by each kernel that can. On a CPU the shapes are
smaller and times are of the processor, one thread. What cannot run is printed as "not run", with the reason. The error is
relative to the result in float32.
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
GUIDE, STRENGTH = 14 * 26, 0.7
"""Tokens of a guide of one latent, and the shipped strength."""
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
    """Times every kernel of the tables, and ComfyUI's own attention, on the shapes of one LTX 2.3 block."""
    import torch

    from audio_loop.attention.capabilities import probe
    from audio_loop.attention.exact_kernels import EXACT_NAMES
    from audio_loop.attention.kernels import KERNEL_NAMES
    from audio_loop.attention.routing import machine_obstacle, rows

    found = probe()
    cuda = torch.cuda.is_available()
    torch.set_num_threads(torch.get_num_threads() if cuda else 1)
    dtypes = (torch.bfloat16,) if cuda else (torch.float32, torch.bfloat16)
    where = torch.cuda.get_device_name() if cuda else "CPU, processor time of one thread"
    print(f"{where}, torch {torch.__version__}{'' if cuda else f'; lengths / {CPU_DIVISOR}, 4 heads'}")
    print(f"| {'call':<16} | {'q x kv':<15} | {'dtype':<8} | {'attention':<22} | {'ms':>9} | {'error':>8} |")
    print(f"|{'-' * 18}|{'-' * 17}|{'-' * 10}|{'-' * 24}|{'-' * 11}|{'-' * 10}|")
    for dtype in dtypes:
        for shape in SHAPES:
            without_mask(shape, found, dtype, repeat, cuda)
        with_guide(found, dtype, repeat, cuda)
    for kernel_name in (*KERNEL_NAMES, *EXACT_NAMES):
        reasons = {machine_obstacle(row, found) for row in rows(kernel_name)}
        if None not in reasons:
            print(f"{kernel_name} not run: {'; '.join(sorted(map(str, reasons)))}")


def without_mask(shape: tuple[str, int, int, int, int], found: Any, dtype: Any, repeat: int, cuda: bool) -> None:
    """Prints one line for each kernel that fits a call without a mask."""
    from comfy.ldm.modules.attention import attention_pytorch

    from audio_loop.attention.capabilities import load
    from audio_loop.attention.launch import call_shape, launch

    name, q_len, kv_len, heads, width = shape
    q, k, v, heads = tensors(q_len, kv_len, heads, width, dtype, cuda)
    exact = attention_pytorch(q.float(), k.float(), v.float(), heads)
    call = call_shape(q, k, heads, mask=None, skip_reshape=False)
    line = Line(name, call, exact, repeat, cuda)
    line.show("comfy (SDPA)", partial(attention_pytorch, q, k, v, heads))
    for row in fitting(found, call):
        line.show(row.name, partial(launch, row, load(row), call, q, k, v))


def with_guide(found: Any, dtype: Any, repeat: int, cuda: bool) -> None:
    """Prints the call of a window's queries with a guide: masked, without its mask, and merged."""
    from comfy.ldm.modules.attention import attention_pytorch, attention_sub_quad

    from audio_loop.attention.capabilities import load
    from audio_loop.attention.key_groups import KeyGroupCache
    from audio_loop.attention.launch import call_shape
    from audio_loop.attention.log_sum_exp import attend_merged

    q, k, v, heads = tensors(VIDEO, VIDEO + GUIDE, 32, 128, dtype, cuda)
    mask = guide_mask(q, k)
    exact = attention_pytorch(q.float(), k.float(), v.float(), heads, mask=mask.float())
    call = call_shape(q, k, heads, mask=None, skip_reshape=False)
    line = Line("video with guide", call, exact, repeat, cuda)
    line.show("masked (SDPA)", partial(attention_pytorch, q, k, v, heads, mask=mask))
    if not cuda:  # what ComfyUI takes on a CPU
        line.show("masked (sub_quad)", partial(attention_sub_quad, q, k, v, heads, mask=mask))
    line.show("no mask (SDPA)", partial(attention_pytorch, q, k, v, heads), with_error=False)
    groups = KeyGroupCache()
    for row in fitting(found, call):
        if row.log_sum_exp:
            run = partial(merged, attend_merged, row, load(row), call, q, k, v, groups, mask)
            line.show(f"merged {row.name}", run)


def merged(attend: Any, row: Any, function: Any, call: Any, q: Any, k: Any, v: Any, groups: Any, mask: Any) -> Any:
    """One merged call, as in a render: the mask is read once."""
    return attend(row, function, call, q, k, v, groups.of(mask))


class Line:
    """Prints timed attention of one shape."""

    def __init__(self, name: str, call: Any, exact: Any, repeat: int, cuda: bool) -> None:
        self.name, self.call, self.exact, self.repeat, self.cuda = name, call, exact, repeat, cuda

    def show(self, attention: str, run: Callable[[], Any], with_error: bool = True) -> None:
        """Times `run` and compares what it returns with the exact result."""
        error = f"{((run().float() - self.exact).norm() / self.exact.norm()).item():.1e}" if with_error else ""
        lengths = f"{self.call.q_len} x {self.call.kv_len}"
        cost = f"{timed(run, self.repeat, self.cuda) * 1e3:.2f}"
        print(
            f"| {self.name:<16} | {lengths:<15} | {self.call.dtype:<8} | {attention:<22} | {cost:>9} | {error:>8} |", flush=True
        )


def fitting(found: Any, call: Any) -> list[Any]:
    """The row of each kernel that this machine runs on such a call."""
    from audio_loop.attention.exact_kernels import EXACT_NAMES
    from audio_loop.attention.kernels import KERNEL_NAMES
    from audio_loop.attention.routing import call_obstacle, machine_obstacle, rows

    fits = [
        [row for row in rows(name) if machine_obstacle(row, found) is None and call_obstacle(row, call) is None]
        for name in (*KERNEL_NAMES, *EXACT_NAMES)
    ]
    return [rows_of_name[0] for rows_of_name in fits if rows_of_name]


def tensors(q_len: int, kv_len: int, heads: int, width: int, dtype: Any, cuda: bool) -> tuple[Any, Any, Any, int]:
    """Random queries, keys and values, and the heads; smaller on a CPU."""
    import torch

    device = "cuda" if cuda else "cpu"
    if not cuda:
        q_len, kv_len, heads = q_len // CPU_DIVISOR, kv_len // CPU_DIVISOR, 4
    generator = torch.Generator(device).manual_seed(0)
    q, k, v = (
        torch.randn(1, length, heads * width, device=device, generator=generator).to(dtype)
        for length in (q_len, kv_len, kv_len)
    )
    return q, k, v, heads


def guide_mask(q: Any, k: Any) -> Any:
    """ComfyUI's mask of a guide for the window's queries."""
    import torch
    from comfy.ldm.lightricks.model import GuideAttentionMask

    guide = k.shape[1] - q.shape[1]
    weights = torch.full((1, guide), STRENGTH, device=q.device, dtype=q.dtype)
    return GuideAttentionMask(k.shape[1], q.shape[1], guide, weights).noisy_mask


def timed(function: Callable[[], Any], repeat: int, cuda: bool) -> float:
    """Median seconds of a call, after one to warm up: on a CPU its own, however busy the machine is."""
    import torch

    function()
    seconds = []
    for _ in range(repeat):
        if cuda:
            torch.cuda.synchronize()
        clock = time.perf_counter if cuda else time.process_time
        started = clock()
        function()
        if cuda:
            torch.cuda.synchronize()
        seconds.append(clock() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
