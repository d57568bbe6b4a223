"""Stands in for the frame buffer of a chunk-writing VAE and hands each finished span on instead of keeping it."""

from __future__ import annotations

from collections.abc import Callable

import torch

from .errors import VideoError


class EnoughFrames(Exception):  # noqa: N818  not an error: it ends a decode whose further frames nobody wants
    """Raised from inside the VAE's decode once the last wanted frame was handed on."""


class SpanBuffer:
    """The part of an `output_buffer` that ComfyUI's chunk-writing video VAEs use: its shape, slices in time, and `copy_`.

    ComfyUI's LTX and MiniMax VAEs decode in temporal chunks with carried state and copy each finished span, in order,
    to the next frames of the buffer they are given. Nothing is read back, so a span can be handed on at once.

    Args:
        shape: Shape (B, C, T, H, W) of the whole decode.
        wanted: Frames `[first, end)` to hand on, counted from the first frame of this decode.
        consume: Receives each wanted piece, (B, C, t, H, W), in order.
    """

    def __init__(self, shape: tuple[int, ...], wanted: tuple[int, int], consume: Callable[[torch.Tensor], None]) -> None:
        self.shape = torch.Size(shape)
        self._first, self._end = wanted
        self._consume = consume
        self._position = 0

    def __getitem__(self, key: tuple[slice, ...]) -> _Target:
        time = key[2]
        start, stop, _ = time.indices(self.shape[2])
        return _Target(self, start, stop)

    def copy_(self, frames: torch.Tensor) -> SpanBuffer:
        """Takes the whole decode in one piece, as VAEs do with a single latent frame."""
        self._write(0, self.shape[2], frames)
        return self

    def _write(self, start: int, stop: int, frames: torch.Tensor) -> None:
        if start != self._position or frames.shape[2] != stop - start:
            raise VideoError(
                f"the VAE wrote {frames.shape[2]} frames to [{start}, {stop}) where frame {self._position} was due; "
                "this ComfyUI decodes in another order than 0.33: please report its version"
            )
        self._position = stop
        low, high = max(self._first - start, 0), min(self._end - start, stop - start)
        if low < high:
            self._consume(frames[:, :, low:high])
        if stop >= self._end:
            raise EnoughFrames


class _Target:
    """One time slice of the buffer."""

    def __init__(self, buffer: SpanBuffer, start: int, stop: int) -> None:
        self._buffer, self._start, self._stop = buffer, start, stop

    def copy_(self, frames: torch.Tensor) -> _Target:
        self._buffer._write(self._start, self._stop, frames)
        return self
