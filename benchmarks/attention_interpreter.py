"""SageAttention's own Triton kernels on the CPU, in Triton's interpreter: their results, not their speed.

    python benchmarks/attention_interpreter.py                         release 1.0.6, from the package index
    python benchmarks/attention_interpreter.py --sage-source FOLDER    and release 2, from a checkout

Release 2 is not on the package index: git clone --branch v2.2.0 https://github.com/thu-ml/SageAttention FOLDER
Each case is launched as in a render and compared with exact attention; of a guide's call, parts without a mask are merged.
What cannot run is printed as "not run".
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import _setup

from audio_loop.comfy_host.environment import cache_root

SAGE_RELEASE = "sageattention==1.0.6"
# Triton 3.5's interpreter turns one-element arrays into integers, which NumPy 2.4 refuses.
INTERPRETER_NUMPY = "numpy<2.4"


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sage-source", type=Path, help="a checkout of thu-ml/SageAttention, for release 2's kernel")
    parser.add_argument("--json", action="store_true", help="one JSON line per case instead of a table")
    arguments = parser.parse_args()
    _setup.enter_environment()
    interpreter_command(arguments)


def interpreter_command(arguments: argparse.Namespace) -> None:
    """Runs the cases and prints them."""
    enter_interpreter()
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


def enter_interpreter() -> None:
    """Goes on in a process of its own, where Triton interprets its kernels on the CPU; returns once it is that process."""
    packages = interpreter_packages()
    if os.environ.get("TRITON_INTERPRET") != "1":
        environment = {**os.environ, "TRITON_INTERPRET": "1", "PYTHONPATH": str(packages)}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode)


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
    from audio_loop.attention.key_groups import key_groups
    from audio_loop.attention.launch import call_shape, launch
    from audio_loop.attention.log_sum_exp import attend_merged
    from audio_loop.attention.routing import call_obstacle

    kernels = [row for row in TABLE if row.name == "sage_fp16_triton"]
    functions = {kernels[0]: ("sage_fp16_triton 1.0.6", release_1())}
    if sage_source is not None:
        functions[kernels[1]] = ("sage_fp16_triton 2", release_2(sage_source))
    heads = 2
    for row, (label, function) in functions.items():
        kinds = ("none",) if row.install == INSTALL_V1 else ("none", "bool", "additive", "keys", "guide")
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
                        if kind == "guide":
                            out = attend_merged(row, function, call, q, k, v, key_groups(mask) or ())
                        else:
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
    keys[..., -10:] = torch.finfo(torch.float32).min if kind == "keys" else math.log(0.7)
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

    def attend(
        q: Any,
        k: Any,
        v: Any,
        *,
        tensor_layout: str,
        is_causal: bool,
        attn_mask: Any = None,
        sm_scale: float | None = None,
        smooth_k: bool = True,
        return_lse: bool = False,
    ) -> Any:
        assert not is_causal
        assert sm_scale is None
        mean = k.mean(dim=1 if tensor_layout == "NHD" else 2, keepdim=True) if smooth_k else None
        q_int8, q_scale, k_int8, k_scale = quantise(q, k, km=mean, tensor_layout=tensor_layout)
        arguments = {"tensor_layout": tensor_layout, "output_dtype": q.dtype, "attn_mask": attn_mask}
        out, lse = forward(q_int8, k_int8, v.half(), q_scale, k_scale, **arguments, return_lse=return_lse)
        assert not (smooth_k and return_lse)
        return (out, lse / math.log2(math.e)) if return_lse else out

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
