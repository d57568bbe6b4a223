"""Memory of what a render does beside sampling: the song's encoding, the enlargement of a draft, the video's decoding.

None of it is there while a step is made, so the largest of these and of a step decides. All of it goes in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..audio.encode_pieces import PIECE_LATENTS
from ..cost.memory import RESERVED_BYTES, upscale_bytes
from ..cost.recipe import Recipe
from ..cost.upscaler import PUBLISHED_UPSCALER
from ..video.piece_memory import DecoderSize

SONG_LATENT_BYTES = 838_861
"""Of one audio latent while it is encoded, 0.8 MiB: measured at the true size by benchmarks/song_encode.py."""

DECODER_BYTES, FIRST_LAYER_CHANNELS = 407_000_000 * 2, 1024
"""Of LTX 2.3's video decoder, in 16 bits."""

_GIB = 2**30
_SMALLEST_CHUNK_BYTES, _LARGEST_CHUNK_BYTES = 32 << 20, 128 << 20
_SMALL_CARD_BYTES, _LARGE_CARD_BYTES = 6 * _GIB, 24 * _GIB
"""Between these ComfyUI's chunks grow with the card (`get_max_chunk_size`, `causal_video_autoencoder.py`)."""


def song_bytes() -> int:
    """Bytes of a piece of the song, however long the song is."""
    return PIECE_LATENTS * SONG_LATENT_BYTES


def enlarging_bytes(recipe: Recipe) -> int:
    """Bytes of the largest enlargement of a window; 0 if nothing is enlarged."""
    return max((upscale_bytes(PUBLISHED_UPSCALER, *window) for window in recipe.enlarged_windows), default=0)


def decoding_bytes(recipe: Recipe, card_bytes: int) -> int:
    """Bytes of the pieces that the video is decoded in on a card: as long as there is room for, weights included."""
    shown = recipe.samplings[-1]
    size = DecoderSize(shown.stage.tokens_per_latent * FIRST_LAYER_CHANNELS * 2, chunk_bytes(card_bytes))
    all_latents = max(window.latents[1] for window in shown.plan.windows)
    fitting = size.latents_that_fit(card_bytes - DECODER_BYTES - RESERVED_BYTES)
    return DECODER_BYTES + size.decode_bytes(max(1, min(all_latents, fitting)))


def in_words(recipe: Recipe, cards_gib: tuple[float, ...]) -> Iterator[str]:
    """One part of a sentence each, for cards of these sizes."""
    yield f"encoding the song {song_bytes() / _GIB:.1f} GiB"
    if enlarging_bytes(recipe):
        yield f"enlarging a window {enlarging_bytes(recipe) / _GIB:.1f} GiB"
    for gib in cards_gib:
        yield f"decoding {decoding_bytes(recipe, int(gib * _GIB)) / _GIB:.1f} GiB on a card of {gib:g} GiB"


def chunk_bytes(card_bytes: int) -> int:
    """ComfyUI's largest chunk of a decode on a card."""
    share = (card_bytes - _SMALL_CARD_BYTES) / (_LARGE_CARD_BYTES - _SMALL_CARD_BYTES)
    return int(_SMALLEST_CHUNK_BYTES + max(0.0, min(1.0, share)) * (_LARGEST_CHUNK_BYTES - _SMALLEST_CHUNK_BYTES))
