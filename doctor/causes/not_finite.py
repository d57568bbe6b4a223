"""A window holds values that are no numbers."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..clues import retake_of
from ..evidence import Evidence


@cause(
    layer="model",
    place=1,
    explains=("black_window",),
    title="A window holds values that are no numbers, and they are decoded to black",
    mend="start ComfyUI with --bf16-unet or --fp32-unet, leave stop_on_nan of Iteration Checkpoint on, and make it again",
)
def not_finite(evidence: Evidence) -> Answer | None:
    """The run's files say it; without them it is possible."""
    retake = retake_of(evidence, "black_window")
    windows = evidence.origin.not_finite
    clues = (Clue(f"The run's files of windows {', '.join(map(str, windows))} hold NaN or infinity."),) if windows else ()
    return Answer(clues, retake)
