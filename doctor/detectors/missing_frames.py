"""Frames that should be there and are not: holes in the times of the file, jumps of the picture, or fewer than were planned."""

from __future__ import annotations

from ..case import Case
from ..kinds import Kind
from ..seen import Figure, Seen, Stretch, Symptom
from ..succession.jumps import Gap, holes, jumps
from ..succession.runs import seconds_at

KIND: Kind = "missing_frames"
GAP, HOLES, JUMPS, PLANNED = "longest_gap_ms", "frames_in_holes", "jumps", "frames_fewer_than_planned"
NOTICED_MS = 113.0
FEWEST_JUMPS = 2
PLANNED_TOLERANCE = 2
GAP_SOURCE = (
    "Gaps of more than about 80 ms are seen as a jerk (Pastrana-Vidal, Gicquel, Colomes and Cherifi 2004); with 33 ms more, "
    "a frame, by which a gap may be taken for longer that only motion tells."
)
JUMPS_SOURCE = f"A single jump may be meant, as when somebody jumps; {FEWEST_JUMPS} and more are frames that are gone."
PLANNED_SOURCE = "The plan says how many frames the song needs; encoders and players round by one or two at the end."


def look(case: Case) -> Seen:
    """Sees where frames are gone."""
    video, fps = case.video, float(case.video.fps)
    in_times = holes(video.frames.seconds, fps)
    in_motion = jumps(case)
    if len(in_motion) < FEWEST_JUMPS:
        counted: tuple[Gap, ...] = in_times
    else:
        counted = tuple(sorted({gap.frame: gap for gap in (*in_motion, *in_times)}.values(), key=lambda gap: -gap.missing))
    fewer = None if case.plan is None else case.plan.frames_delivered - len(video.frames)
    longest = max((gap.missing for gap in counted), default=0) * 1000 / fps
    figures = (
        Figure(
            GAP, longest, "ms", NOTICED_MS, GAP_SOURCE, "The longest time for which frames are missing, by times or by motion."
        ),
        Figure(
            HOLES,
            float(sum(gap.missing for gap in in_times)),
            "frames",
            None,
            "",
            "Frames that the times of the file leave out.",
        ),
        Figure(
            JUMPS, float(len(in_motion)), "jumps", FEWEST_JUMPS, JUMPS_SOURCE, "Steps several times as long as those around."
        ),
        Figure(
            PLANNED,
            None if fewer is None else float(fewer),
            "frames",
            PLANNED_TOLERANCE + 1,
            PLANNED_SOURCE,
            "Frames that the plan delivers and the file has not.",
            "" if fewer is not None else "there is no plan to compare the number of frames with",
        ),
    )
    short = fewer is not None and fewer > PLANNED_TOLERANCE
    if longest < NOTICED_MS and not short:
        return Seen(figures)
    gone = sum(gap.missing for gap in counted)
    words = []
    if longest >= NOTICED_MS:
        words.append(f"about {gone} frames are gone at {len(counted)} places, up to {longest:.0f} ms at once")
    strength = longest / NOTICED_MS
    if short and fewer is not None:
        words.append(f"the file has {len(video.frames)} frames, {fewer} fewer than the plan delivers")
        strength = max(strength, fewer / fps * 1000 / NOTICED_MS if not counted else strength, 1.0)
    text = "; ".join(words)
    symptom = Symptom(
        KIND,
        strength,
        f"{text[0].upper()}{text[1:]}.",
        _stretches(case, counted),
        (GAP, HOLES, JUMPS, PLANNED),
        (("missing_frames", float(max(gone, fewer or 0))), ("places", float(len(counted))), ("longest_gap_ms", longest)),
    )
    return Seen(figures, (symptom,))


def _stretches(case: Case, gaps: tuple[Gap, ...]) -> tuple[Stretch, ...]:
    """From the last frame before each gap to the first behind it; the end of the video without any."""
    last = len(case.video.frames) - 1
    at = [gap.frame for gap in gaps] or [last]
    return tuple(
        Stretch(seconds_at(case, max(frame - 1, 0)), seconds_at(case, frame + 1), case.window_at(frame)) for frame in at
    )
