from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.units import (
    AUDIO_LATENTS_PER_SECOND,
    audio_latents_for_clip,
    is_clip_px,
    largest_clip_px,
    latents_from_pixels,
    pixels_from_latents,
    pixels_from_new_latents,
    round_half_up,
    smallest_clip_px,
)


@pytest.mark.parametrize(("px", "latents"), [(1, 1), (8, 1), (9, 2), (16, 2), (17, 3), (50, 7), (97, 13), (497, 63)])
def test_latents_from_pixels(px, latents):
    assert latents_from_pixels(px) == latents


@pytest.mark.parametrize(("px", "below", "above"), [(1, 1, 1), (2, 1, 9), (8, 1, 9), (9, 9, 9), (500, 497, 505)])
def test_clip_lengths_around(px, below, above):
    assert (largest_clip_px(px), smallest_clip_px(px)) == (below, above)


@pytest.mark.parametrize("count", [0, -1])
def test_nothing_is_no_clip(count):
    with pytest.raises(PlanError, match=str(count)):
        latents_from_pixels(count)
    with pytest.raises(PlanError, match=str(count)):
        pixels_from_latents(count)
    assert not is_clip_px(count)


@given(st.integers(1, 10**6))
def test_latents_survive_the_way_there_and_back(latents):
    assert latents_from_pixels(pixels_from_latents(latents)) == latents
    assert is_clip_px(pixels_from_latents(latents))


@given(st.integers(1, 10**6), st.integers(1, 1000))
def test_new_latents_add_whole_latents(latents, new):
    assert pixels_from_latents(latents + new) == pixels_from_latents(latents) + pixels_from_new_latents(new)


@given(st.integers(1, 10**6))
def test_clip_lengths_enclose(px):
    assert largest_clip_px(px) <= px <= smallest_clip_px(px)
    assert smallest_clip_px(px) - largest_clip_px(px) in (0, 8)
    assert is_clip_px(px) == (largest_clip_px(px) == px)


@pytest.mark.parametrize(("value", "rounded"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.49", 2), ("-0.5", 0)])
def test_halves_go_up(value, rounded):
    assert round_half_up(Fraction(value)) == rounded


@pytest.mark.parametrize(
    ("px", "fps", "latents"),
    [(497, 25, 497), (97, 24, 101), (481, Fraction(24000, 1001), 502), (97, 30, 81), (497, 50, 248)],
)
def test_audio_latents_for_clip(px, fps, latents):
    assert audio_latents_for_clip(px, Fraction(fps)) == latents


@given(st.integers(1, 5000), st.fractions(1, 240, max_denominator=1001))
def test_audio_latents_are_the_nearest_whole_number(px, fps):
    error = audio_latents_for_clip(px, fps) - px / fps * AUDIO_LATENTS_PER_SECOND
    assert abs(error) <= Fraction(1, 2) + Fraction(1, 10**6)
