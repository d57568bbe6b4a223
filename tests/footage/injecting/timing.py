"""schedule_timing: a line of the schedule is written elsewhere than its window shows it.

Strength 1 is one second between the time that is written and the frame at which the picture changes.
"""

from __future__ import annotations

import numpy as np

from ..takes import Take
from ..values import Defect, Injected

WAYS = ("early", "late")


def written_off(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    """Writes the time of one line, or of all, earlier or later than what they describe is seen."""
    end = float(take.joins.frames / take.joins.fps)
    shift = defect.strength * (-1 if defect.way == "early" else 1)
    lines = list(range(1, len(take.entries)))
    single = [{line} for line in random.permutation(lines)]
    for chosen in [set(lines), *single] if random.random() < 0.4 else [*single, set(lines)]:
        written = [seen + (shift if line in chosen else 0.0) for line, (seen, _) in enumerate(take.entries)]
        if np.diff([*written, end]).min() >= 0.4:
            break
    else:
        raise ValueError(f"no line of {take.entries} can be written {shift} s away")
    stretches = tuple(tuple(sorted((take.entries[line][0], written[line]))) for line in sorted(chosen))
    take.entries = [(start, text) for start, (_, text) in zip(written, take.entries, strict=True)]
    return Injected(defect.kind, defect.strength, defect.way, stretches, (), (("written_off_seconds", shift),))
