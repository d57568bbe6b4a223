"""ComfyUI's knowledge of LTX's latents: where their tokens lie, their colours, and the class of sound and picture in one."""

from __future__ import annotations

from typing import Any

import torch

from .contact import Contact

TOKEN_POSITIONS = Contact("positions of LTX's tokens", "a picture cannot guide a window; look for an update of Audio Loop")
COLOURS = Contact("colours of LTX's latents", "previews of finished windows are grey; wire preview_vae for real ones")
NESTED = Contact("latents of sound and picture in one", "windows cannot be kept; switch 'enabled' off, which keeps nothing")


def token_positions(shape: tuple[int, ...], scale: tuple[int, int, int], device: Any, *, causal_fix: bool) -> torch.Tensor:
    """Places (B, 3, tokens, 2) of a latent's tokens, [start, end) in pixels of time, height and width, as the sampler has them.

    Args:
        shape: (B, C, T, H, W); tokens are T * H * W, the last axis fastest.
        scale: Pixels per latent in time, height and width.
        device: Where they are to be.
        causal_fix: Whether the first latent stands for one pixel frame.

    Raises:
        ComfyUIChangedError: The sampler's own functions are not found; others would place them elsewhere.
    """
    batch, _, frames, height, width = shape
    try:
        from comfy.ldm.lightricks.symmetric_patchifier import SymmetricPatchifier, latent_to_pixel_coords

        coords = SymmetricPatchifier(1, start_end=True).get_latent_coords(frames, height, width, batch, device)
        return latent_to_pixel_coords(coords, scale, causal_fix=causal_fix)
    except (ImportError, AttributeError, TypeError) as error:
        raise TOKEN_POSITIONS.refusal(error) from error


def rgb_factors(channels: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The linear guess at a latent's colours: factors (channels, 3) and what is added (3); grey if ComfyUI has none."""
    try:
        from comfy.latent_formats import LTXAV

        layout = LTXAV()
        factors = torch.tensor(layout.latent_rgb_factors, dtype=torch.float32)
        bias = layout.latent_rgb_factors_bias
        return factors, torch.zeros(3) if bias is None else torch.tensor(bias, dtype=torch.float32)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        COLOURS.is_gone(error)
        return torch.full((channels, 3), channels**-0.5), torch.zeros(3)


def nested_class() -> type:
    """ComfyUI's class of joint audio-video latents.

    Raises:
        ComfyUIChangedError: It is not found.
    """
    try:
        from comfy.nested_tensor import NestedTensor
    except ImportError as error:
        raise NESTED.refusal(error) from error
    return NestedTensor
