from __future__ import annotations

import gc
import math

import pytest
import torch

from audio_loop.attention import key_groups as module
from audio_loop.attention.key_groups import MAX_GROUPS, KeyGroupCache, key_groups

LOWEST = torch.finfo(torch.float32).min


def row(*stretches):
    """A mask of one row, (1, 1, 1, n): (length, bias) each."""
    return torch.cat([torch.full((length,), float(bias)) for length, bias in stretches]).view(1, 1, 1, -1)


def as_pairs(groups):
    return [(g.keys if isinstance(g.keys, slice) else g.keys.tolist(), g.bias) for g in groups]


def test_a_guide_anywhere_is_one_group_and_the_rest_another():
    for mask, expected in (
        (row((5, 0), (3, -0.5)), [(slice(0, 5), 0.0), (slice(5, 8), -0.5)]),
        (row((3, -0.5), (5, 0)), [(slice(0, 3), -0.5), (slice(3, 8), 0.0)]),
        (row((2, 0), (3, -0.5), (2, 0)), [([0, 1, 5, 6], 0.0), (slice(2, 5), -0.5)]),
        (row((2, 0), (1, 1.5), (1, -0.5), (2, 1.5)), [(slice(0, 2), 0.0), ([2, 4, 5], 1.5), (slice(3, 4), -0.5)]),
    ):
        assert as_pairs(key_groups(mask)) == expected


@pytest.mark.parametrize("lowest", [LOWEST, -math.inf])
def test_keys_that_nobody_sees_are_left_out(lowest):
    assert as_pairs(key_groups(row((5, 0), (3, lowest), (1, -1)))) == [(slice(0, 5), 0.0), (slice(8, 9), -1.0)]
    assert key_groups(row((5, lowest), (3, lowest))) is None, "no key at all"
    half = row((5, 0), (3, torch.finfo(torch.bfloat16).min)).bfloat16()
    assert as_pairs(key_groups(half)) == [(slice(0, 5), 0.0)]


def test_boolean_masks_hide_or_show():
    mask = torch.tensor([[True, True, False, True]])
    assert as_pairs(key_groups(mask)) == [([0, 1, 3], 0.0)]


def test_a_bias_may_differ_from_query_to_query_and_between_rows_of_a_batch():
    mask = torch.zeros(2, 1, 3, 6)
    mask[:, :, :, :4] = torch.tensor([[-1.0, -2.0, -3.0], [LOWEST, 0.5, 0.5]]).view(2, 1, 3, 1)
    first, second = key_groups(mask)
    assert (first.keys, second.keys, second.bias) == (slice(0, 4), slice(4, 6), 0.0)
    assert torch.equal(first.bias, mask[..., 0])
    assert key_groups(mask.flatten(0, 1)).__len__() == 2, "(B, Tq, Tk)"
    mask[1, 0, 0] = LOWEST
    assert key_groups(mask) is None, "one query sees nothing"


def test_a_mask_of_pixels_is_not_one_bias_per_key(monkeypatch):
    assert key_groups(torch.randn(1, 1, 4, 500)) is None
    stairs = row(*((3, -0.1 * step) for step in range(MAX_GROUPS + 1)))
    assert key_groups(stairs) is None
    assert len(key_groups(stairs[..., :-3])) == MAX_GROUPS
    monkeypatch.setattr(module, "ELEMENTS_AT_ONCE", 20)
    below = torch.zeros(1, 1, 6, 10)
    below[0, 0, 5, 7] = -1.0
    assert [g.keys if isinstance(g.keys, slice) else len(g.keys) for g in key_groups(below)] == [9, slice(7, 8)]
    assert key_groups(torch.full((1, 1, 1, 90), math.nan)) is None


def test_a_mask_is_read_once_while_it_lives_and_is_not_written_to(monkeypatch):
    reads = []
    monkeypatch.setattr(module, "key_groups", lambda mask: reads.append(mask.shape[-1]) or ())
    cache = KeyGroupCache()
    mask, other = row((5, 0), (3, -0.5)), row((4, 0))
    for _ in range(3):
        cache.of(mask)
        cache.of(other)
    assert reads == [8, 4]
    mask[..., 0] = 1.0
    cache.of(mask)
    assert reads == [8, 4, 8]
    with torch.inference_mode():
        inferred = row((7, 0))
        cache.of(inferred)
        cache.of(inferred)
    assert reads == [8, 4, 8, 7]
    del mask, other, inferred
    gc.collect()
    assert cache._known == {}
