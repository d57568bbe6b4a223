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
from .diagnosis import Diagnosis, NamedStretch
from .examine import examine
from .find_causes import find_causes
from .gather import gather
from .origin import Origin
from .sections import sections_seen


def diagnose(case: Case, origin: Origin | None = None) -> Diagnosis:
    """Looks at a video and says what is wrong with it and why.

    Args:
        case: The video, watched, with its plan, song and schedule.
        origin: The workflow and the run that it comes from; None if nothing is known of them.

    Raises:
        DocumentError: The workflow is none.
    """
    origin = origin or Origin()
    seen = examine(case)
    video = case.video
    return Diagnosis(
        video=video.path.name,
        width=video.width,
        height=video.height,
        fps=float(video.fps),
        frames=len(video.frames),
        codec=video.codec,
        symptoms=seen.symptoms,
        causes=find_causes(gather(case, seen.symptoms, origin)) if seen.symptoms else (),
        figures=seen.figures,
        curves=seen.curves,
        windows=_windows(case),
        sections=sections_seen(case),
        known=origin.known,
        not_looked_at=origin.not_looked_at,
    )


def _windows(case: Case) -> tuple[NamedStretch, ...]:
    if case.plan is None:
        return ()
    fps = float(case.video.fps)
    return tuple(
        NamedStretch(f"window {index}", start / fps, stop / fps) for index, (start, stop) in enumerate(case.windows_px())
    )
