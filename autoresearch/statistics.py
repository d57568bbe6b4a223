"""Two arms of an experiment compared: the same seeds in both, so that what seeds do to a video cancels out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

CONFIDENCE = 0.95
DRAWS = 4000
FEWEST_PAIRS = 4
"""Of three pairs there are ten different resamples, too few for an interval at 95 %."""
BOOTSTRAP_SEED = 20260426
"""Fixed: the same runs give the same interval each time a report is made."""


class ComparisonError(ValueError):
    """These runs cannot be compared."""


@dataclass(frozen=True)
class ArmRun:
    """One finished run of an arm.

    Attributes:
        arm: Its arm.
        pair: Whatever is the same in both arms: fixture and seed.
        metrics: Name -> number; a metric that could not be measured is not in it.
    """

    arm: str
    pair: str
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Difference:
    """An arm less the baseline, in one metric.

    Attributes:
        metric: Its name.
        arm: The arm.
        baseline: What it is compared with.
        pairs: How many pairs both arms have; repeats of a pair count as one, by their mean.
        baseline_mean: Mean of the baseline over those pairs.
        mean: Mean difference.
        low: Lower end of its interval at `CONFIDENCE`; NaN if there are too few pairs.
        high: Upper end.
        differences: Pair -> its difference, in order of the pairs' names.
        left_out: Pairs that only one of the arms has, or in which a repeat has no such number.
    """

    metric: str
    arm: str
    baseline: str
    pairs: int
    baseline_mean: float
    mean: float
    low: float
    high: float
    differences: Mapping[str, float]
    left_out: tuple[str, ...] = ()

    @property
    def is_found(self) -> bool:
        """True if the interval does not reach zero."""
        return self.low > 0 or self.high < 0

    @property
    def words(self) -> str:
        """The outcome in a sentence."""
        if math.isnan(self.low):
            return f"{self.pairs} pairs are too few for an interval; at least {FEWEST_PAIRS} seeds are needed in both arms"
        if self.low == self.high == 0:
            return "no difference at all: both arms gave the same numbers"
        if self.is_found:
            return "a difference: the interval does not reach zero"
        return "no difference found: the interval reaches zero"


def compare(runs: Sequence[ArmRun], arm: str, baseline: str, metric: str) -> Difference:
    """Compares an arm with the baseline over the pairs that both have.

    Raises:
        ComparisonError: They have no pair in common, or there is no such arm.
    """
    there = {run.arm for run in runs}
    for name in (arm, baseline):
        if name not in there:
            raise ComparisonError(f"there is no finished run of arm {name!r}; there are {', '.join(sorted(there)) or 'none'}")
    ours, theirs = _means(runs, arm, metric), _means(runs, baseline, metric)
    shared = sorted(ours.keys() & theirs.keys())
    if not shared:
        raise ComparisonError(f"{arm} and {baseline} have no pair of the same fixture and seed with a number for {metric}")
    pairs_of_both = {run.pair for run in runs if run.arm in (arm, baseline)}
    differences = {pair: ours[pair] - theirs[pair] for pair in shared}
    low, high = interval(list(differences.values()))
    return Difference(
        metric=metric,
        arm=arm,
        baseline=baseline,
        pairs=len(shared),
        baseline_mean=fmean(theirs[pair] for pair in shared),
        mean=fmean(differences.values()),
        low=low,
        high=high,
        differences=differences,
        left_out=tuple(sorted(pairs_of_both - set(shared))),
    )


def _means(runs: Sequence[ArmRun], arm: str, metric: str) -> dict[str, float]:
    """Pair -> mean over its repeats; a pair of which one repeat has no number is left out."""
    values: dict[str, list[float | None]] = {}
    for run in runs:
        if run.arm == arm:
            values.setdefault(run.pair, []).append(run.metrics.get(metric))
    return {
        pair: fmean(known) for pair, each in values.items() if len(known := [v for v in each if v is not None]) == len(each)
    }


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Interval of the mean of paired differences at `CONFIDENCE`: symmetric bootstrap-t.

    Percentile and BCa intervals, which are better known, hold zero in 78 to 90 % of experiments without any difference if there
    are 4 to 8 pairs; this one in 95 to 99 % (`benchmarks/ab_intervals.py`).
    Source: P. Hall, "On Symmetric Bootstrap Confidence Intervals", Journal of the Royal Statistical Society B 50 (1988).

    Args:
        differences: One for each pair.

    Returns:
        Lower and upper end; NaN of fewer than `FEWEST_PAIRS` differences.
    """
    import numpy as np

    count = len(differences)
    if count < FEWEST_PAIRS:
        return math.nan, math.nan
    values = np.asarray(differences, np.float64)
    mean, error = values.mean(), values.std(ddof=1) / math.sqrt(count)
    if error == 0:
        return float(mean), float(mean)
    drawn = values[np.random.default_rng(BOOTSTRAP_SEED).integers(0, count, (DRAWS, count))]
    errors = drawn.std(axis=1, ddof=1) / math.sqrt(count)
    # A resample of one value over and over has no error of its own; it says nothing of how far a mean lies off.
    some = errors > np.finfo(np.float64).eps * np.abs(values).max()
    reach = np.quantile(np.abs(drawn.mean(axis=1)[some] - mean) / errors[some], CONFIDENCE) * error
    return float(mean - reach), float(mean + reach)
