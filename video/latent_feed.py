"""Reads a run's video latents in order, holding no more of them than the decoder needs at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch

from .errors import VideoError


def video_latent(latent: Any) -> torch.Tensor:
    """The video part of a LATENT as a tensor (1, C, T, H, W).

    Args:
        latent: A ComfyUI LATENT (mapping with "samples"), a bare tensor, or a nested audio-video one (video first).

    Raises:
        VideoError: it is not one video.
    """
    samples = latent["samples"] if isinstance(latent, Mapping) else latent
    if getattr(samples, "is_nested", False):
        samples = samples.unbind()[0]
    if samples.ndim != 5:
        raise VideoError(
            f"a video latent has 5 dimensions (batch, channels, time, height, width), this one has {samples.ndim}: "
            f"{tuple(samples.shape)}; connect the video latent"
        )
    if samples.shape[0] != 1:
        raise VideoError(
            f"the latent holds {samples.shape[0]} videos; a file holds 1: pick one with LatentFromBatch and save each"
        )
    if samples.shape[2] < 1:
        raise VideoError("the video latent has no frames at all; there is nothing to save")
    return samples


def is_single_latent(latents: Any) -> bool:
    """True for one LATENT or tensor, False for an iterable of them."""
    return isinstance(latents, (Mapping, torch.Tensor)) or getattr(latents, "is_nested", False)


class LatentFeed:
    """A window on the time axis of a run whose segments are read one after the other.

    Args:
        latents: One LATENT, or an iterable of them in order. Each is asked for only when a window reaches it, and let
            go when no later window needs it.
    """

    def __init__(self, latents: Any) -> None:
        self._source: Iterator[Any] = iter([latents] if is_single_latent(latents) else _segments(latents))
        self._held: list[torch.Tensor] = []
        self._first_held = 0
        self.loaded = 0
        self.ended = False

    def load_until(self, end: int) -> int:
        """Reads segments until latents `[.., end)` are there or the run ends; returns how many there are so far."""
        while not self.ended and self.loaded < end:
            try:
                segment = video_latent(next(self._source))
            except StopIteration:
                self.ended = True
                break
            if self._held and (segment.shape[1], *segment.shape[3:]) != (
                self._held[0].shape[1],
                *self._held[0].shape[3:],
            ):
                raise VideoError(
                    f"the segment at latent {self.loaded} is {_size(segment)}, those before it are "
                    f"{_size(self._held[0])}; segments of one video have the same size"
                )
            self._held.append(segment)
            self.loaded += segment.shape[2]
        return self.loaded

    def release_before(self, start: int) -> None:
        """Lets go of the segments that lie wholly before latent `start`; the last one is kept for its size."""
        while len(self._held) > 1 and self._first_held + self._held[0].shape[2] <= start:
            self._first_held += self._held.pop(0).shape[2]

    def window(self, start: int, end: int) -> torch.Tensor:
        """Latents `[start, end)` as (1, C, end - start, H, W); a view where they lie in one segment."""
        pieces, offset = [], self._first_held
        for segment in self._held:
            low, high = max(start - offset, 0), min(end - offset, segment.shape[2])
            if low < high:
                pieces.append(segment[:, :, low:high])
            offset += segment.shape[2]
        return pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=2)


def _segments(latents: Any) -> Iterable[Any]:
    if not isinstance(latents, Iterable):
        raise VideoError(f"expected a video latent or a series of them, not {type(latents).__name__}")
    return latents


def _size(segment: torch.Tensor) -> str:
    return f"{segment.shape[1]} channels of {segment.shape[4]}x{segment.shape[3]}"
