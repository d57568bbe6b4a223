"""A video that begins with a picture that stands, and moves later."""

from __future__ import annotations

from ..case import Case
from ..kinds import Kind
from ..seen import Figure, Seen, Symptom
from ..succession.runs import length_of, stretch_of
from ..succession.standing import NOTICED_SECONDS, standing_of, starts_standing

KIND: Kind = "frozen_start"
NAME = "frozen_start_seconds"
SOURCE = (
    "Frozen pictures are noticed from about 0.2 s in lively scenes and much later in quiet ones (Huynh-Thu and Ghanbari 2006); "
    f"{NOTICED_SECONDS} s is longer than any ordinary pause."
)


def look(case: Case) -> Seen:
    """Sees for how long the first picture stands."""
    standing = standing_of(case)
    meaning = "For how long the first picture stands before anything moves."
    if standing is None:
        why = "the video is shorter than half a second, in which motion is told"
        return Seen((Figure(NAME, None, "s", NOTICED_SECONDS, SOURCE, meaning, why),))
    run = starts_standing(case, standing)
    seconds = 0.0 if run is None else length_of(case, run)
    figures = (Figure(NAME, seconds, "s", NOTICED_SECONDS, SOURCE, meaning),)
    if run is None:
        return Seen(figures)
    symptom = Symptom(
        KIND,
        seconds / NOTICED_SECONDS,
        f"The first {seconds:.1f} s show one picture that stands; then it moves.",
        (stretch_of(case, run),),
        (NAME,),
        (("frozen_seconds", seconds), ("frozen_frames", run.stop - run.start)),
    )
    return Seen(figures, (symptom,))
