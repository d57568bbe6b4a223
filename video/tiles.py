"""Decode in ComfyUI's tiles of space and time, span after span: for a decoder that looks too far for whole frames.

LTX 2.5's decoder that denoises looks 18 latents to each side and over the whole picture (`stage_depths` and `stage_kernels`
in comfy/ldm/lightricks/vae/na_diffusion_decoder.py), so that whole frames with all that they depend on fill a card of any
size. ComfyUI's template decodes it by VAEDecodeTiled: tiles of 512 px and 64 frames that share 64 px and 16 frames and fade
into each other. Here they are the same tiles with the same fades, but only the frames that two tiles in time share are
held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch

from .video_vae import VideoVae

# The values of ComfyUI's LTX 2.5 template.
TILE_PX, TILE_OVERLAP_PX = 512, 64
TILE_FRAMES, TILE_OVERLAP_FRAMES = 64, 16


def decode_in_tiles(
    vae: VideoVae, latent: torch.Tensor, wanted: tuple[int, int], consume: Callable[[torch.Tensor], None]
) -> int:
    """Decodes one clip as ComfyUI's VAEDecodeTiled does, in memory that does not depend on its length.

    Args:
        vae: The VAE.
        latent: (1, C, T, H, W).
        wanted: Frames `[first, end)` of the clip.
        consume: Receives pieces (t, H, W, C) in order, float32 in [0, 1] on the CPU, every wanted frame exactly once.

    Returns:
        Number of tiles in time.
    """
    first, end = wanted
    sums = _Sums()
    tiles = 0
    for start, stop in _tiles_in_time(vae, int(latent.shape[2])):
        offset = start * vae.frames_per_latent
        if offset + vae.frames(stop - start) <= first:
            continue
        done = sums.until(offset)
        if done is not None:
            _hand_on(vae, done, offset - done.shape[2], (first, end), consume)
        if offset >= end:
            return tiles
        frames = _decode_in_space(vae, latent[:, :, start:stop])
        sums.add(offset, frames, _weights(frames.shape[2], vae.frames(_overlap(vae)), frames.device))
        tiles += 1
    rest, at = sums.rest()
    _hand_on(vae, rest, at, (first, end), consume)
    return tiles


def _length(vae: VideoVae) -> int:
    return max(2, TILE_FRAMES // vae.frames_per_latent)


def _overlap(vae: VideoVae) -> int:
    return max(1, min(_length(vae) // 2, TILE_OVERLAP_FRAMES // vae.frames_per_latent))


def _tiles_in_time(vae: VideoVae, latents: int) -> Iterator[tuple[int, int]]:
    return _tiles(latents, _length(vae), _overlap(vae))


def _tiles(size: int, length: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Places `[start, stop)` of tiles along one axis, as ComfyUI cuts them."""
    if size <= length:
        yield 0, size
        return
    for start in range(0, size - overlap, length - overlap):
        yield start, min(start + length, size)


def _decode_in_space(vae: VideoVae, latent: torch.Tensor) -> torch.Tensor:
    """The network's result for a latent, (1, 3, t, h, w) in float32, in tiles of the picture that fade into each other."""
    step_h, step_w = (int(step) for step in vae.decoder.pixels_per_latent)
    length, overlap = TILE_PX // step_w, TILE_OVERLAP_PX // step_w
    height, width = latent.shape[3:]
    vae.load((*latent.shape[:3], min(length, height), min(length, width)))
    if height <= length and width <= length:
        return vae.decoder.decode_part(latent).float()
    sums = weights = None
    for top, bottom in _tiles(height, length, overlap):
        for left, right in _tiles(width, length, overlap):
            part = vae.decoder.decode_part(latent[:, :, :, top:bottom, left:right])
            if sums is None or weights is None:
                sums = torch.zeros((*part.shape[:3], height * step_h, width * step_w), device=part.device)
                weights = torch.zeros(sums.shape[3:], device=part.device)
            fades = [
                _weights(size, overlap * step, part.device) for size, step in zip(part.shape[3:], (step_h, step_w), strict=True)
            ]
            weight = fades[0][:, None] * fades[1]
            place = slice(top * step_h, bottom * step_h), slice(left * step_w, right * step_w)
            sums[:, :, :, place[0], place[1]] += part * weight
            weights[place] += weight
    assert sums is not None
    assert weights is not None
    return sums.div_(weights)


def _weights(count: int, fade: int, device: torch.device) -> torch.Tensor:
    """Weight of each frame, row or column of a tile, shape (count): rising and falling over `fade` of them at its ends."""
    weights = torch.ones(count, device=device)
    if fade < count:
        ramp = torch.arange(1, fade + 1, device=device) / fade
        weights[:fade] *= ramp
        weights[count - fade :] *= ramp.flip(0)
    return weights


def _hand_on(
    vae: VideoVae, frames: torch.Tensor, at: int, wanted: tuple[int, int], consume: Callable[[torch.Tensor], None]
) -> None:
    low, high = max(wanted[0] - at, 0), min(wanted[1] - at, frames.shape[2])
    if low < high:
        vae.hand_on(frames[:, :, low:high], consume)


class _Sums:
    """Frames that further tiles may still add to: weighted sums, and sums of the weights."""

    def __init__(self) -> None:
        self._at = 0
        self._sum: torch.Tensor | None = None
        self._weight: torch.Tensor | None = None

    def add(self, at: int, frames: torch.Tensor, weights: torch.Tensor) -> None:
        """Adds a tile (1, 3, t, h, w) whose first frame is frame `at` of the clip."""
        weighted = frames * weights.view(1, 1, -1, 1, 1)
        if self._sum is None or self._weight is None or self._sum.shape[2] == 0:
            self._at, self._sum, self._weight = at, weighted, weights
            return
        shared = self._at + self._sum.shape[2] - at
        self._sum[:, :, -shared:] += weighted[:, :, :shared]
        self._weight[-shared:] += weights[:shared]
        self._sum = torch.cat([self._sum, weighted[:, :, shared:]], dim=2)
        self._weight = torch.cat([self._weight, weights[shared:]])

    def until(self, frame: int) -> torch.Tensor | None:
        """The finished frames before `frame`, which are given up; None if there are none."""
        if self._sum is None or self._weight is None or frame <= self._at:
            return None
        count = frame - self._at
        done = self._sum[:, :, :count] / self._weight[:count].view(1, 1, -1, 1, 1)
        self._at, self._sum, self._weight = frame, self._sum[:, :, count:].clone(), self._weight[count:].clone()
        return done

    def rest(self) -> tuple[torch.Tensor, int]:
        """All that is left, and the frame at which it begins."""
        at = self._at
        assert self._sum is not None
        done = self.until(at + self._sum.shape[2])
        assert done is not None
        return done, at
