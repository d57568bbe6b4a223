"""A few small pictures of one window's latent, cheap enough to be made after every window."""

from __future__ import annotations

import io
from typing import Any

import torch

from ..comfyui_internals.ltx_latents import rgb_factors
from .video_latent import video_latent
from .video_vae import VideoVae

PREVIEW_FRAMES = 4
PREVIEW_SIDE_PX = 384


def preview_frames(latent: Any, decoder: Any = None) -> torch.Tensor:
    """Small frames spread evenly over a latent: `PREVIEW_FRAMES`, or as many as it has latents if those are fewer.

    Args:
        latent: LATENT or tensor (1, C, T, H, W).
        decoder: A `comfy.sd.VAE` that decodes video, a small one (taeltx) or the real one, of which only as
            many pairs of latents are decoded. None needs no weights and loads nothing: ComfyUI's linear guess at the colours of
            an LTX latent, one pixel per latent position.

    Returns:
        (frames, h, w, 3), float32 in [0, 1], on the CPU; `PREVIEW_SIDE_PX` on the longer side.
    """
    samples = video_latent(latent)
    picked = _spread(samples.shape[2], PREVIEW_FRAMES)
    frames = _linear_colours(samples, picked) if decoder is None else _decoded(samples, picked, VideoVae(decoder))
    return _fit(frames)


def preview_png(latent: Any) -> bytes:
    """One small frame from the middle of a latent, as PNG, in ComfyUI's linear guess at the colours.

    Args:
        latent: LATENT or tensor (1, C, T, H, W).
    """
    from PIL import Image

    frames = preview_frames(latent)
    middle = frames[frames.shape[0] // 2]
    buffer = io.BytesIO()
    Image.fromarray((middle * 255).round().byte().numpy()).save(buffer, "png")
    return buffer.getvalue()


def _spread(latents: int, count: int) -> list[int]:
    """At most `count` latents of `[0, latents)`, first and last among them."""
    if count >= latents:
        return list(range(latents))
    if count == 1:
        return [latents // 2]
    return [round(i * (latents - 1) / (count - 1)) for i in range(count)]


def _linear_colours(samples: torch.Tensor, picked: list[int]) -> torch.Tensor:
    factors, bias = rgb_factors(samples.shape[1])
    colours = samples[0, :, picked].to("cpu", torch.float32).movedim(0, -1) @ factors + bias
    return ((colours + 1) / 2).clamp(0, 1)


def _decoded(samples: torch.Tensor, picked: list[int], vae: VideoVae) -> torch.Tensor:
    frames: list[torch.Tensor] = []
    for index in picked:
        # The first latent of a clip is trained to be a still; the one before it makes this one a moving frame again.
        clip = samples[:, :, max(0, index - 1) : index + 1]
        last = vae.frames(clip.shape[2])
        vae.load(tuple(clip.shape))
        vae.decode(clip, (last - 1, last), frames.append)
    return torch.cat(frames)


def _fit(frames: torch.Tensor) -> torch.Tensor:
    _, height, width, _ = frames.shape
    scale = PREVIEW_SIDE_PX / max(height, width)
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    resized = torch.nn.functional.interpolate(
        frames.movedim(-1, 1), size=size, mode="bicubic", antialias=scale < 1, align_corners=False
    )
    return resized.movedim(1, -1).clamp(0, 1).contiguous()
