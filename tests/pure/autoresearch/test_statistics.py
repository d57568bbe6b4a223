"""Comparison of two arms: intervals that hold zero if there is nothing, and do not if there is something."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.autoresearch.statistics import ArmRun, ComparisonError, compare, interval

SEEDS, REPEATS = 8, 2


def experiment(number: int, planted: float = 0.0) -> list[ArmRun]:
    """Runs of two arms: what a seed does to a video is four times as large as what changes from repeat to repeat."""
    random = np.random.default_rng([number, 7])
    tails = [random.standard_normal, lambda: random.standard_t(3), random.laplace, lambda: random.lognormal() - 1.65]
    noise = tails[number % len(tails)]
    runs = []
    for seed in range(SEEDS):
        of_seed = 4 * random.standard_normal()
        for arm, shift in (("baseline", 0.0), ("changed", planted)):
            runs += [ArmRun(arm, f"song, seed {seed}", {"cut_visibility": of_seed + shift + noise()}) for _ in range(REPEATS)]
    return runs


def test_identical_arms_hold_zero_in_at_least_95_of_100_experiments() -> None:
    found = [compare(experiment(number), "changed", "baseline", "cut_visibility").is_found for number in range(200)]
    assert sum(found) <= 10


def test_a_planted_difference_is_found() -> None:
    found = [compare(experiment(number, 4.0), "changed", "baseline", "cut_visibility") for number in range(200)]
    assert sum(each.is_found and each.mean > 0 for each in found) >= 190


def test_unpaired_means_would_not_find_it() -> None:
    """The difference is smaller than what seeds do: without pairs the seeds hide it."""
    runs = experiment(0, 1.5)
    paired = compare(runs, "changed", "baseline", "cut_visibility")
    spread = np.std([run.metrics["cut_visibility"] for run in runs if run.arm == "baseline"])
    assert abs(paired.mean - 1.5) < spread / 2


def test_arms_that_give_the_same_numbers_differ_by_nothing() -> None:
    runs = [ArmRun(arm, str(seed), {"m": seed * 1.1}) for arm in ("a", "b") for seed in range(5)]
    found = compare(runs, "a", "b", "m")
    assert (found.mean, found.low, found.high, found.is_found) == (0, 0, 0, False)
    assert found.words == "no difference at all: both arms gave the same numbers"


@pytest.mark.parametrize("pairs", [1, 2, 3])
def test_too_few_pairs_have_no_interval(pairs: int) -> None:
    runs = [ArmRun(arm, str(seed), {"m": seed + (arm == "a")}) for arm in ("a", "b") for seed in range(pairs)]
    found = compare(runs, "a", "b", "m")
    assert math.isnan(found.low)
    assert not found.is_found
    assert "at least 4 seeds" in found.words


def test_pairs_that_one_arm_lacks_are_named_and_left_out() -> None:
    runs = [ArmRun(arm, str(seed), {"m": float(seed)}) for arm in ("a", "b") for seed in range(4)]
    runs += [ArmRun("a", "4", {"m": 100.0}), ArmRun("b", "5", {}), ArmRun("a", "5", {"m": 1.0})]
    found = compare(runs, "a", "b", "m")
    assert (found.pairs, found.left_out) == (4, ("4", "5"))


def test_repeats_count_as_one_pair() -> None:
    runs = [ArmRun("a", "0", {"m": value}) for value in (1.0, 3.0)] + [ArmRun("b", "0", {"m": 1.0})]
    found = compare(runs, "a", "b", "m")
    assert (found.pairs, found.mean) == (1, 1.0)


def test_an_unknown_arm_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ComparisonError, match="no finished run of arm 'c'; there are a, b"):
        compare([ArmRun("a", "0", {}), ArmRun("b", "0", {})], "c", "a", "m")


def test_a_metric_that_nobody_has_is_refused() -> None:
    with pytest.raises(ComparisonError, match="no pair of the same fixture and seed with a number for lpips"):
        compare([ArmRun("a", "0", {}), ArmRun("b", "0", {})], "b", "a", "lpips")


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=12), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_the_interval_moves_and_grows_with_its_values(values: list[float], shift: float, scale: float) -> None:
    low, high = interval(values)
    assert low <= np.mean(values) <= high or low == high
    moved = interval([value * scale + shift for value in values])
    size = max(1.0, *map(abs, values)) * max(1.0, scale)
    assert moved == pytest.approx((low * scale + shift, high * scale + shift), abs=1e-6 * size, rel=1e-4)


def test_a_difference_that_is_not_found_is_said_to_be_none_found() -> None:
    found = compare(experiment(1), "changed", "baseline", "cut_visibility")
    assert not found.is_found
    assert found.words == "no difference found: the interval reaches zero"
