"""Model files of LTX 2.3 as ComfyUI's own template names them, with their links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

CHECKPOINT = "ltx-2.3-22b-dev-fp8.safetensors"
DISTILLED_LORA = "ltx_2.3_22b_distilled_1.1_lora_dynamic_fro09_avg_rank_111_bf16.safetensors"
TEXT_ENCODER = "gemma_3_12B_it_fp4_mixed.safetensors"
SPATIAL_UPSCALER = "ltx-2.3-spatial-upscaler-x2-1.1.safetensors"

_HUB = "https://huggingface.co"

# Sizes as published, in billions of bytes; the frontend ignores what its schema does not name.
FILES: dict[str, dict[str, Any]] = {
    CHECKPOINT: {
        "name": CHECKPOINT,
        "url": f"{_HUB}/Lightricks/LTX-2.3-fp8/resolve/main/{CHECKPOINT}",
        "directory": "checkpoints",
        "size_gb": 29.1,
    },
    DISTILLED_LORA: {
        "name": DISTILLED_LORA,
        "url": f"{_HUB}/Comfy-Org/ltx-2.3/resolve/main/split_files/loras/{DISTILLED_LORA}",
        "directory": "loras",
        "size_gb": 2.7,
    },
    TEXT_ENCODER: {
        "name": TEXT_ENCODER,
        "url": f"{_HUB}/Comfy-Org/ltx-2/resolve/main/split_files/text_encoders/{TEXT_ENCODER}",
        "directory": "text_encoders",
        "size_gb": 9.4,
    },
    SPATIAL_UPSCALER: {
        "name": SPATIAL_UPSCALER,
        "url": f"{_HUB}/Lightricks/LTX-2.3/resolve/main/{SPATIAL_UPSCALER}",
        "directory": "latent_upscale_models",
        "size_gb": 1.0,
    },
}

DISTILLED_CHECKPOINT = "ltx-2.3-22b-distilled-fp8.safetensors"
_DISTILLED_URL = f"{_HUB}/Lightricks/LTX-2.3-fp8/resolve/main/{DISTILLED_CHECKPOINT}"

# The 8 steps that the distilled model was trained on; any other curve is an approximation of them.
DISTILLED_SIGMAS = "1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0"
# Of the second stage in ComfyUI's own template, at twice the size.
REFINING_SIGMAS = "0.85, 0.7250, 0.4219, 0.0"

OF_ONE_STAGE = (CHECKPOINT, DISTILLED_LORA, TEXT_ENCODER)
OF_TWO_STAGES = (*OF_ONE_STAGE, SPATIAL_UPSCALER)


def download_note(names: Sequence[str] = OF_ONE_STAGE) -> str:
    """Where each file comes from and goes to, in Markdown."""
    files = [FILES[name] for name in names]
    rows = [f"- [{f['name']}]({f['url']}), {f['size_gb']} GB → `models/{f['directory']}/`" for f in files]
    count, total = {3: "Three", 4: "Four"}[len(files)], sum(f["size_gb"] for f in files)
    head = ["## Models", "", f"{count} files, {total:.0f} GB. Download them into ComfyUI's folders:", "", *rows]
    return "\n".join([*head, "", STREAMED])


STREAMED = f"""**A card with less than 32 GB** gets a part of these weights anew in every step, and works the LoRA into them
each time. The distilled checkpoint needs no LoRA:

1. [{DISTILLED_CHECKPOINT}]({_DISTILLED_URL}), 29.5 GB → `models/checkpoints/`
2. In front, choose it at *Checkpoint* and set *Distilled LoRA strength* to 0.

It is version 1.0, wholly distilled; the LoRA here is 1.1 at half strength: the look differs. Version 1.1 in fp8 and int8,
nvfp4 and GGUF need other loaders: `docs/models.md` of this pack says which file is for which card."""
