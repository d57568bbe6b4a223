"""Likeness of the subject to the picture that the video began with, by DINOv3.

`mean_to_anchor` is the mean cosine between the embedding of the picture and those of frames, one a second: the anchor form of
VBench's subject consistency (Huang et al. 2024). 1 is the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....watching.subject_embedding import embedding_model, likeness_to_first
from ..exhibit import Exhibit
from ..frames import frames_of
from ..weights import unavailable

STATUS = "subject_consistency_status"
METRICS = ("mean_to_anchor", "min_to_anchor")
FRAMES_PER_SECOND, MOST_FRAMES = 1.0, 240


def measure(exhibit: Exhibit) -> Mapping[str, Any]:
    """Cosines of frames to the picture: mean and smallest."""
    folder = embedding_model()
    if isinstance(folder, str):
        return unavailable(STATUS, folder, *METRICS)
    if exhibit.image is None:
        return {**dict.fromkeys(METRICS), STATUS: "not_measured: the picture that the video began with is not known"}
    import numpy as np
    from PIL import Image

    with Image.open(exhibit.image) as image:
        anchor = np.asarray(image.convert("RGB"))
    cosines = likeness_to_first([anchor, *frames_of(exhibit.video, FRAMES_PER_SECOND, MOST_FRAMES)], folder)
    if isinstance(cosines, str):
        return unavailable(STATUS, cosines, *METRICS)
    return {"mean_to_anchor": float(cosines.mean()), "min_to_anchor": float(cosines.min()), STATUS: "ok"}
