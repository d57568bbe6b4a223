"""Frames that are shown again in place of what should come next."""

from __future__ import annotations

import numpy as np

from ..case import Case
from ..kinds import Kind
from ..seen import Figure, Seen, Stretch, Symptom
from ..succession.repeats import cadence_of, repeated_frames
from ..succession.runs import seconds_at

KIND: Kind = "duplicated_frames"
RATE, COUNT = "repeated_frames_per_second", "repeated_frames"
NOTICED_PER_SECOND = 1.5
SURE_PER_SECOND = 2.6
SURE_PER_SECOND_OF_H264 = 1.9
NOTICED_IN_CADENCE = 0.8
FEWEST = 3
OVER_SECONDS = 3.0
SOURCE = (
    "One or two repeats a second are seen as a stutter, but encoders that skip small motion repeat some of a quiet "
    "scene: VP9 up to 2.3 a second, H.264 one. "
    f"In a steady cadence {NOTICED_IN_CADENCE:g} counts: 24 frames shown as 25 repeat one a second, whose judder is seen."
)


def look(case: Case) -> Seen:
    """Sees frames that are the frame before once more, while those around them move; stretches that stand are not counted.

    Drawings on twos, each shown twice throughout, are reported too: no model makes them, so they come from a wrong frame rate.
    """
    frames, fps = case.video.frames, float(case.video.fps)
    repeated = repeated_frames(case)
    meaning = f"Frames that repeat the frame before, in the {OVER_SECONDS:g} s where they are most."
    numbers = np.flatnonzero(repeated)
    seconds = max(seconds_at(case, len(frames)), 1 / fps)
    over = min(OVER_SECONDS, seconds)
    width = max(1, round(over * fps))
    counts = np.convolve(repeated, np.ones(width))[width - 1 :]
    rate = float(counts.max(initial=0)) / over
    cadence = cadence_of(numbers)
    noticed, sure = (NOTICED_IN_CADENCE,) * 2 if cadence else (NOTICED_PER_SECOND, _sure_rate(case.video.codec))
    figures = (
        Figure(RATE, rate, "a second", sure, SOURCE, meaning),
        Figure(COUNT, float(len(numbers)), "frames", None, "", "Frames that repeat the frame before, in all."),
    )
    if rate < sure or len(numbers) < FEWEST:
        return Seen(figures)
    start = int(counts.argmax())
    rhythm = f", one of {cadence} throughout" if cadence else ""
    if cadence == 2:
        rhythm = ", each picture twice, as drawings on twos"
    symptom = Symptom(
        KIND,
        rate / noticed,
        f"{len(numbers)} of {len(frames)} frames show the frame before once more{rhythm}: up to {rate:.1f} a second.",
        _stretches(case, numbers, start, width),
        (RATE, COUNT),
        (("repeated_frames", len(numbers)), ("repeats_per_second", rate), *((("cadence_frames", cadence),) if cadence else ())),
    )
    return Seen(figures, (symptom,))


def _sure_rate(codec: str) -> float:
    return SURE_PER_SECOND_OF_H264 if codec == "h264" else SURE_PER_SECOND


def _stretches(case: Case, numbers: np.ndarray, start: int, width: int) -> tuple[Stretch, ...]:
    """The part with the most repeats, and all of the video from the first to the last if they go on."""
    inside = numbers[(numbers >= start) & (numbers < start + width)]
    if len(numbers) > len(inside):
        inside = numbers
    first, last = int(inside[0]), int(inside[-1])
    return (Stretch(seconds_at(case, first), seconds_at(case, last + 1), case.window_at(first)),)
