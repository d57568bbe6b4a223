"""How often ComfyUI works a LoRA into weights that stay on the card, and into weights that are streamed to it.

    python benchmarks/lora_on_streamed_weights.py [--steps 8]

The tiny LTX 2.3 with int8 weights and its LoRA, laid out by ComfyUI's `ModelPatcher.load` as on a card that holds the
model and as on one that holds none of it. A step is one call of every layer of the transformer's blocks. Counted are
calls of `comfy.lora.calculate_weight`, and layers that multiply with the quantised weight. Counts do not depend on the
machine; the other way to stream, dynamic VRAM, needs a GPU.
"""

from __future__ import annotations

import argparse
import json
import math
from typing import Any

import _setup

ROOM = {"stays on the card": math.inf, "streamed": 1.0}
"""Bytes of the model that the card may hold."""


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=8)
    arguments = parser.parse_args()
    _setup.enter_environment()
    _setup.import_comfy()
    print("| weights | LoRA | worked in at loading | in each step | layers of a step | with the quantised weight |")
    print("|---|---|---|---|---|---|")
    for where, room in ROOM.items():
        for with_lora in (True, False):
            at_loading, in_steps, layers, quantised = counted(with_lora, room, arguments.steps)
            print(f"| {where} | {'yes' if with_lora else 'no'} | {at_loading} | {in_steps} | {layers} | {quantised} |")


def counted(with_lora: bool, room: float, steps: int) -> tuple[int, float, int, int]:
    """LoRAs worked in while loading and in a step, layers of a step, and those that multiply with the quantised weight."""
    import comfy.lora
    import torch

    model = tiny_model(with_lora)
    calls: list[str] = []
    original = comfy.lora.calculate_weight

    def noting(patches: Any, weight: Any, key: str, *rest: Any, **named: Any) -> Any:
        calls.append(key)
        return original(patches, weight, key, *rest, **named)

    comfy.lora.calculate_weight = noting
    try:
        model.patch_model(model.load_device, lowvram_model_memory=room if room < math.inf else 0)
        at_loading = len(calls)
        blocks = model.model.diffusion_model.transformer_blocks
        layers = [module for module in blocks.modules() if getattr(module, "quant_format", None)]
        with torch.no_grad():
            for _ in range(steps):
                for layer in layers:
                    layer(torch.ones(1, layer.in_features))
        # The condition of comfy.ops.mixed_precision_ops.
        quantised = [layer for layer in layers if not layer.weight_function and not layer.comfy_force_cast_weights]
    finally:
        comfy.lora.calculate_weight = original
    return at_loading, (len(calls) - at_loading) / steps, len(layers), len(quantised)


def tiny_model(with_lora: bool) -> Any:
    """A ModelPatcher of the tiny LTX with int8 weights, without dynamic VRAM; with its LoRA at strength 0.5 or without."""
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_formats import FORMATS, in_format
    from audio_loop.demo.tiny_lora import lora_state_dict
    from audio_loop.demo.tiny_ltx import checkpoint_state_dict, transformer_shapes

    shapes = transformer_shapes()
    form = next(form for form in FORMATS if form.name == "int8_tensorwise")
    state, _ = in_format(checkpoint_state_dict(shapes), form)
    metadata = {"config": json.dumps(tiny_architecture.CHECKPOINT)}
    model = comfy.sd.load_diffusion_model_state_dict(state, metadata=metadata, disable_dynamic=True)
    if with_lora:
        model, _ = comfy.sd.load_lora_for_models(model, None, lora_state_dict(shapes), 0.5, 0)
    return model


if __name__ == "__main__":
    main()
