"""ComfyUI's own node that enlarges an LTX latent in space."""

from __future__ import annotations

import inspect
from typing import Any

from .contact import Contact
from .node_classes import node_classes

NODE = "LTXVLatentUpsampler"
UPSAMPLER = Contact(f"node {NODE}", "a draft cannot be enlarged; look for an update of Audio Loop")


def why_no_upsampler(upscale_model: Any, vae: Any) -> str:
    """Why these two cannot enlarge an LTX latent; "" if they can."""
    network = getattr(upscale_model, "model", None)
    if not hasattr(network, "spatial_upsample"):
        return (
            f"upscale_model holds {type(network).__name__}, which does not enlarge latents of LTX; load "
            "ltx-2.3-spatial-upscaler-x2 with Load Latent Upscale Model"
        )
    if not hasattr(getattr(vae, "first_stage_model", None), "per_channel_statistics"):
        return "vae is not LTX's video VAE; connect the one of the checkpoint that made the draft"
    return ""


def upsampled(latent: dict[str, Any], upscale_model: Any, vae: Any) -> dict[str, Any]:
    """The node's answer to a video latent (B, C, T, H, W): (B, C, T, 2H, 2W) with today's models.

    Raises:
        ComfyUIChangedError: There is no such node, or it takes other inputs.
    """
    try:
        node: Any = node_classes()[NODE]
        run = node.execute
        inspect.signature(run).bind(samples=latent, upscale_model=upscale_model, vae=vae)
        if getattr(run, "__isabstractmethod__", False):  # that of all nodes, which does nothing
            raise AttributeError(f"{NODE} has no execute")
    except (LookupError, AttributeError, TypeError) as error:
        raise UPSAMPLER.refusal(error) from error
    return run(samples=latent, upscale_model=upscale_model, vae=vae).args[0]
