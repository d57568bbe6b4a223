"""Three kinds of bootstrap: how often their interval of paired differences holds the true mean.

    python benchmarks/ab_intervals.py

Differences are drawn from five shapes, without any true difference; a good interval at 95 % holds zero in 95 % of all.
"""

from __future__ import annotations

import sys

import _setup  # noqa: F401
import numpy as np
from scipy.stats import bootstrap

from audio_loop.autoresearch.statistics import CONFIDENCE, interval

EXPERIMENTS = 400
DRAWS = 1000
SHAPES = {
    "normal": lambda random, n: random.standard_normal(n),
    "Student, 3 degrees": lambda random, n: random.standard_t(3, n),
    "Laplace": lambda random, n: random.laplace(size=n),
    "skewed": lambda random, n: random.lognormal(0, 0.8, n) - random.lognormal(0, 0.8, n),
    "one in ten eight times as far": lambda random, n: random.standard_normal(n) * np.where(random.random(n) < 0.1, 8, 1),
}


def held(shape: str, pairs: int) -> dict[str, float]:
    """Share of experiments whose interval holds zero, by kind of interval."""
    random = np.random.default_rng([list(SHAPES).index(shape), pairs])
    holds = {"symmetric bootstrap-t": 0, "percentile": 0, "BCa": 0}
    for _ in range(EXPERIMENTS):
        differences = SHAPES[shape](random, pairs)
        low, high = interval(differences)
        holds["symmetric bootstrap-t"] += low <= 0 <= high
        for method in ("percentile", "BCa"):
            drawn = bootstrap(
                (differences,), np.mean, method=method, n_resamples=DRAWS, confidence_level=CONFIDENCE, rng=random
            ).confidence_interval
            holds[method] += drawn.low <= 0 <= drawn.high
    return {name: count / EXPERIMENTS for name, count in holds.items()}


def main() -> None:
    """Prints the table."""
    write = sys.stdout.write
    write("| pairs | differences | symmetric bootstrap-t | percentile | BCa |\n|---|---|---|---|---|\n")
    for pairs in (4, 6, 8, 12, 20):
        for shape in SHAPES:
            share = held(shape, pairs)
            write(f"| {pairs} | {shape} | " + " | ".join(f"{value:.3f}" for value in share.values()) + " |\n")


if __name__ == "__main__":
    main()
