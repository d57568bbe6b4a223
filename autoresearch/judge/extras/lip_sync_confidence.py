"""Confidence that mouth and sound belong together, by SyncNet (Chung and Zisserman 2016), package `syncnet-python`.

`syncnet_confidence` is the largest among the faces' tracks; `syncnet_offset_frames` is that track's offset at 25 frames a
second. SYNCNET_WEIGHTS and S3FD_WEIGHTS name the files of weights (syncnet_v2.model, sfd_face.pth); the package
calls the program ffmpeg.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import Any

from ....watching.model_here import lacking
from ..exhibit import Exhibit
from ..weights import file_named_by, unavailable

STATUS = "syncnet_status"
METRICS = ("syncnet_confidence", "syncnet_offset_frames")


def measure(exhibit: Exhibit) -> Mapping[str, Any]:
    """Confidence and offset of the face whose mouth fits best."""
    missing = lacking("syncnet_python", "torch")
    weights = {name: file_named_by(name) for name in ("SYNCNET_WEIGHTS", "S3FD_WEIGHTS")}
    absent = [name for name, path in weights.items() if path is None]
    if missing or absent:
        why = f"not installed: {', '.join(missing)}" if missing else f"{' and '.join(absent)} name no file"
        return unavailable(STATUS, why, *METRICS)
    import torch
    from syncnet_python import SyncNetPipeline

    settings = {"syncnet_weights": str(weights["SYNCNET_WEIGHTS"]), "s3fd_weights": str(weights["S3FD_WEIGHTS"])}
    pipeline = SyncNetPipeline(settings, device="cuda" if torch.cuda.is_available() else "cpu")
    with tempfile.TemporaryDirectory(prefix="audio-loop-syncnet-") as scratch:
        offsets, confidences, _, _, _, _, has_face = pipeline.inference(str(exhibit.video), cache_dir=scratch)
    if not has_face or not confidences:
        return {**dict.fromkeys(METRICS), STATUS: "not_measured: no face was followed long enough"}
    best = max(range(len(confidences)), key=lambda index: float(confidences[index]))
    return {"syncnet_confidence": float(confidences[best]), "syncnet_offset_frames": int(offsets[best]), STATUS: "ok"}
