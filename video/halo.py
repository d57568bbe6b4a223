"""How far a VAE's decoder looks along time, measured by moving one latent and seeing which frames move with it."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from typing import Any

import torch

from .video_vae import VideoVae

# ComfyUI's largest video decoder (LTX 2, five residual blocks a level) reaches 22 latents to each side.
PROBE_LATENTS = 32
_PROBE_SIDE = 2
# Of a raw range of about 2: two orders below the tolerance of 1e-4 that a streamed decode is held to.
_MOVED = 1e-6

_known: weakref.WeakKeyDictionary[Any, Halo] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Halo:
    """Latents that must lie around a span for its frames to be those of the whole decode.

    Attributes:
        before: Latents before the span.
        after: Latents after it.
        exact: False where the decoder looks at the whole clip (a normalisation over time, say), so that no halo is
            enough and the seams of spans are only close.
    """

    before: int
    after: int
    exact: bool


def measured_halo(vae: VideoVae) -> Halo:
    """The halo of this VAE: two decodes of a tiny clip, once per VAE; no figure about any architecture is built in."""
    try:
        return _known[vae.model]
    except KeyError:
        halo = _known[vae.model] = _measure(vae)
        return halo


def _measure(vae: VideoVae) -> Halo:
    latents = 2 * PROBE_LATENTS + 1
    generator = torch.Generator().manual_seed(0)
    shape = (1, vae.vae.latent_channels, latents, _PROBE_SIDE, _PROBE_SIDE)
    still = torch.randn(shape, generator=generator)
    moved = still.clone()
    moved[:, :, PROBE_LATENTS] = torch.randn(moved[:, :, PROBE_LATENTS].shape, generator=generator)
    vae.load(shape)
    difference = (_raw(vae, still) - _raw(vae, moved)).abs().amax(dim=(0, 1, 3, 4))
    frames = torch.nonzero(difference > _MOVED).flatten().tolist()
    if not frames:
        return Halo(1, 0, exact=True)
    owners = [math.ceil(frames[end] / vae.frames_per_latent) for end in (0, -1)]
    before, after = owners[1] - PROBE_LATENTS, PROBE_LATENTS - owners[0]
    return Halo(max(1, before), max(0, after), exact=max(before, after) < PROBE_LATENTS)


def _raw(vae: VideoVae, latent: torch.Tensor) -> torch.Tensor:
    pieces: list[torch.Tensor] = []
    device = vae.vae.device
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(0)
        vae.decode_raw(
            latent,
            (0, vae.frames(latent.shape[2])),
            lambda piece: pieces.append(piece.to("cpu", torch.float32, copy=True)),
        )
    return torch.cat(pieces, dim=2)
