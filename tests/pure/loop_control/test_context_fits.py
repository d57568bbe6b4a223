"""The overlap that a loop can take from what one window hands on."""

from __future__ import annotations

import pytest

from audio_loop.loop_control.context_fits import check_context_fits
from audio_loop.loop_control.errors import PlanError

from .test_plan import plan_of


def test_a_context_longer_than_what_a_window_adds_is_refused_with_the_largest_that_works():
    with pytest.raises(PlanError, match=r"3\.0, which is 10 latents, but each window adds only 6,.* this window is 2\.28 s"):
        check_context_fits(plan_of(180, window_seconds=4.84, overlap_seconds=3))
    check_context_fits(plan_of(180, window_seconds=4.84, overlap_seconds=2.28))


def test_with_one_window_behind_the_first_the_initial_render_is_long_enough():
    plan = plan_of(6, window_seconds=4.84, overlap_seconds=3)
    assert plan.iterations == 1
    check_context_fits(plan)
