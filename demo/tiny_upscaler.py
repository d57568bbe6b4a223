"""A tiny spatial latent upscaler in the form of `ltx-2.3-spatial-upscaler-x2`: one block a stage, few channels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .tiny_architecture import VIDEO_LATENT_CHANNELS
from .tiny_files import shapes_of, write_weights
from .tiny_names import UPSCALER_NAME
from .tiny_weights import tiny_state_dict

# The published file has 1024 channels and 4 blocks a stage. Its group normalisation has 32 groups, so 32 is the fewest.
CONFIG: dict[str, Any] = {
    "_class_name": "LatentUpsampler",
    "in_channels": VIDEO_LATENT_CHANNELS,
    "mid_channels": 32,
    "num_blocks_per_stage": 1,
    "dims": 3,
    "spatial_upsample": True,
    "temporal_upsample": False,
    "spatial_scale": 2.0,
    "rational_resampler": False,
}


def write_tiny_upscaler(models: Path) -> Path:
    """Writes the file under `models`; the same bytes every time.

    Args:
        models: A ComfyUI models folder; `latent_upscale_models/` is made in it.
    """
    import comfy.ops
    from comfy.ldm.lightricks.latent_upsampler import LatentUpsampler

    shapes = shapes_of(LatentUpsampler.from_config(CONFIG, comfy.ops.disable_weight_init))
    return write_weights(models / "latent_upscale_models" / UPSCALER_NAME, tiny_state_dict(shapes), CONFIG)
