"""Encoding, enlarging and decoding go in pieces: none of them needs what a step needs, on any card."""

from __future__ import annotations

import pytest

from audio_loop.cost.cards import CARDS
from audio_loop.cost.recipe import Recipe, Sampling, WindowPart
from audio_loop.cost.stage import Stage
from audio_loop.loop_control.plan import make_plan
from audio_loop.preflight.memory_beside_sampling import chunk_bytes, decoding_bytes, in_words

GIB = 2**30


def recipe(width, height, minutes):
    made = make_plan(audio_samples=minutes * 60 * 8000, sample_rate=8000, window_seconds=8, overlap_seconds=1, fps=25)
    return Recipe((Sampling(Stage(width, height, 3), made, WindowPart.ALL, is_enlarged=True),))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
@pytest.mark.parametrize("size", [(832, 448), (1280, 704), (1920, 1088)])
def test_a_video_of_any_length_is_decoded_on_any_card_of_the_table(card, size):
    assert decoding_bytes(recipe(*size, minutes=60), card.memory_bytes) < card.memory_bytes


def test_longer_videos_take_longer_pieces_up_to_what_the_card_has():
    sizes = [decoding_bytes(recipe(1280, 704, minutes), 24 * GIB) for minutes in (1, 3, 60)]
    assert sizes == sorted(sizes)
    assert decoding_bytes(recipe(1280, 704, 3), 8 * GIB) < sizes[1] < sizes[2] <= 23 * GIB


def test_chunks_grow_with_the_card():
    assert [chunk_bytes(gib * GIB) >> 20 for gib in (4, 6, 15, 24, 80)] == [32, 32, 80, 128, 128]


def test_in_words():
    assert list(in_words(recipe(832, 448, 3), (8,))) == [
        "encoding the song 0.4 GiB",
        "enlarging a window 0.1 GiB",
        "decoding 4.5 GiB on a card of 8 GiB",
    ]
    plain = Recipe((recipe(832, 448, 3).samplings[0],))
    assert len(list(in_words(plain, ()))) == 2
