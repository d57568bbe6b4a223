"""Decodes a video latent span after span, in order, in memory that does not depend on its length.

Two ways lead to the same frames. A VAE that writes its chunks into a given buffer (ComfyUI's LTX) decodes in one go and
hands each finished span on: exact, without overlap. Any other video VAE, and a run too long to be held at once, is
decoded in pieces that overlap by the VAE's halo.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from ..comfyui_internals.out_of_memory import empty_device_cache, is_out_of_memory
from ..memory.host_memory import give_back_freed_memory
from .clip_noise import ClipNoise
from .errors import VideoError
from .halo import Halo, measured_halo
from .tiles import TILE_FRAMES, TILE_PX, decode_in_tiles
from .video_latent import video_latent
from .video_vae import VideoVae

log = logging.getLogger(__name__)

# The most that a piece holds, however large the card: 64 Mi numbers are 256 MiB of latents and 5 GiB in the decoder's first
# layers in bfloat16. At 832x448 that is a piece of 1440 latents, or 7 min 40 s at 25 fps; halos repeat 2 % of it.
CHUNKED_PIECE_NUMBERS = 64 * 2**20
# On the CPU the decoder's own work is memory of the process, and its chunks are large beside a small picture. With this many
# pixels at once (halo included; 26 latents of 416x224) its work stays below that of ComfyUI's chunks, so that a long video
# peaks no higher than a short one: benchmarks/streaming_save.py.
HOST_PIECE_PIXELS = 20_000_000
PLAIN_PIECE_LATENTS = 16
_SMALLEST_PIECE_LATENTS = 8


@dataclass(frozen=True)
class DecodeReport:
    """The course of a streamed decode.

    Attributes:
        frames: Frames handed on.
        pieces: Decode calls; 1 is the VAE's own one-piece decode.
        halo: Overlap around each piece, None if one piece held everything.
        inexact_because: Why frames may differ from a one-piece decode; empty if they do not.
        smaller_because: Why pieces became smaller on the way, in words; empty if they did not.
    """

    frames: int
    pieces: int
    halo: Halo | None
    inexact_because: str = ""
    smaller_because: str = ""

    @property
    def exact(self) -> bool:
        """True if the frames are those of a one-piece decode."""
        return not self.inexact_because


def decode_spans(
    vae: Any,
    latent: Any,
    consume: Callable[[torch.Tensor], None],
    *,
    frames: int | None = None,
    piece_latents: int | None = None,
    halo: Halo | None = None,
    check_interrupt: Callable[[], None] | None = None,
) -> DecodeReport:
    """Hands the decoded frames of a video latent to `consume`, span after span.

    Args:
        vae: A `comfy.sd.VAE` that decodes video.
        latent: LATENT or tensor (1, C, T, H, W).
        consume: Receives spans (t, H, W, C), float32 in [0, 1], on the CPU, in order. It may raise to stop.
        frames: Most frames to deliver, all of them if None.
        piece_latents: Latents per decode call without the halo. None: as many as the VAE and its device take well, in
            one piece if that holds everything.
        halo: Overlap around each piece; measured on the VAE if None and needed.
        check_interrupt: Called before each span is handed on; raises to stop.

    Raises:
        VideoError: the VAE or the latent is of the wrong kind.
    """
    video_vae = VideoVae(vae)
    return _SpanWalk(video_vae, video_latent(latent), consume, frames, piece_latents, halo, check_interrupt).run()


class _SpanWalk:
    """The pieces of one decode, and what has been handed on so far."""

    def __init__(
        self,
        vae: VideoVae,
        latent: torch.Tensor,
        consume: Callable[[torch.Tensor], None],
        frames: int | None,
        piece_latents: int | None,
        halo: Halo | None,
        check_interrupt: Callable[[], None] | None,
    ) -> None:
        if piece_latents is not None and piece_latents < 1:
            raise VideoError(f"a piece of {piece_latents} latents decodes nothing; the smallest is 1")
        self.vae, self.latent, self.consume = vae, latent, consume
        self.halo, self.check_interrupt = halo, check_interrupt
        self.total = int(latent.shape[2])
        there = vae.frames(self.total)
        self.frames = there if frames is None else min(frames, there)
        self.noise = ClipNoise(there)
        self.piece = piece_latents or self._largest_decode()
        self.limited = piece_latents is None
        self.several = False
        self.delivered = 0
        self.pieces = 0
        self.tiled = False
        self.in_tiles = False
        self.smaller_because = ""

    def run(self) -> DecodeReport:
        while self.delivered < self.frames:
            start = self._latent_of(self.delivered)
            before, after = self._halo_at(start)
            if self.in_tiles:
                self._decode_tiles()
                break
            end = min(start + self.piece, self.total)
            low, high = max(0, start - before), min(end + after, self.total)
            self._decode_piece(low, end, self.latent[:, :, low:high])
        halo = self.halo if self.pieces > 1 else None
        return DecodeReport(self.delivered, self.pieces, halo, self._inexact_because(), self.smaller_because)

    def _inexact_because(self) -> str:
        if self.in_tiles:
            return (
                "the device has no room for whole frames and all that this VAE looks at for them; they were decoded in tiles "
                f"of {TILE_PX} px and {TILE_FRAMES} frames that fade into each other, as by ComfyUI's VAE Decode (Tiled)"
            )
        if self.tiled:
            return "the device had no room for whole frames, and borders of spatial tiles can show"
        if self.pieces == 1:
            return ""
        if self.noise.used and not self.noise.whole:
            return "this VAE denoises, and its noise for so long a clip was drawn frame by frame instead of at once"
        if self.halo is None or not self.halo.exact:
            return "this VAE decodes a part of a clip otherwise than the whole, and the clip was decoded in parts"
        return ""

    def _latent_of(self, frame: int) -> int:
        return -(-frame // self.vae.frames_per_latent)

    def _largest_decode(self) -> int:
        """Latents that one decode call takes, halo included."""
        if not self.vae.writes_chunks:
            log.info(
                "this VAE (%s) does not hand out finished spans, as ComfyUI's LTX VAE does since 0.33; "
                "decoding overlapped pieces of %d latents",
                type(self.vae.model).__name__,
                PLAIN_PIECE_LATENTS,
            )
            return PLAIN_PIECE_LATENTS
        latent = self.latent[:, :, :1]
        most = CHUNKED_PIECE_NUMBERS // latent.numel()
        if self.vae.on_cpu:
            width, height = self.vae.size_px(latent)
            most = min(most, HOST_PIECE_PIXELS // (width * height * self.vae.frames_per_latent))
        else:
            most = self.vae.latents_beside_chunks(latent, min(most, self.total))
        return max(_SMALLEST_PIECE_LATENTS, most)

    def _halo_at(self, start: int) -> tuple[int, int]:
        """Latents of overlap (before, after) for the piece at `start`; measured only if there is more than one."""
        halo = self.halo
        if halo is None or not self.several:
            if start == 0 and self.total <= self.piece:
                return 0, 0
            self.several = True
            halo = self.halo = halo or measured_halo(self.vae)
            if self.limited:
                self.piece = self._piece_beside(halo.before + halo.after)
                self.in_tiles = self._needs_tiles(halo.before + halo.after + _SMALLEST_PIECE_LATENTS)
                if self.in_tiles:
                    return 0, 0
            log.info(
                "decoding pieces of %d latents, each with %d before and %d after that are decoded once more",
                self.piece,
                halo.before,
                halo.after,
            )
        # A piece's first latent decodes to one frame only, so whatever the halo the one before it is needed.
        return max(1, halo.before), halo.after

    def _needs_tiles(self, latents: int) -> bool:
        """True if this VAE gives no chunks and the device has no room for so many latents at once."""
        room = self.vae.latents_that_fit(self.latent[:, :, :1], latents)
        return not self.vae.writes_chunks and self.vae.decoder.has_steps and room < latents

    def _decode_tiles(self) -> None:
        """The rest of the clip, in tiles of space and time."""
        self.pieces += decode_in_tiles(self.vae, self.latent, (self.delivered, self.frames), self._hand_on)

    def _piece_beside(self, halo: int) -> int:
        """Latents of a piece that is decoded with this many more around it."""
        if not self.vae.writes_chunks:
            # What is decoded around each piece is thrown away: with twice as much inside, a third of the work.
            return max(
                _SMALLEST_PIECE_LATENTS,
                min(2 * halo, self.vae.latents_that_fit(self.latent[:, :, :1], PLAIN_PIECE_LATENTS) - halo),
            )
        room = self.piece - halo
        if room < _SMALLEST_PIECE_LATENTS:
            # So large a picture fills the VAE's chunks whatever the piece: a longer one costs no memory, and repeats less.
            return max(_SMALLEST_PIECE_LATENTS, 2 * halo)
        return room

    def _decode_piece(self, low: int, end: int, latent: torch.Tensor) -> None:
        target = min(self.vae.frames(end), self.frames)
        offset = low * self.vae.frames_per_latent
        wanted = (self.delivered - offset, target - offset)
        decode = self.vae.decode_tiled if self.tiled else self.vae.decode
        self.pieces += 1
        if self.vae.on_cpu:
            give_back_freed_memory()
        try:
            self.vae.load(tuple(latent.shape))
            with self.noise.at(offset, self.vae.frames(latent.shape[2])) if self.several else nullcontext():
                decode(latent, wanted, self._hand_on)
            return
        except Exception as error:
            if self.tiled or not is_out_of_memory(error):
                raise
        # Outside the except block: there the traceback would keep the failed decode's tensors alive.
        empty_device_cache()
        self._shrink(latent.shape[2])

    def _hand_on(self, span: torch.Tensor) -> None:
        if self.check_interrupt is not None:
            self.check_interrupt()
        self.consume(span)
        self.delivered += span.shape[0]

    def _shrink(self, decoded: int) -> None:
        overlap = sum(self._halo_at(1))
        smaller = max(1, min(self.piece, decoded) // 2)
        # A piece without chunks is decoded with its halo each time: small ones would be mostly halo.
        wasteful = not self.vae.writes_chunks and self.limited and smaller < _SMALLEST_PIECE_LATENTS
        if decoded > overlap + 1 and not wasteful:
            self.piece = smaller
            if not self.smaller_because:
                log.warning("out of memory decoding %d latents at once; going on with smaller pieces", decoded)
            self.smaller_because = f"out of memory, so from frame {self.delivered} on in pieces of {self.piece} latents"
            return
        if not self.vae.writes_chunks and self.vae.decoder.has_steps:
            self.in_tiles = True
            log.warning(
                "out of memory decoding %d latents at once; going on from frame %d in tiles of space and time",
                decoded,
                self.delivered,
            )
            return
        self.tiled = True
        log.warning(
            "out of memory decoding %d latents at once; going on from frame %d in spatial tiles, whose borders can "
            "differ slightly from a whole decode",
            decoded,
            self.delivered,
        )
