"""One video, diagnosed: the detectors, then the causes.

`diagnose(case, origin).to_json()` gives

    {"format": "audio_loop.diagnosis", "version": 1, "verdict": str,
     "video": {"name", "width", "height", "fps", "frames", "codec", "duration_seconds"},
     "symptoms": [{"kind", "strength", "words", "figures": [name], "facts": {name: number},
                   "stretches": [{"start_seconds", "end_seconds", "window"}]}],
     "causes": [{"name", "layer", "title", "evidence": [str], "mend", "where", "strength", "symptoms": [kind], "is_backed",
                 "retake": {"start_seconds", "end_seconds", "window"} or null}],
     "figures": [{"name", "value", "unit", "threshold", "source", "meaning", "not_measured"}],
     "curves": [{"title", "unit", "seconds", "values", "threshold", "marks"}],
     "windows": [{"name", "start_seconds", "end_seconds"}], "sections": [the same],
     "known": [str], "not_looked_at": [str]}

with null for what is not known or no number. Of `symptoms` and `causes` the first is the one to look at first.
"""

from __future__ import annotations

from .case import Case
from .diagnosis import Diagnosis, Part
from .examine import examine
from .origin import Origin


def diagnose(case: Case, origin: Origin | None = None) -> Diagnosis:
    """Looks at a video and says what is wrong with it and why.

    Args:
        case: The video, watched, with its plan, song and schedule.
        origin: The workflow and the run that it comes from; None if nothing is known of them.
    """
    seen = examine(case)
    video, fps = case.video, float(case.video.fps)
    windows: tuple[Part, ...] = ()
    if case.plan is not None:
        windows = tuple(
            Part(f"window {index}", start / fps, stop / fps) for index, (start, stop) in enumerate(case.windows_px())
        )
    return Diagnosis(
        video=video.path.name,
        width=video.width,
        height=video.height,
        fps=fps,
        frames=len(video.frames),
        codec=video.codec,
        symptoms=seen.symptoms,
        causes=(),
        figures=seen.figures,
        curves=seen.curves,
        windows=windows,
        known=() if origin is None else origin.known,
        not_looked_at=() if origin is None else origin.not_looked_at,
    )
