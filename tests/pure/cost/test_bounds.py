"""Least time by card, and what sets it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audio_loop.cost.bounds import Limit, bound
from audio_loop.cost.cards import CARDS, card_named
from audio_loop.cost.memory import sampling_memory
from audio_loop.cost.weights import PUBLISHED_FP8, Precision

from .test_cheaper import one_stage, plan, two_stages


def least(name, recipe=None, weights=PUBLISHED_FP8, *, eight=True):
    return bound(weights, recipe or one_stage(), card_named(name), eight_bit_attention=eight)


def test_a_song_of_three_minutes_on_one_card():
    assert least("RTX 4090", eight=False).seconds / 60 == pytest.approx(13.6, abs=0.1)
    assert least("RTX 4090", two_stages()).seconds / 60 == pytest.approx(4.6, abs=0.2)
    draft = two_stages().samplings[:2]
    assert least("RTX 4090", replace(two_stages(), samplings=draft)).seconds / 60 == pytest.approx(1.7, abs=0.1)


def test_a_card_that_is_too_small_for_the_weights_brings_them_in_every_step():
    found = least("RTX 4070")
    assert found.memory.all_bytes > found.card.memory_bytes
    assert found.limit is Limit.COMPUTE
    per_step = found.transfer_seconds / one_stage().calls
    assert per_step == pytest.approx((found.memory.all_bytes - found.card.memory_bytes) / 25e9)
    assert least("RTX 4090").transfer_seconds == 0


def test_small_windows_of_large_weights_wait_for_the_way_to_the_card():
    wide = replace(PUBLISHED_FP8, transformer_bytes=42_000_000_000, precision=Precision.BF16)
    small = one_stage(plan(4, 1), width=256, height=256)
    found = least("RTX 3080", small, wide)
    assert found.limit is Limit.TRANSFER
    assert found.seconds == found.transfer_seconds > found.compute_seconds


def test_a_step_that_does_not_fit_is_said_to():
    found = least("RTX 3070", one_stage(plan(19.88, 2), width=1920, height=1088))
    assert found.limit is Limit.MEMORY
    assert not found.fits
    assert least("RTX 3070").fits


def test_memory_of_the_default_window():
    memory = sampling_memory(PUBLISHED_FP8, one_stage())
    assert memory.activation_bytes / 2**30 == pytest.approx(2.754, abs=0.001)
    assert memory.all_bytes / 2**30 == pytest.approx(21.4, abs=0.1)
    assert memory.streamed_bytes(24 << 30) == 0
    assert memory.streamed_bytes(1) == PUBLISHED_FP8.transformer_bytes


def test_weights_in_fewer_bits_are_faster_if_the_card_has_them():
    by_bits = {each: replace(PUBLISHED_FP8, precision=each) for each in Precision}

    def seconds(name, precision):
        return least(name, weights=by_bits[precision]).seconds

    assert seconds("RTX 5090", Precision.FP4) < seconds("RTX 5090", Precision.FP8) < seconds("RTX 5090", Precision.BF16)
    assert seconds("RTX 3090", Precision.FP8) == seconds("RTX 3090", Precision.BF16) > seconds("RTX 3090", Precision.INT8)
    assert seconds("RTX 4090", Precision.FP4) == seconds("RTX 4090", Precision.FP8)


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("4090", "RTX 4090"),
        ("rtx 4060 ti", "RTX 4060 Ti"),
        ("4060ti", "RTX 4060 Ti"),
        ("NVIDIA A100-SXM4-80GB", "A100"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada"),
        ("NVIDIA L40S", "L40S"),
        ("NVIDIA GeForce RTX 4070 Ti", None),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", None),
        ("", None),
    ],
)
def test_a_card_is_known_by_what_its_driver_calls_it(name, card):
    found = card_named(name)
    assert (found and found.name) == card


def test_every_card_is_found_by_its_own_name():
    assert [card_named(card.name) for card in CARDS] == list(CARDS)
