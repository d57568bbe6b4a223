"""Likeness of pictures to the first of them by DINOv3 (Siméoni et al. 2025, arXiv 2508.10104), if its weights are here.

It is the measure behind VBench's subject consistency (Huang et al. 2024): the cosine of two embeddings, 1 for the same picture.
The weights are gated: accept their licence and fetch them with `hf download facebook/dinov3-vits16-pretrain-lvd1689m`, or let
DINOV3_MODEL name their folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model_here import hub_model, lacking

MODEL, VARIABLE = "facebook/dinov3-vits16-pretrain-lvd1689m", "DINOV3_MODEL"
_BATCH = 16


def embedding_model() -> Path | str:
    """The model's folder, or why there is none."""
    missing = lacking("torch", "transformers", "PIL")
    if missing:
        return f"not installed: {', '.join(missing)}"
    return hub_model(VARIABLE, MODEL) or f"no {MODEL} here ({VARIABLE} may name its folder)"


def likeness_to_first(pictures: Sequence[NDArray[np.uint8]], folder: Path) -> NDArray[np.float64] | str:
    """(N - 1,) cosine of each picture but the first to the first, or why the model does not load.

    Args:
        pictures: N of them, (h, w, 3) RGB, of any sizes.
        folder: From `embedding_model`.
    """
    import torch
    from PIL import Image
    from transformers import AutoImageProcessor, AutoModel

    processor_of: Any = AutoImageProcessor
    try:
        processor = processor_of.from_pretrained(folder, local_files_only=True)
        model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:  # damaged, or newer than the library
        return f"{folder} cannot be loaded: {error}"
    images = [Image.fromarray(picture) for picture in pictures]
    embeddings = []
    with torch.inference_mode():
        for start in range(0, len(images), _BATCH):
            inputs = processor(images=images[start : start + _BATCH], return_tensors="pt")
            embeddings.append(model(**inputs).pooler_output)
    unit = torch.nn.functional.normalize(torch.cat(embeddings).float(), dim=-1)
    cosines: NDArray[np.float64] = (unit[1:] @ unit[0]).double().numpy()
    return cosines
