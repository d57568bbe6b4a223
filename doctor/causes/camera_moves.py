"""The camera moves within a window."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_wording
from ..evidence import Evidence


@cause(
    layer="prompt",
    place=3,
    explains=("zoom_creep", "lip_sync", "identity_drift"),
    title="The camera is not told to stand still",
    mend='write "static camera, locked off shot" into every prompt, and "zoom, dolly, camera movement" into the negative one',
)
def camera_moves(evidence: Evidence) -> Answer | None:
    """A creeping zoom comes without such words, too: nothing in the prompt holds the camera."""
    clues = from_wording(evidence, "a camera move", 6)
    if clues or evidence.case.schedule is None or evidence.symptom("zoom_creep") is not None:
        return Answer(clues)
    return None
