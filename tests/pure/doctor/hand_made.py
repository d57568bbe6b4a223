"""Cases whose numbers are written by hand, for what comes behind the detectors."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from audio_loop.doctor.case import Case
from audio_loop.doctor.evidence import Evidence
from audio_loop.doctor.gather import gather
from audio_loop.doctor.origin import Origin
from audio_loop.doctor.seen import Stretch, Symptom
from audio_loop.loop_control.plan import make_plan
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS, FrameFacts, SamplePicture, WatchedVideo

FPS = 25
SEVENTY_SECONDS = make_plan(
    audio_samples=70 * 44_100, sample_rate=44_100, window_seconds="19.88", overlap_seconds="2.0", fps=str(FPS)
)
"""Cuts at 497, 945 and 1393 frames."""


def video(seconds: float = 70, **changed: object) -> WatchedVideo:
    """A grey video of which nothing is to be seen."""
    count = round(seconds * FPS)
    zeros = np.zeros(count, np.float32)
    cells = (count, CELL_ROWS, CELL_COLUMNS)
    facts = FrameFacts(
        np.arange(count) / FPS,
        *[zeros] * 11,
        cell_luma=np.zeros(cells, np.uint8),
        cell_change=np.zeros(cells, np.float16),
    )
    grey = np.full((9, 16, 3), 128, np.uint8)
    samples = tuple(SamplePicture(frame, grey) for frame in range(0, count, FPS))
    values = {
        "path": Path("song.mp4"),
        "width": 832,
        "height": 448,
        "fps": Fraction(FPS),
        "codec": "h264",
        "frames": facts,
        "samples": samples,
        "has_sound": True,
    }
    return WatchedVideo(**{**values, **changed})


def symptom(kind: str, *stretches: Stretch, strength: float = 2.0, **facts: float) -> Symptom:
    """A symptom, in the second window by default."""
    return Symptom(kind, strength, f"There is {kind}.", stretches or (Stretch(20, 21, 1),), (), tuple(facts.items()))


def evidence(*symptoms: Symptom, workflow: object = None, schedule: str | None = None, **changed: object) -> Evidence:
    """Evidence with a plan; of `changed`, `plan` and `video` are of the case, all others of the origin."""
    case = Case(changed.pop("video", None) or video(), changed.pop("plan", SEVENTY_SECONDS), schedule=schedule)
    return gather(case, symptoms, Origin(workflow, **changed))
