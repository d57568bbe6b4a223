"""Rhythms of a tiled decoder and the widget values behind them."""

from __future__ import annotations

import pytest

from audio_loop.doctor.tile_values import advance_frames, explaining_values, values_for_stride


@pytest.mark.parametrize(
    ("size", "overlap", "frames"),
    [
        (64, 8, 56),  # the old default: 2.24 s at 25 frames per second
        (512, 64, 448),  # the stride of the default: 17.92 s
        (256, 32, 224),
        (64, 40, 48),  # more than half is halved before it becomes latents: 64 / 8 - 20 / 8
        (64, 4, 56),  # at least one latent is shared
    ],
)
def test_the_rhythm_of_two_values(size, overlap, frames):
    assert advance_frames(size, overlap) == frames


@pytest.mark.parametrize("period", range(8, 601, 8))
def test_every_period_of_whole_latents_has_values_that_give_it(period):
    values = explaining_values(period)
    assert values
    assert {advance_frames(*pair) for pair in values} == {period}


@pytest.mark.parametrize("period", [0, 9, 50, 57])
def test_no_values_give_another_one(period):
    assert explaining_values(period) == ()


def test_the_values_that_the_guide_names():
    assert (64, 8) in explaining_values(56)
    assert (512, 64) in explaining_values(448)
    assert [values_for_stride(stride) for stride in (472, 448, 424, 400)] == [(544, 72), (512, 64), (480, 56), (448, 48)]
