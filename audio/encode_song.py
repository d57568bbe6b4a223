"""The latents of a whole song, encoded in pieces in the memory of one piece, equal to those of the song in one piece."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ..comfyui_internals.audio_encoder import AudioEncoder, why_no_song
from ..comfyui_internals.out_of_memory import empty_device_cache, is_out_of_memory
from ..loop_control.audio_facts import ENCODE_HZ
from ..loop_control.errors import PlanError
from .encode_pieces import PIECE_LATENTS, SMALLEST_PIECE_LATENTS, EncoderTime, Piece
from .prepare import PreparedSong
from .receptive_field import Layer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EncodedSong:
    """A song as latents, and how they were made.

    Attributes:
        latents: (1, C, T, F).
        report: The same in words: latents, pieces, what was cut or added, what did not fit.
    """

    latents: Tensor
    report: str


def encode_song(
    song: PreparedSong,
    vae: Any,
    *,
    piece_latents: int = PIECE_LATENTS,
    on_progress: Callable[[int, int], None] | None = None,
) -> EncodedSong:
    """Encodes a song piece by piece.

    Args:
        song: The song at the rate of the encoder.
        vae: A `comfy.sd.VAE` that encodes sound for LTX.
        piece_latents: Latents of a piece; a piece for which the device has no room is tried again at half of it.
        on_progress: Called before each piece with the latents that are done and the latents in all. It may raise to stop.

    Raises:
        PlanError: The VAE is of another kind, the device has no room for the smallest piece, or an encode gave another
            number of latents than the encoder's layers make of it.
    """
    if reason := why_no_song(vae):
        raise PlanError(reason)
    encoder = AudioEncoder(vae)
    if encoder.wave_hz != ENCODE_HZ:
        raise PlanError(f"this audio VAE takes {encoder.wave_hz} samples per second; songs are encoded at {ENCODE_HZ}")
    clock = encoder.clock()
    if clock is None:
        encoder.load((1, encoder.channels, song.length))
        latents = _encoded(encoder, song.part(0, song.length))
        if latents is None:
            raise PlanError(_no_room(song.length / ENCODE_HZ, "and this ComfyUI's encoder cannot be given less"))
        return EncodedSong(latents, f"{song.words}; {latents.shape[2]} latents, in one piece")
    time = EncoderTime(ENCODE_HZ, clock[0], tuple(Layer(*row) for row in clock[1]))
    encoded = _Walk(encoder, song, time, piece_latents, on_progress).run()
    log.info("encoded the song: %s", encoded.report)
    return encoded


class _Walk:
    """The pieces of one song, and what is done."""

    def __init__(
        self,
        encoder: AudioEncoder,
        song: PreparedSong,
        time: EncoderTime,
        piece_latents: int,
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        self.encoder, self.song, self.time, self.on_progress = encoder, song, time, on_progress
        self.total = time.latents(song.length)
        self.piece_latents = piece_latents
        self.latents: Tensor | None = None
        self.pieces = 0
        self.remarks: list[str] = []

    def run(self) -> EncodedSong:
        done = 0
        while done < self.total:
            for piece in self._pieces(done):
                if not self._encode(piece):
                    break
                done = piece.end
        assert self.latents is not None
        return EncodedSong(self.latents, self._report())

    def _pieces(self, first: int) -> Iterator[Piece]:
        return self.time.pieces(self.song.length, self.piece_latents, first)

    def _encode(self, piece: Piece) -> bool:
        """Encodes one piece into its place; False if the device had no room, and the pieces are smaller now."""
        if self.on_progress is not None:
            self.on_progress(piece.first, self.total)
        samples = piece.end_sample - piece.begin_sample
        self.encoder.load((1, self.encoder.channels, samples))
        made = _encoded(self.encoder, self.song.part(piece.begin_sample, piece.end_sample))
        if made is None:
            empty_device_cache()
            self._shrink(piece)
            return False
        expected = self.time.latents(samples)
        if made.shape[2] != expected:
            raise PlanError(
                f"the audio VAE made {made.shape[2]} latents of {samples / ENCODE_HZ:.2f} s of sound, and its layers make "
                f"{expected}: the song would run away from the picture. Please report this with the version of ComfyUI"
            )
        if self.latents is None:
            self.latents = made.new_empty((*made.shape[:2], self.total, *made.shape[3:]))
        count = piece.end - piece.first
        self.latents[:, :, piece.first : piece.end] = made[:, :, piece.spoilt : piece.spoilt + count]
        self.pieces += 1
        return True

    def _shrink(self, piece: Piece) -> None:
        tried = piece.end - piece.first
        smaller = max(SMALLEST_PIECE_LATENTS, tried // 2)
        if smaller >= tried:
            raise PlanError(_no_room(tried / self.time.latents_per_second, "the smallest piece"))
        self.piece_latents = smaller
        remark = f"out of memory with {tried} latents at once, so pieces of {smaller} from latent {piece.first} on"
        self.remarks.append(remark)
        log.warning("encoding the song: %s", remark)

    def _report(self) -> str:
        before, after = self.time.halo
        pieces = "in one piece"
        if self.pieces > 1:
            pieces = f"in {self.pieces} pieces, each with {before} latents before and {after} behind that are encoded once more"
        return "; ".join([self.song.words, f"{self.total} latents, {pieces}", *self.remarks])


def _encoded(encoder: AudioEncoder, waveform: Tensor) -> Tensor | None:
    """The latents of a waveform, None if the device has no room. The failed encode's tensors are gone when it returns."""
    try:
        return encoder.encode(waveform)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
    return None


def _no_room(seconds: float, why: str) -> str:
    return (
        f"out of memory encoding {seconds:.2f} s of the song at once, {why}. Close what else uses the card, or start ComfyUI "
        "with --cpu-vae"
    )
