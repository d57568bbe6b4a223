"""Attention: kernel timings at LTX 2.3 shapes, cost of the patches on a tiny model, SageAttention's kernels without a GPU.

    python benchmarks/attention.py kernels        every kernel of the table against ComfyUI's own attention
    python benchmarks/attention.py overhead       what the patches cost a step of the tiny model
    python benchmarks/attention.py interpreter    SageAttention's Triton kernels on the CPU, for their results, not speed

What cannot run here is printed as "not run", with the reason.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
import _bootstrap  # noqa: F401  binds the name audio_loop

from audio_loop.comfy_host.environment import cache_root, ensure_comfyui, ensure_environment, reexec_inside

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

SAGE_RELEASE = "sageattention==1.0.6"
# Triton 3.5's interpreter turns one-element arrays into integers, which NumPy 2.4 refuses.
INTERPRETER_NUMPY = "numpy<2.4"


def main() -> None:
    """Reads the command line, moves into the environment that has torch, and runs one benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    kernels = commands.add_parser("kernels", help="kernel timings")
    kernels.add_argument("--repeat", type=int, default=5, help="timed runs of each kernel; the median is printed")
    overhead = commands.add_parser("overhead", help="cost of the patches on a tiny model")
    overhead.add_argument("--repeat", type=int, default=100, help="rounds; each runs every variant once")
    interpreter = commands.add_parser("interpreter", help="SageAttention's Triton kernels on the CPU")
    interpreter.add_argument("--sage-source", type=Path, help="a checkout of thu-ml/SageAttention, for release 2's kernel")
    interpreter.add_argument("--json", action="store_true", help="one JSON line per case instead of a table")
    arguments = parser.parse_args()
    reexec_inside(ensure_environment(ensure_comfyui()))
    if arguments.command == "interpreter":
        interpreter_command(arguments)
    else:
        import_comfy()
        kernels_command(arguments.repeat) if arguments.command == "kernels" else overhead_command(arguments.repeat)


def import_comfy() -> None:
    """Puts ComfyUI on the path, on the CPU where there is no GPU."""
    import torch

    sys.path.insert(0, str(ensure_comfyui()))
    sys.argv = sys.argv[:1]
    import comfy.cli_args

    comfy.cli_args.args.cpu = not torch.cuda.is_available()


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

        seconds = timed(lambda q=q, k=k, v=v, heads=heads: attention_pytorch(q, k, v, heads), repeat, cuda)
        line("comfy (SDPA)", f"{seconds * 1e3:.2f}", "0")
        for kernel_name in KERNEL_NAMES:
            obstacles = {row: machine_obstacle(row, found) or call_obstacle(row, call) for row in rows(kernel_name)}
            row = next((row for row, obstacle in obstacles.items() if obstacle is None), None)
            if row is None:
                line(kernel_name, "not run", "")
                continue
            run = lambda row=row, call=call, q=q, k=k, v=v: launch(row, load(row), call, q, k, v)  # noqa: E731
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


def overhead_command(repeat: int) -> None:
    """Compares steps of the tiny model with and without the patches, in processor time of this process."""
    import torch

    torch.set_num_threads(1)
    from audio_loop.attention.nag import apply_nag
    from audio_loop.attention.override import AttentionDispatcher, apply_sage_attention
    from audio_loop.attention.routing import Capabilities
    from audio_loop.attention.tracing import stamp_iteration

    steps = 2  # short runs, so that some of many fit between two interruptions
    with tempfile.TemporaryDirectory() as folder:
        plain, sample = tiny_sampler(steps)
        negative = [[torch.zeros(1, 32, 96), {}]]
        off = stamp_iteration(apply_nag(apply_sage_attention(plain, capabilities=Capabilities()), negative, 0.0), 1)
        dispatched = plain.clone()
        dispatched.model_options["transformer_options"]["optimized_attention_override"] = AttentionDispatcher(
            "auto_mask_aware", Capabilities()
        )
        variants = {
            "no patches": plain,
            "no patches, again (the noise)": plain.clone(),
            "everything off": off,
            "dispatcher on, all calls to ComfyUI": dispatched,
            "tracing on": stamp_iteration(plain, 1, Path(folder)),
        }
        for model in variants.values():
            sample(model)
        costs: dict[str, list[float]] = {name: [] for name in variants}
        names = list(variants)
        for turn in range(repeat):
            # Each variant takes each place in the round equally often, so that a drift hits all alike.
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                started = time.process_time()
                sample(variants[name])
                costs[name].append((time.process_time() - started) / steps)
    # The minimum is what the code itself costs; everything above it is somebody else's use of the machine.
    base = min(costs["no patches"])
    print(f"tiny LTX 2.3, {steps} steps, best of {repeat} rounds, one thread, processor time of a step")
    print(f"| {'variant':<36} | {'ms':>8} | {'against no patches':>18} |")
    print(f"|{'-' * 38}|{'-' * 10}|{'-' * 20}|")
    for name, values in costs.items():
        best = min(values)
        print(f"| {name:<36} | {best * 1e3:8.3f} | {(best / base - 1) * 100:16.2f} % |")
    single_call(AttentionDispatcher("auto_mask_aware", Capabilities()))


