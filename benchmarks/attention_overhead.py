"""Time that the attention patches cost a step of the tiny model: with everything off, with the dispatcher, with tracing.

    python benchmarks/attention_overhead.py [--seconds 150]

Every round samples with each variant, one directly after the other and in changing order, in processor time of one
thread; what counts is the ratio, within the round, to the plain model, which runs twice. So a slow minute of the machine
is in both parts of a ratio. Printed is the median of the ratios with its 95 % confidence interval. "noise" is the plain
model against itself: its interval says what this machine can tell apart at all. Below that, the cost of a single call,
measured without a model, times the calls of a step: a second way to the same figure that hardly depends on what else
the machine does.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import _setup

STEPS = 2  # short runs, so that the parts of a ratio lie close together
CALLS_PER_STEP = 12
ROUNDS = 40
CALLS = 300
LIMITS_PERCENT = {"everything off": 0.5, "tracing": 3.0}
PLAIN, AGAIN = "plain model", "noise"


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=150.0, help="how long to go on comparing")
    arguments = parser.parse_args()
    _setup.enter_environment()
    _setup.import_comfy()
    import torch

    torch.set_num_threads(1)
    keep_freed_memory()
    with tempfile.TemporaryDirectory() as folder:
        plain, sample = tiny_sampler()
        costs = compare({PLAIN: plain, AGAIN: plain.clone(), **variants(plain, Path(folder))}, sample, arguments.seconds)
    step = statistics.median(costs[PLAIN]) / STEPS
    print(f"tiny LTX 2.3, {len(costs[PLAIN])} rounds of {STEPS} steps, {step * 1e3:.2f} ms of one processor a step")
    print(f"| {'variant':<16} | {'more than plain':>15} | {'95 % interval':>19} | {'goal':>5} |      |")
    print(f"|{'-' * 18}|{'-' * 17}|{'-' * 21}|{'-' * 7}|------|")
    print(verdict(AGAIN, costs[AGAIN], costs[PLAIN]))
    both = [(first + second) / 2 for first, second in zip(costs[PLAIN], costs[AGAIN], strict=True)]
    for name in costs:
        if name not in (PLAIN, AGAIN):
            print(verdict(name, costs[name], both))
    print(f"\n| {'one call':<22} | {'microseconds':>12} | {'of a step':>9} |")
    print(f"|{'-' * 24}|{'-' * 14}|{'-' * 11}|")
    for name, seconds in single_calls().items():
        print(f"| {name:<22} | {seconds * 1e6:12.1f} | {seconds * CALLS_PER_STEP / step:9.2%} |")


def keep_freed_memory() -> None:
    """Asks the C library to keep what is freed: giving pages back and faulting them in again costs the tiny model a tenth
    of its time, in portions that differ from run to run."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        trim_threshold, mmap_threshold = -1, -3
        mallopt(trim_threshold, 2**30)
        mallopt(mmap_threshold, 2**25)


def variants(plain: Any, folder: Path) -> dict[str, Any]:
    """Clones of the plain model with patches."""
    import torch

    from audio_loop.attention import option_keys
    from audio_loop.attention.nag import apply_nag
    from audio_loop.attention.override import AttentionDispatcher, apply_sage_attention
    from audio_loop.attention.routing import Capabilities
    from audio_loop.attention.tracing import stamp_iteration

    negative = [[torch.zeros(1, 32, 96), {}]]
    dispatched = plain.clone()
    dispatcher = AttentionDispatcher("auto_mask_aware", Capabilities())
    dispatched.model_options["transformer_options"][option_keys.OVERRIDE] = dispatcher
    return {
        "everything off": stamp_iteration(apply_nag(apply_sage_attention(plain, "disabled"), negative, 0.0), 1),
        "dispatcher": dispatched,
        "tracing": stamp_iteration(plain, 1, folder),
    }


def compare(models: dict[str, Any], sample: Callable[[Any], Any], seconds: float) -> dict[str, list[float]]:
    """Processor seconds of one run per model and round; runs of a round share their position in the lists."""
    costs: dict[str, list[float]] = {name: [] for name in models}
    for model in models.values():
        sample(model)
    names, shuffled = list(models), random.Random(0)
    until = time.monotonic() + seconds
    gc.disable()
    gc.freeze()  # so that collecting between the rounds only looks at what the rounds made
    while time.monotonic() < until:
        gc.collect()
        shuffled.shuffle(names)
        for name in names:
            started = time.process_time()
            sample(models[name])
            costs[name].append(time.process_time() - started)
    gc.enable()
    return costs


