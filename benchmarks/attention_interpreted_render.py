"""A render of the tiny LTX 2.3 whose attention is SageAttention's own Triton kernel, interpreted on the CPU.

    python benchmarks/attention_interpreted_render.py [--sage-source FOLDER] [--json]

The dispatcher routes as on an sm86 GPU and launches what `attention_interpreter.py` runs alone. Heads are 64 wide, as the
kernels want them, and queries and keys 64 or 128 tokens. Printed are the kernels by number of calls, and the relative
difference of what one step computes from the same with ComfyUI's attention.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import _setup
import attention_interpreter

SM86 = 86
WIDE = {"attention_head_dim": 64, "audio_attention_head_dim": 64, "cross_attention_dim": 128, "audio_cross_attention_dim": 128}
CONNECTORS = {"connector_attention_head_dim": 64, "audio_connector_attention_head_dim": 64}


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sage-source", type=Path, help="a checkout of thu-ml/SageAttention, for release 2's kernel")
    parser.add_argument("--json", action="store_true", help="one JSON line per case instead of sentences")
    arguments = parser.parse_args()
    _setup.enter_environment()
    attention_interpreter.enter_interpreter()
    _setup.import_comfy()
    from attention_step import random_model

    model, _ = random_model(2, {**WIDE, **CONNECTORS})
    releases = {"1.0.6": attention_interpreter.release_1()}
    if arguments.sage_source is not None:
        releases["2.2.0"] = attention_interpreter.release_2(arguments.sage_source)
    mask_effect = difference(one_step(model, True), one_step(model, False))
    for release, function in releases.items():
        for masked in (False, True):
            error, calls = compare(model, release, function, masked)
            case = {"release": release, "masked": masked, "error": error, "calls": dict(calls), "mask_effect": mask_effect}
            text = f"release {release}, prompt {'masked' if masked else 'not masked'}: {dict(calls)}, difference {error:.4f}"
            print(json.dumps(case) if arguments.json else text)
    if not arguments.json:
        print(f"for comparison: what the mask changes is {mask_effect:.4f}")


def compare(model: Any, release: str, function: Callable[..., Any], masked: bool) -> tuple[float, Counter[str]]:
    """Relative difference (norm over norm) from a render with ComfyUI's attention, and the calls by kernel and reason."""
    from audio_loop.attention import capabilities, option_keys, override, routing

    calls: Counter[str] = Counter()
    names = frozenset({"sageattention.sageattn" if release == "1.0.6" else "sageattention.sageattn_qk_int8_pv_fp16_triton"})
    found = routing.Capabilities(SM86, (12, 8), {"sageattention": release}, names, names if release != "1.0.6" else frozenset())

    class OnGpu(override.AttentionDispatcher):
        """Takes the CPU for a GPU, and float32 for half precision, which the kernels insist on."""

        def decide(self, call: routing.CallShape) -> routing.Decision:
            decision = super().decide(replace(call, on_cuda=True, dtype="bfloat16"))
            calls[f"{decision.kernel.name}, {decision.reason}"] += 1
            return decision

    patched = model.clone()
    dispatcher = OnGpu("auto_mask_aware", found, fallback_on_error=False)
    patched.model_options["transformer_options"][option_keys.OVERRIDE] = dispatcher
    with mock.patch.object(capabilities, "load", return_value=function):
        got = one_step(patched, masked)
    return difference(got, one_step(model, masked)), calls


def difference(got: Sequence[Any], expected: Sequence[Any]) -> float:
    """Norm of the difference over the norm of what was expected, both streams together."""
    squares = [((a - b).square().sum(), b.square().sum()) for a, b in zip(got, expected, strict=True)]
    return math.sqrt(sum(a for a, _ in squares) / sum(b for _, b in squares))


def one_step(model: Any, masked: bool) -> tuple[Any, ...]:
    """The difference that one step makes to noise, which the model computes: 64 video tokens, 64 audio latents, 128 of text."""
    import comfy.nested_tensor
    import comfy.samplers
    import torch

    generator = torch.Generator().manual_seed(0)
    shapes = ((1, 128, 4, 4, 4), (1, 8, 64, 16))
    extra: dict[str, Any] = {}
    if masked:
        mask = torch.ones(1, 128, dtype=torch.long)
        mask[:, 100:] = 0
        extra["attention_mask"] = mask
    guider = comfy.samplers.CFGGuider(model)
    guider.set_conds([[torch.randn(1, 128, 256, generator=generator), extra]], [])
    guider.set_cfg(1.0)
    nested = comfy.nested_tensor.NestedTensor
    noise = [torch.randn(shape, generator=generator) for shape in shapes]
    empty = nested([torch.zeros(shape) for shape in shapes])
    sampler = comfy.samplers.ksampler("euler")
    made = guider.sample(nested(noise), empty, sampler, torch.tensor([1.0, 0.0]), disable_pbar=True).unbind()
    return tuple(before - after for before, after in zip(noise, made, strict=True))


if __name__ == "__main__":
    main()
