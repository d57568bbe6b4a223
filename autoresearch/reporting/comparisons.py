"""Arms of an experiment, compared in every metric that they have numbers for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..statistics import ArmRun, ComparisonError, Difference, compare
from ..tracker import COMPLETE, RunRow

BASELINE = "baseline"


@dataclass(frozen=True)
class ArmComparison:
    """One arm against the baseline.

    Attributes:
        experiment: Its experiment.
        arm: The arm.
        baseline: The arm that it is compared with.
        primary: The metric that decides; None if the runs name none.
        differences: In every metric that both have numbers for, the primary one first.
        left_out: Why runs were not counted, one sentence each.
    """

    experiment: str
    arm: str
    baseline: str
    primary: str | None
    differences: tuple[Difference, ...]
    left_out: tuple[str, ...] = ()


def comparisons(runs: Sequence[RunRow], baseline: str | None = None) -> tuple[ArmComparison, ...]:
    """Every arm of every experiment against the experiment's baseline.

    Only runs of one judge are compared, that of the newest run of the experiment: another judge's numbers mean something else.

    Args:
        runs: In order of time.
        baseline: Name of the arm to compare with; by default the arm called "baseline", else the one that ran first.

    Raises:
        ComparisonError: No experiment has an arm of that name.
    """
    experiments: dict[str, list[RunRow]] = {}
    for run in runs:
        if run.status == COMPLETE and run.settings.get("experiment") and run.settings.get("arm"):
            experiments.setdefault(str(run.settings["experiment"]), []).append(run)
    found = [each for name, of_it in experiments.items() for each in _of_experiment(name, of_it, baseline)]
    if baseline is not None and not found:
        arms = sorted({str(run.settings["arm"]) for of_it in experiments.values() for run in of_it})
        raise ComparisonError(f"no experiment has an arm {baseline!r} beside others; there are {', '.join(arms) or 'none'}")
    return tuple(found)


def _of_experiment(name: str, runs: Sequence[RunRow], baseline: str | None) -> Iterable[ArmComparison]:
    judge = runs[-1].judge_hash
    counted = [run for run in runs if run.judge_hash == judge]
    left_out = []
    if len(counted) < len(runs):
        left_out.append(f"{len(runs) - len(counted)} runs were judged by another judge than the newest; judge them again")
    arms = list(dict.fromkeys(str(run.settings["arm"]) for run in counted))
    base = baseline or (BASELINE if BASELINE in arms else arms[0])
    if base not in arms:
        return
    primary = next((run.primary_metric for run in reversed(counted) if run.primary_metric), None)
    as_arms = [
        ArmRun(
            str(run.settings["arm"]), f"{run.settings.get('fixture')}, seed {run.settings.get('seed')}", numbers_of(run.metrics)
        )
        for run in counted
    ]
    names = list(dict.fromkeys([*([primary] if primary else []), *(name for run in as_arms for name in run.metrics)]))
    for arm in arms:
        if arm != base:
            differences = []
            for metric in names:
                try:
                    differences.append(compare(as_arms, arm, base, metric))
                except ComparisonError:
                    continue
            yield ArmComparison(name, arm, base, primary, tuple(differences), tuple(left_out))


def _pair(settings: Mapping[str, Any]) -> str:
    return f"{settings.get('fixture')}, seed {settings.get('seed')}"


def numbers_of(metrics: Mapping[str, Any]) -> dict[str, float]:
    """The metrics that are numbers, by name; one that is an object counts by its `value`."""
    found = {}
    for name, value in metrics.items():
        number = value.get("value") if isinstance(value, Mapping) else value
        if isinstance(number, int | float) and not isinstance(number, bool):
            found[name] = float(number)
    return found
