"""Memory that LTX's video decoder takes for a piece, and the longest piece for so much memory. Pure arithmetic.

It takes a piece in two ways: its first layers see the whole piece, at the size of the latent and 8 times as wide; what
follows goes through in chunks, whose size ComfyUI takes from the card's whole memory. Counted tensor by tensor on ComfyUI's
own network: `benchmarks/decode_memory.py`. What a convolution needs for itself comes on top and differs from card to card.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_LAYERS_COPIES = 5.2
"""Copies of the first layer's output that are there at once while the whole piece goes through the first layers."""

CHUNK_COPIES = 80
"""Largest chunks that are there at once in what follows: wider layers, more frames, and what convolutions keep of the last.
It is 60 to 83, and up to 92 if a long piece divides badly, for which the part of the room that is left over is there. The
output of the first layers lies beside them."""


@dataclass(frozen=True)
class DecoderSize:
    """The two sizes that decide the memory of a decode.

    Attributes:
        latent_bytes: Output of the first layer for one latent of this picture.
        chunk_bytes: ComfyUI's largest chunk.
    """

    latent_bytes: int
    chunk_bytes: int

    def decode_bytes(self, latents: int) -> int:
        """Bytes that a decode of so many latents at once takes beside the weights."""
        piece = self.latent_bytes * latents
        return int(max(FIRST_LAYERS_COPIES * piece, CHUNK_COPIES * self.chunk_bytes + piece))

    def latents_that_fit(self, room_bytes: int) -> int:
        """The most latents whose decode takes at most so many bytes; 0 if the chunks alone take more."""
        beside_chunks = room_bytes - CHUNK_COPIES * self.chunk_bytes
        return max(0, int(min(room_bytes / FIRST_LAYERS_COPIES, beside_chunks) / self.latent_bytes))
