"""A video, or a stretch in it, in which the picture stands though it should move."""

from __future__ import annotations

import numpy as np

from ..case import Case
from ..kinds import Kind
from ..seen import Curve, Figure, Seen, Symptom
from ..succession.runs import length_of, stretch_of
from ..succession.standing import NOTICED_SECONDS, STANDS, STANDS_SHARE, standing_of, starts_standing

KIND: Kind = "frozen_window"
LONGEST, ORDINARY = "frozen_longest_seconds", "half_second_change"
SOURCE = (
    "Frozen pictures are noticed from about 0.2 s in lively scenes and much later in quiet ones (Huynh-Thu and Ghanbari 2006); "
    f"{NOTICED_SECONDS} s is longer than any ordinary pause."
)
MEANING = (
    "The longest stretch after the start in which no part of the picture is another than half a second before, but for what "
    f"encoders leave of equal frames: 1 of 255 levels ({STANDS:g}), or {STANDS_SHARE:.0%} of the video's ordinary half second."
)


def look(case: Case) -> Seen:
    """Sees the stretches in which the picture stands; the start of a video that moves later is `frozen_start`'s."""
    standing = standing_of(case)
    if standing is None:
        why = "the video is shorter than half a second, in which motion is told"
        return Seen((Figure(LONGEST, None, "s", NOTICED_SECONDS, SOURCE, MEANING, why),))
    first = starts_standing(case, standing)
    runs = sorted((run for run in standing.runs if run != first), key=lambda run: -length_of(case, run))
    longest = standing.longest_seconds if first is None else max((length_of(case, run) for run in runs), default=0.0)
    figures = (
        Figure(LONGEST, longest, "s", NOTICED_SECONDS, SOURCE, MEANING),
        Figure(
            ORDINARY,
            standing.ordinary,
            "of white",
            None,
            "",
            "Change within half a second of the part that changes most, median.",
        ),
    )
    slow = case.video.frames.half_second_change
    curve = Curve(
        "Change within half a second",
        "of white",
        tuple(case.video.frames.seconds.tolist()),
        tuple((np.zeros(0) if slow is None else slow).tolist()),
        standing.limit,
    )
    if not runs:
        return Seen(figures, curves=(curve,))
    total, frames = sum(length_of(case, run) for run in runs), sum(run.stop - run.start for run in runs)
    worst = stretch_of(case, runs[0])
    where = "" if worst.window is None else f", in window {worst.window}"
    more = "" if len(runs) == 1 else f"; {len(runs)} such stretches, {total:.1f} s in all"
    symptom = Symptom(
        KIND,
        longest / NOTICED_SECONDS,
        f"The picture stands for {longest:.1f} s from {worst.start_seconds:.1f} s on{where}{more}.",
        tuple(stretch_of(case, run) for run in runs),
        (LONGEST, ORDINARY),
        (("frozen_seconds", total), ("frozen_frames", frames), ("stretches", len(runs))),
    )
    return Seen(figures, (symptom,), (curve,))
