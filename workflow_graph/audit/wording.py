"""Words in prompts that cost lip sync or identity, with the reason: data, for the rule `prompt_wording`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...prompting.wording import CAMERA_MOVE, VAGUE_VERB, WIDE_FRAMING


@dataclass(frozen=True)
class Wording:
    """One way of writing that the troubleshooting guide advises against.

    Attributes:
        kind: What such words are, in plain words.
        pattern: Finds them in a prompt.
        seen: The effect in the video.
        why: The reason.
        instead: What to write instead.
        may_end: Whether the last section of a schedule may have them: a video may end on them.
    """

    kind: str
    pattern: re.Pattern[str]
    seen: str
    why: str
    instead: str
    may_end: bool = False


WORDINGS = (
    Wording(
        kind="a wide framing",
        pattern=WIDE_FRAMING,
        seen="a mouth that does not match the sound, and a face that becomes another one",
        why="a face that covers 1 % of the picture leaves the model some 80 pixels of mouth, one of 10 % leaves 8000",
        instead="medium shot, or medium close-up",
    ),
    Wording(
        kind="a camera move",
        pattern=CAMERA_MOVE,
        seen="a mouth that lags behind the sound, and a face that drifts inside one window",
        why="a window is sampled at once, and a face that is scaled or shifted in each frame gives sync nothing to lock to",
        instead="static camera, locked off shot",
        may_end=True,
    ),
    Wording(
        kind="a vague verb",
        pattern=VAGUE_VERB,
        seen="a mouth and a body that move without a purpose",
        why="the model binds words to motion it can see, and these name none",
        instead="what is to be seen: is singing, are dancing, is playing the guitar, is telling a joke",
    ),
)
