"""Frames without a picture: black, of one colour, or noise, as non-finite latents are decoded to."""

from __future__ import annotations

import numpy as np

from ..case import Case
from ..kinds import Kind
from ..seen import Figure, Seen, Symptom
from ..succession.blank import FLAT_CONTRAST, BlankFrames, blank_frames
from ..succession.runs import FrameRun, length_of, runs_of, seconds_at, stretch_of

KIND: Kind = "black_window"
NAME = "blank_longest_seconds"
NOTICED_SECONDS = 0.3
FADE_SECONDS = 1.0
SOURCE = (
    f"Cuts through black and flashes of light last for less than {NOTICED_SECONDS} s; what lasts for longer is a stretch "
    f"without a picture. Black of up to {FADE_SECONDS:g} s with which the video begins or ends is a fade."
)
MEANING = (
    f"The longest stretch without a picture: luma deviates by less than {FLAT_CONTRAST:g} of white, three of 255 levels "
    "(encoders leave less than one of one colour), it is several times as sharp and as restless "
    "as the rest of the video, or it is made of squares."
)


def look(case: Case) -> Seen:
    """Sees frames that have no picture."""
    blank = blank_frames(case.video)
    runs = sorted((run for run in runs_of(blank.any) if not _is_fade(case, blank, run)), key=lambda run: -length_of(case, run))
    longest = max((length_of(case, run) for run in runs), default=0.0)
    figures = (Figure(NAME, longest, "s", NOTICED_SECONDS, SOURCE, MEANING),)
    noticed = [run for run in runs if length_of(case, run) >= NOTICED_SECONDS]
    if not noticed:
        return Seen(figures)
    worst = stretch_of(case, noticed[0])
    total = sum(length_of(case, run) for run in noticed)
    where = "" if worst.window is None else f", in window {worst.window}"
    more = "" if len(noticed) == 1 else f"; {len(noticed)} such stretches, {total:.1f} s in all"
    symptom = Symptom(
        KIND,
        longest / NOTICED_SECONDS,
        f"The picture is {_look_of(blank, noticed[0])} for {longest:.1f} s from {worst.start_seconds:.1f} s on{where}{more}.",
        tuple(stretch_of(case, run) for run in noticed),
        (NAME,),
        (("blank_seconds", total), ("blank_frames", sum(run.stop - run.start for run in noticed))),
    )
    return Seen(figures, (symptom,))


def _look_of(blank: BlankFrames, run: FrameRun) -> str:
    shares = {
        name: float(np.mean(mask[run.start : run.stop]))
        for name, mask in (("black", blank.black), ("noise", blank.noise), ("of one colour", blank.flat))
    }
    return next((name for name, share in shares.items() if share > 0.5), "not there")


def _is_fade(case: Case, blank: BlankFrames, run: FrameRun) -> bool:
    """Whether a run is black at the start or the end of a video that has a picture."""
    at_an_edge = run.start == 0 or run.stop == len(case.video.frames)
    black = bool(blank.black[run.start : run.stop].all())
    whole = seconds_at(case, len(case.video.frames)) - seconds_at(case, 0)
    return at_an_edge and black and length_of(case, run) <= min(FADE_SECONDS, whole / 2)
