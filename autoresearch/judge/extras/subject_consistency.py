"""Likeness of the subject to the picture that the video began with, by DINOv3 (Siméoni et al. 2025, arXiv 2508.10104).

`mean_to_anchor` is the mean cosine between the embedding of the picture and those of frames, one a second: the anchor form of
VBench's subject consistency (Huang et al. 2024). 1 is the same picture. The weights are gated: accept their licence and fetch
them with `hf download facebook/dinov3-vits16-pretrain-lvd1689m`, or let DINOV3_MODEL name their folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..exhibit import Exhibit
from ..frames import frames_of
from ..weights import hub_model, lacking, unavailable

STATUS = "subject_consistency_status"
METRICS = ("mean_to_anchor", "min_to_anchor")
MODEL, VARIABLE = "facebook/dinov3-vits16-pretrain-lvd1689m", "DINOV3_MODEL"
FRAMES_PER_SECOND, MOST_FRAMES, BATCH = 1.0, 240, 16


def measure(exhibit: Exhibit) -> Mapping[str, Any]:
    """Cosines of frames to the picture: mean and smallest."""
    missing = lacking("torch", "transformers", "PIL")
    folder = hub_model(VARIABLE, MODEL)
    if missing or folder is None:
        why = f"not installed: {', '.join(missing)}" if missing else f"no {MODEL} here ({VARIABLE} may name its folder)"
        return unavailable(STATUS, why, *METRICS)
    if exhibit.image is None:
        return {**dict.fromkeys(METRICS), STATUS: "not_measured: the picture that the video began with is not known"}
    import torch
    from PIL import Image
    from transformers import AutoImageProcessor, AutoModel

    processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    with Image.open(exhibit.image) as image:
        anchor = image.convert("RGB")
    pictures = [anchor, *map(Image.fromarray, frames_of(exhibit.video, FRAMES_PER_SECOND, MOST_FRAMES))]
    embeddings = []
    with torch.inference_mode():
        for start in range(0, len(pictures), BATCH):
            inputs = processor(images=pictures[start : start + BATCH], return_tensors="pt")
            embeddings.append(model(**inputs).pooler_output)
    unit = torch.nn.functional.normalize(torch.cat(embeddings).float(), dim=-1)
    cosines = unit[1:] @ unit[0]
    return {"mean_to_anchor": float(cosines.mean()), "min_to_anchor": float(cosines.min()), STATUS: "ok"}
