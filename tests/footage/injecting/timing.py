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
    chosen = set(lines) if random.random() < 0.4 else {int(random.choice(list(lines)))}
    entries, stretches, last = [take.entries[0]], [], 0.0
    for line in lines:
        seen, text = take.entries[line]
        written = seen
        if line in chosen:
            written = float(np.clip(seen + shift, last + 0.3, end - 0.3))
            stretches.append((min(seen, written), max(seen, written)))
        last = max(last, written)
        entries.append((written, text))
    take.entries = entries
    return Injected(defect.kind, defect.strength, defect.way, tuple(stretches), (), (("written_off_seconds", shift),))