def single_call(dispatcher: Any) -> None:
    """What one attention call costs on top of the attention itself, by calling one that does nothing."""
    import torch

    from audio_loop.attention import option_keys
    from audio_loop.attention.launch import call_shape
    from audio_loop.attention.tracing import AttentionTrace, TracedAttention

    q = torch.zeros(1, 64, 64)
    trace = AttentionTrace(Path(tempfile.gettempdir()))
    calls = {
        "dispatcher": (dispatcher, {}),
        "dispatcher, tracing": (dispatcher, {option_keys.TRACE: trace}),
        "tracing alone": (TracedAttention(None), {option_keys.TRACE: trace}),
    }

    def nothing(q: Any, k: Any, v: Any, heads: int, **kwargs: Any) -> Any:  # noqa: ARG001  the signature of attention
        return q

    for name, (call, options) in calls.items():
        best = float("inf")
        for _ in range(30):
            started = time.process_time()
            for _ in range(200):
                call(nothing, q, q, q, 1, mask=None, transformer_options=options)
            best = min(best, (time.process_time() - started) / 200)
            trace.discard()
        print(f"one call, {name}: {best * 1e6:.1f} microseconds")
    with tempfile.TemporaryDirectory() as folder:
        shape = call_shape(q, q, 1, mask=None, skip_reshape=False)
        best = float("inf")
        for _ in range(30):
            trace = AttentionTrace(Path(folder))
            for _ in range(200):
                trace.finish(trace.start(q), shape, None, "comfy", "auto", {})
            started = time.process_time()
            trace.flush()
            best = min(best, (time.process_time() - started) / 200)
    print(f"one line of the trace, written after sampling: {best * 1e6:.1f} microseconds")
    print("a step of the tiny model makes 12 calls; of LTX 2.3, 288")


def tiny_sampler(steps: int) -> tuple[Any, Callable[[Any], Any]]:
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
    sigmas = torch.linspace(1.0, 0.0, steps + 1)

    def sample(patched: Any) -> Any:
        guider = comfy.samplers.CFGGuider(patched)
        guider.set_conds(positive, [])
        guider.set_cfg(1.0)
        nested = comfy.nested_tensor.NestedTensor
        sampler = comfy.samplers.ksampler("euler")
        return guider.sample(nested(noise), nested(latents), sampler, sigmas, disable_pbar=True)

    return model, sample


def interpreter_command(arguments: argparse.Namespace) -> None:
    """Runs the cases in a process of its own, where Triton interprets its kernels on the CPU."""
    packages = interpreter_packages()
    if os.environ.get("TRITON_INTERPRET") != "1":
        environment = {**os.environ, "TRITON_INTERPRET": "1", "PYTHONPATH": str(packages)}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode)
    cases = list(interpreter_cases(arguments.sage_source))
    if arguments.json:
        for case in cases:
            print(json.dumps(case))
        return
    print(f"| {'kernel':<28} | {'dtype':<8} | {'width':>5} | {'q x kv':<9} | {'mask':<8} | {'error':>7} | {'limit':>5} |")
    print("|------------------------------|----------|-------|-----------|----------|---------|-------|")
    for case in cases:
        lengths = f"{case['q']} x {case['kv']}"
        print(
            f"| {case['kernel']:<28} | {case['dtype']:<8} | {case['head_dim']:>5} | {lengths:<9} | {case['mask']:<8} "
            f"| {case['error']:7.4f} | {case['tolerance']:>5} |"
        )
    if arguments.sage_source is None:
        print("sage_fp16_triton of release 2 not run: its source is not on the package index; give --sage-source")
    print("sage_fp16_cuda, sage_fp8_cuda, sage_fp8_cuda++, sage3_blackwell not run: CUDA code, no interpreter")


def interpreter_packages() -> Path:
    """A folder with SageAttention 1.0.6 and the NumPy it needs here, beside the environments; installed once."""
    folder = cache_root() / "interpreter" / SAGE_RELEASE.replace("==", "-")
    if not (folder / "complete").is_file():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--upgrade", "--target", str(folder), SAGE_RELEASE, INTERPRETER_NUMPY]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        (folder / "complete").touch()
    return folder


