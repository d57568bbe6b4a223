"""The rows of noise levels that can be chosen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from audio_loop.loop_control.noise_levels import AS_TRAINED, REFINING, ROWS, TRAINED, noise_levels
from audio_loop.workflow_graph.shipped.models import DISTILLED_SIGMAS


def test_the_first_choice_is_what_the_workflows_hold():
    assert noise_levels(AS_TRAINED) == tuple(float(part) for part in DISTILLED_SIGMAS.split(","))


@pytest.mark.parametrize("choice", ROWS)
def test_a_row_leaves_levels_out_and_says_so(choice):
    levels, whole = ROWS[choice], REFINING if "second stage" in choice else TRAINED
    assert levels == tuple(level for level in whole if level in levels)
    assert levels[0] == whole[0]
    assert levels[-1] == 0.0
    assert f"{len(levels) - 1} steps" in choice
    assert ("unproven" in choice) == (levels != whole)


def test_another_choice_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="steps is '7 steps'; choose one of: 8 steps, as trained; 6 steps"):
        noise_levels("7 steps")


def test_the_second_stage_goes_on_where_the_first_one_stood_at_that_noise():
    assert REFINING == (0.85, 0.725, 0.4219, 0.0)
    assert all(earlier > later for row in (TRAINED, REFINING) for earlier, later in pairwise(row))
