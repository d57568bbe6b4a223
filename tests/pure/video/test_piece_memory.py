"""The longest piece of a decode for so much memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.video.piece_memory import DecoderSize

MIB = 2**20
HD_8_GIB = DecoderSize(latent_bytes=1024 * 2 * 22 * 40, chunk_bytes=int(32 * MIB + (8 - 6) / (24 - 6) * 96 * MIB))
"""1280x704 in bfloat16 on a card of 8 GiB."""


@given(st.integers(1, 10**7), st.integers(1, 128 * MIB), st.integers(0, 80 * 2**30))
def test_the_longest_piece_fits_and_one_latent_more_does_not(latent_bytes, chunk_bytes, room):
    size = DecoderSize(latent_bytes, chunk_bytes)
    latents = size.latents_that_fit(room)
    assert latents == 0 or size.decode_bytes(latents) <= room
    assert size.decode_bytes(latents + 1) > room - 2


@pytest.mark.parametrize(
    ("card", "latents", "counted_mib"),
    [(6, 64, 2393), (6, 256, 3101), (6, 595, 5245), (24, 64, 8676), (24, 595, 11943), (24, 1000, 13429)],
)
def test_it_is_about_what_was_counted(card, latents, counted_mib):
    """Counted on ComfyUI's own network at 1280x704: benchmarks/decode_memory.py."""
    chunk = {6: 32 * MIB, 24: 128 * MIB}[card]
    said = DecoderSize(HD_8_GIB.latent_bytes, chunk).decode_bytes(latents) / MIB
    assert counted_mib * 0.88 < said < counted_mib * 1.25


def test_an_8_gib_card_decodes_less_at_once_if_others_use_it():
    assert HD_8_GIB.latents_that_fit(6 * 2**30) > 595
    assert 100 < HD_8_GIB.latents_that_fit(int(3.6 * 2**30)) < 300
    assert HD_8_GIB.latents_that_fit(3 * 2**30) == 0