def interpreter_cases(sage_source: Path | None) -> Iterator[dict[str, Any]]:
    """Relative errors of SageAttention's Triton kernels, launched as in a render, against exact attention."""
    import torch

    from audio_loop.attention.kernels import INSTALL_V1, TABLE
    from audio_loop.attention.launch import call_shape, launch
    from audio_loop.attention.routing import call_obstacle

    kernels = [row for row in TABLE if row.name == "sage_fp16_triton"]
    functions = {kernels[0]: ("sage_fp16_triton 1.0.6", release_1())}
    if sage_source is not None:
        functions[kernels[1]] = ("sage_fp16_triton 2", release_2(sage_source))
    heads = 2
    for row, (label, function) in functions.items():
        kinds = ("none",) if row.install == INSTALL_V1 else ("none", "bool", "additive", "keys")
        for width in (64, 128):
            for dtype in (torch.float32, torch.bfloat16):
                for q_len, kv_len in ((192, 192), (130, 64), (64, 256), (100, 77)):
                    for kind in kinds:
                        generator = torch.Generator().manual_seed(q_len + kv_len)
                        q, k, v = (
                            torch.randn(1, n, heads * width, generator=generator).to(dtype) for n in (q_len, kv_len, kv_len)
                        )
                        mask = interpreter_mask(kind, q_len, kv_len, generator)
                        call = call_shape(q, k, heads, mask=mask, skip_reshape=False)
                        # The interpreter stands in for the GPU, and takes float32 where the release itself refuses it.
                        if call_obstacle(row, call) not in (None, "not on CUDA", "dtype float32"):
                            continue
                        if call.kv_len % row.kv_multiple:
                            continue
                        out = launch(row, function, call, q, k, v, mask=mask)
                        exact = exact_attention(q, k, v, heads, mask)
                        yield {
                            "kernel": label,
                            "dtype": call.dtype,
                            "head_dim": width,
                            "q": q_len,
                            "kv": kv_len,
                            "mask": kind,
                            "error": ((out.float() - exact).norm() / exact.norm()).item(),
                            "tolerance": row.tolerance,
                        }


def interpreter_mask(kind: str, q_len: int, kv_len: int, generator: Any) -> Any:
    """A mask of the named kind, as ComfyUI's models make them."""
    import torch

    if kind == "none":
        return None
    if kind == "bool":
        return torch.rand(1, 1, q_len, kv_len, generator=generator) > 0.3
    if kind == "additive":
        return torch.randn(1, 1, q_len, kv_len, generator=generator)
    keys = torch.zeros(1, 1, 1, kv_len)
    keys[..., -10:] = torch.finfo(torch.float32).min
    return keys


def exact_attention(q: Any, k: Any, v: Any, heads: int, mask: Any) -> Any:
    """Attention in float32, (1, tokens, heads * width)."""
    import torch

    q, k, v = (t.float().unflatten(-1, (heads, -1)).transpose(1, 2) for t in (q, k, v))
    out = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return out.transpose(1, 2).flatten(2)


def release_1() -> Callable[..., Any]:
    """`sageattention.sageattn` of 1.0.6 from its own two kernels; the function itself insists on a CUDA device."""
    from sageattention.attn_qk_int8_per_block import forward
    from sageattention.quant_per_block import per_block_int8

    def attend(q: Any, k: Any, v: Any, *, tensor_layout: str, is_causal: bool) -> Any:
        assert not is_causal
        k -= k.mean(dim=1 if tensor_layout == "NHD" else 2, keepdim=True)
        quantised = per_block_int8(q, k, tensor_layout=tensor_layout)
        q_int8, q_scale, k_int8, k_scale = quantised
        out_dtype = q.dtype
        return forward(q_int8, k_int8, v.half(), q_scale, k_scale, tensor_layout=tensor_layout, output_dtype=out_dtype)

    return attend


def release_2(source: Path) -> Callable[..., Any]:
    """`sageattn_qk_int8_pv_fp16_triton` from its own two kernels; the package itself needs its CUDA extensions."""
    quantise = module_at(source / "sageattention" / "triton" / "quant_per_block.py").per_block_int8
    forward = module_at(source / "sageattention" / "triton" / "attn_qk_int8_per_block.py").forward

    def attend(q: Any, k: Any, v: Any, *, tensor_layout: str, is_causal: bool, attn_mask: Any = None) -> Any:
        assert not is_causal
        mean = k.mean(dim=1 if tensor_layout == "NHD" else 2, keepdim=True)
        q_int8, q_scale, k_int8, k_scale = quantise(q, k, km=mean, tensor_layout=tensor_layout)
        arguments = {"tensor_layout": tensor_layout, "output_dtype": q.dtype, "attn_mask": attn_mask}
        return forward(q_int8, k_int8, v.half(), q_scale, k_scale, **arguments)[0]

    return attend


def module_at(path: Path) -> ModuleType:
    """Imports one file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise SystemExit(f"{path} is not there; --sage-source must name a checkout of thu-ml/SageAttention")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
