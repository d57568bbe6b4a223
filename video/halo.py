"""How far a VAE's decoder looks along time, measured by moving one latent and seeing which frames move with it.

That a piece with as much around it then gives the frames of the whole is tried too, never assumed.
"""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from typing import Any

import torch

from .clip_noise import ClipNoise
from .video_vae import VideoVae

# ComfyUI's largest video decoder (LTX 2, five residual blocks a level) reaches 22 latents to each side.
PROBE_LATENTS = 32
_PROBE_SIDE = 2
# Of a raw range of about 2: two orders below the tolerance of 1e-4 that a streamed decode is held to.
_MOVED = 1e-6
# Other shapes are rounded otherwise; noise that does not agree differs by tenths.
_SAME, _SAME_IN_HALF = 1e-4, 5e-2

_known: weakref.WeakKeyDictionary[Any, Halo] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Halo:
    """Latents that must lie around a span for its frames to be those of the whole decode.

    Attributes:
        before: Latents before the span.
        after: Latents after it.
        exact: False if a piece with this much around it does not give the frames of the whole decode: a decoder that
            looks at the whole clip (a normalisation over time, say), or one that draws noise without a seed.
    """

    before: int
    after: int
    exact: bool


def measured_halo(vae: VideoVae) -> Halo:
    """The halo of this VAE: three decodes of a tiny clip, once per VAE; no figure about any architecture is built in."""
    try:
        return _known[vae.model]
    except KeyError:
        halo = _known[vae.model] = _measure(vae)
        return halo


def _measure(vae: VideoVae) -> Halo:
    latents = 2 * PROBE_LATENTS + 1
    generator = torch.Generator().manual_seed(0)
    shape = (1, vae.decoder.latent_channels, latents, _PROBE_SIDE, _PROBE_SIDE)
    still = torch.randn(shape, generator=generator)
    moved = still.clone()
    moved[:, :, PROBE_LATENTS] = torch.randn(moved[:, :, PROBE_LATENTS].shape, generator=generator)
    vae.load(shape)
    whole = _raw(vae, still)
    difference = (whole - _raw(vae, moved)).abs().amax(dim=(0, 1, 3, 4))
    frames = torch.nonzero(difference > _MOVED).flatten().tolist()
    owners = [math.ceil(frames[end] / vae.frames_per_latent) for end in (0, -1)] if frames else [PROBE_LATENTS] * 2
    before, after = max(1, owners[1] - PROBE_LATENTS), max(0, PROBE_LATENTS - owners[0])
    exact = max(before, after) < PROBE_LATENTS and _gives_the_whole(vae, still, whole, before, after)
    return Halo(before, after, exact)


def _gives_the_whole(vae: VideoVae, clip: torch.Tensor, whole: torch.Tensor, before: int, after: int) -> bool:
    """True if the middle latent of a clip, decoded with only the halo around it, shows the frames of the whole."""
    low, high = PROBE_LATENTS - before, PROBE_LATENTS + 1 + after
    offset = low * vae.frames_per_latent
    wanted = slice(vae.frames(PROBE_LATENTS), vae.frames(PROBE_LATENTS + 1))
    with ClipNoise(whole.shape[2]).at(offset, vae.frames(high - low)):
        piece = _raw(vae, clip[:, :, low:high])
    part = piece[:, :, wanted.start - offset : wanted.stop - offset]
    tolerance = _SAME if vae.decoder.is_exact else _SAME_IN_HALF
    return bool((part - whole[:, :, wanted]).abs().max() <= tolerance)


def _raw(vae: VideoVae, latent: torch.Tensor) -> torch.Tensor:
    pieces: list[torch.Tensor] = []
    device = vae.decoder.device
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(0)
        vae.decode_raw(
            latent,
            (0, vae.frames(latent.shape[2])),
            lambda piece: pieces.append(piece.to("cpu", torch.float32, copy=True)),
        )
    return torch.cat(pieces, dim=2)
