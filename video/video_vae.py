"""A ComfyUI video VAE as streaming sees it, and one decode of it, handed on piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..comfyui_internals.video_decoder import VideoDecoder, why_no_video
from .errors import VideoError
from .piece_memory import DecoderSize
from .span_buffer import EnoughFrames, SpanBuffer

# ComfyUI's own fallback in VAE.decode uses tiles of 256 px with a quarter of overlap.
_TILE_PX = 256

# The largest span handed on at once: 7 frames of 832x448 in float32.
SPAN_BYTES = 32 * 2**20


class VideoVae:
    """A thin, read-only view of a `comfy.sd.VAE` that decodes video.

    Args:
        vae: The object of a VAE socket.

    Raises:
        VideoError: it holds no weights, or it decodes pictures or sound.
    """

    def __init__(self, vae: Any) -> None:
        if reason := why_no_video(vae):
            raise VideoError(reason)
        self.decoder = VideoDecoder(vae)

    @property
    def model(self) -> Any:
        """The network itself."""
        return self.decoder.network

    @property
    def writes_chunks(self) -> bool:
        """True if the VAE itself decodes chunk by chunk into the buffer that it is given."""
        return self.decoder.writes_chunks

    @property
    def frames_per_latent(self) -> int:
        """Frames that each latent after the first adds."""
        return self.frames(2) - self.frames(1)

    @property
    def on_cpu(self) -> bool:
        """True if the decoder works in the memory of this process."""
        return self.decoder.device.type == "cpu"

    def latents_that_fit(self, latent: torch.Tensor, otherwise: int) -> int:
        """Latents of this size (1, C, 1, H, W) that the device has room to decode at once, by ComfyUI's own estimate."""
        return self.decoder.latents_that_fit(tuple(latent.shape), otherwise)

    def latents_beside_chunks(self, latent: torch.Tensor, otherwise: int) -> int:
        """The most latents of this size (1, C, 1, H, W) that the device has room for while chunks of them are decoded.

        It makes that room first, as a decode of `otherwise` latents would. 0: the chunks alone take more.
        """
        one = (*latent.shape[:2], 1, *latent.shape[3:])
        sizes = self.decoder.first_layer_and_chunk(one)
        if sizes is None:
            return otherwise
        self.load((*one[:2], otherwise, *one[3:]))
        return min(otherwise, DecoderSize(*sizes).latents_that_fit(self.decoder.room()))

    def frames(self, latents: int) -> int:
        """Frames that a clip of `latents` latents decodes to; 0 for 0."""
        return self.decoder.frames(latents) if latents > 0 else 0

    def size_px(self, latent: torch.Tensor) -> tuple[int, int]:
        """Width and height that a latent (1, C, T, H, W) decodes to."""
        height, width = self.decoder.pixels_per_latent
        return int(latent.shape[4] * width), int(latent.shape[3] * height)

    def load(self, shape: tuple[int, ...]) -> None:
        """Brings the VAE to its device with room for a decode of latents of this shape."""
        self.decoder.load(shape)

    def decode(self, latent: torch.Tensor, wanted: tuple[int, int], consume: Callable[[torch.Tensor], None]) -> None:
        """Decodes one clip and hands on its frames, as float32 in [0, 1] on the CPU.

        Args:
            latent: (1, C, T, H, W).
            wanted: Frames `[first, end)` of this clip.
            consume: Receives pieces (t, H, W, C) in order, every wanted frame exactly once.
        """

        self.decode_raw(latent, wanted, lambda chunk: self.hand_on(chunk, consume))

    def hand_on(self, chunk: torch.Tensor, consume: Callable[[torch.Tensor], None]) -> None:
        """Hands on what the network gave, (1, C, t, H, W), as pixels in spans of a bounded size."""
        # A chunk of a small picture can be hundreds of frames.
        frames = max(1, SPAN_BYTES // (chunk[:, :, 0].numel() * 4))
        for start in range(0, chunk.shape[2], frames):
            consume(self.decoder.pixels(chunk[:, :, start : start + frames]))

    def decode_raw(self, latent: torch.Tensor, wanted: tuple[int, int], consume: Callable[[torch.Tensor], None]) -> None:
        """As `decode`, but hands on what the network gives, (1, C, t, H, W), before it becomes pixels."""
        if not self.writes_chunks:
            consume(self.decoder.decode(latent)[:, :, wanted[0] : wanted[1]])
            return
        buffer = SpanBuffer(self.decoder.shape_of_decode(tuple(latent.shape)), wanted, consume)
        try:
            self.decoder.decode_into(latent, buffer)
        except EnoughFrames:
            return
        raise VideoError(
            f"the VAE ended before frame {wanted[1]} of {buffer.shape[2]} was written; "
            "this ComfyUI decodes in another way than 0.33: please report its version"
        )

    def decode_tiled(self, latent: torch.Tensor, wanted: tuple[int, int], consume: Callable[[torch.Tensor], None]) -> None:
        """As `decode`, in ComfyUI's spatial tiles: least memory, but not the same picture where tiles meet."""
        frames = self.decoder.decode_tiled(latent, _TILE_PX)
        for piece in frames[0, wanted[0] : wanted[1]].split(max(1, SPAN_BYTES // (frames[0, 0].numel() * 4))):
            consume(piece.to(device="cpu", dtype=torch.float32))
