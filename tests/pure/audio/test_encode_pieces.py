"""The cuts of a song for the audio encoder: every latent once, with all that it is made from."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.audio.encode_pieces import EncoderTime
from audio_loop.audio.rate_change import block, reach
from audio_loop.audio.receptive_field import Layer, field, stride

CAUSAL, HALF = Layer(kernel=3, before=2), Layer(kernel=3, stride=2, before=2)
SPECTRUM = Layer(kernel=1024, stride=160, before=512, after=512)
LTX = (SPECTRUM, CAUSAL, *[CAUSAL] * 4, HALF, *[CAUSAL] * 4, HALF, *[CAUSAL] * 9)
"""LTX 2.3: three levels of two blocks of two convolutions, two blocks in the middle, one convolution on each side."""
BOTH_SIDES = (SPECTRUM, Layer(kernel=3, before=1, after=1), Layer(kernel=3, stride=2, after=1))

TIMES = {
    "LTX 2.3": EncoderTime(44_100, 16_000, LTX),
    "at its own rate": EncoderTime(16_000, 16_000, LTX),
    "another rate": EncoderTime(44_100, 24_000, LTX),
    "from 48 kHz": EncoderTime(48_000, 16_000, LTX),
    "looks ahead": EncoderTime(44_100, 16_000, BOTH_SIDES),
}


def test_ltx():
    time = TIMES["LTX 2.3"]
    assert time.unit == (1, 1764)
    assert time.halo == (27, 0)
    assert time.latents_per_second == 25.0
    assert time.latents(44_100 * 180) == 25 * 180 + 1


@pytest.mark.parametrize("time", TIMES.values(), ids=TIMES)
@settings(max_examples=40, deadline=None)
@given(samples=st.integers(44_100 // 2, 44_100 * 20), piece_latents=st.integers(1, 200))
def test_every_latent_is_made_once_and_from_all_that_it_hears(time, samples, piece_latents):
    old, new = block(time.wave_hz, time.mel_hz)
    step, around = stride(time.layers), reach(old, new)
    first, last = field(time.layers)
    total = time.latents(samples)
    position = 0
    for piece in time.pieces(samples, piece_latents):
        assert piece.first == position
        position = piece.end
        assert piece.end - piece.first <= max(piece_latents, time.unit[0])
        # The piece begins where two samples of the two rates and a latent lie at the same moment.
        assert piece.begin_sample * new % old == 0
        assert (piece.first - piece.spoilt) * step * old == piece.begin_sample * new
        assert time.latents(piece.end_sample - piece.begin_sample) >= piece.spoilt + piece.end - piece.first
        wanted = max(0, math.floor((piece.first * step + first) * old / new) - around)
        assert piece.begin_sample <= wanted
        if piece.end_sample < samples:
            assert math.ceil(((piece.end - 1) * step + last) * old / new) + around < piece.end_sample
    assert position == total


def test_pieces_go_on_from_a_latent():
    time = TIMES["LTX 2.3"]
    whole = list(time.pieces(44_100 * 60, 100))
    assert list(time.pieces(44_100 * 60, 100, first=300)) == whole[3:]
    assert [piece.spoilt for piece in whole[:3]] == [0, 27, 27]
    assert whole[1].begin_sample == 73 * 1764
    assert whole[1].end_sample == 200 * 1764
