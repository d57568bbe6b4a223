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
    lines = range(1, len(take.entries))
    room = [line for line in lines if take.entries[line - 1][0] + 0.5 <= take.entries[line][0] + shift <= end - 0.5]
    if not room:
        raise ValueError(f"no line of {take.entries} can be written {shift} s away")
    chosen = set(room) if random.random() < 0.4 else {int(random.choice(room))}
    entries, stretches = [take.entries[0]], []
    for line in lines:
        seen, text = take.entries[line]
        written = seen
        if line in chosen:
            written = seen + shift
            stretches.append((min(seen, written), max(seen, written)))
        entries.append((written, text))
    take.entries = entries
    return Injected(defect.kind, defect.strength, defect.way, tuple(stretches), (), (("written_off_seconds", shift),))