def verdict(name: str, costs: Sequence[float], plain: Sequence[float]) -> str:
    """A row of the table."""
    ratios = sorted(100 * (cost / base - 1) for cost, base in zip(costs, plain, strict=True))
    low, high = median_interval(ratios)
    limit = LIMITS_PERCENT.get(name)
    goal = "" if limit is None else f"{limit} %"
    word = "" if limit is None else "met" if high < limit else "missed" if low > limit else "open"
    return f"| {name:<16} | {statistics.median(ratios):13.2f} % | {low:7.2f} to {high:5.2f} % | {goal:>5} | {word:<4} |"


def median_interval(ordered: Sequence[float]) -> tuple[float, float]:
    """The 95 % confidence interval of the median, from the binomial distribution's normal approximation; no assumption on
    how the values are spread."""
    n = len(ordered)
    half = 0.98 * math.sqrt(n)
    low, high = math.floor(n / 2 - half), math.ceil(n / 2 + half)
    return ordered[max(0, low)], ordered[min(n - 1, high)]


def single_calls() -> dict[str, float]:
    """Seconds that one attention call costs on top of the attention itself, by calling one that does nothing."""
    import torch

    from audio_loop.attention import option_keys
    from audio_loop.attention.override import AttentionDispatcher
    from audio_loop.attention.routing import Capabilities
    from audio_loop.attention.tracing import AttentionTrace, TracedAttention

    q = torch.zeros(1, 64, 64)
    dispatcher = AttentionDispatcher("auto_mask_aware", Capabilities())

    def nothing(q: Any, k: Any, v: Any, heads: int, **kwargs: Any) -> Any:  # noqa: ARG001  the signature of attention
        return q

    with tempfile.TemporaryDirectory() as folder:
        trace = AttentionTrace(Path(folder))
        traced = {option_keys.TRACE: trace, option_keys.ITERATION: 1, option_keys.BLOCK: 0}

        def bare() -> None:
            nothing(q, q, q, 1, mask=None, transformer_options={})

        cases = {
            "dispatcher": (lambda: dispatcher(nothing, q, q, q, 1, mask=None, transformer_options={}), lambda: None),
            "tracing": (lambda: TracedAttention(None)(nothing, q, q, q, 1, mask=None, transformer_options=traced), trace.flush),
        }
        base = best_of(bare, lambda: None)
        return {name: best_of(call, after) - base for name, (call, after) in cases.items()}


def best_of(call: Callable[[], Any], after: Callable[[], Any]) -> float:
    """Processor seconds of a call and its share of `after`, which follows a round; the least of all rounds."""
    best = math.inf
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(CALLS):
            call()
        after()
        best = min(best, (time.process_time() - started) / CALLS)
    return best


def tiny_sampler() -> tuple[Any, Callable[[Any], Any]]:
    """The tiny LTX 2.3 and a function that samples a 256 x 256 window of 57 frames with a given clone of it."""
    import comfy.nested_tensor
    import comfy.samplers
    import comfy.sd
    import torch

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import transformer_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    metadata = {"config": json.dumps({"transformer": tiny_architecture.TRANSFORMER})}
    weights = tiny_state_dict(transformer_shapes())
    model = comfy.sd.load_diffusion_model_state_dict(weights, model_options={"dtype": torch.float32}, metadata=metadata)
    positive = [[torch.randn(1, 32, 96, generator=torch.Generator().manual_seed(1)), {}]]
    latents = [torch.zeros(1, 128, 8, 8, 8), torch.zeros(1, 8, 57, 16)]
    noise = [torch.randn(t.shape, generator=torch.Generator().manual_seed(2)) for t in latents]
    sigmas = torch.linspace(1.0, 0.0, STEPS + 1)

    def sample(patched: Any) -> Any:
        guider = comfy.samplers.CFGGuider(patched)
        guider.set_conds(positive, [])
        guider.set_cfg(1.0)
        nested = comfy.nested_tensor.NestedTensor
        sampler = comfy.samplers.ksampler("euler")
        return guider.sample(nested(noise), nested(latents), sampler, sigmas, disable_pbar=True)

    return model, sample


if __name__ == "__main__":
    main()
