"""Words in prompts that cost lip sync or identity, with the reason: data, for the rule `prompt_wording`."""

from __future__ import annotations

import re
from dataclasses import dataclass


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


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


WORDINGS = (
    Wording(
        kind="a wide framing",
        pattern=_words(
            r"(?:extreme |very |ultra[ -]?)?wide(?:[ -]angle)? shots?",
            r"wide (?:stage )?framing",
            r"(?:establishing|aerial|drone|full[ -]body) shots?",
        ),
        seen="a mouth that does not match the sound, and a face that becomes another one",
        why="a face that covers 1 % of the picture leaves the model some 80 pixels of mouth, one of 10 % leaves 8000",
        instead="medium shot, or medium close-up",
    ),
    Wording(
        kind="a camera move",
        pattern=_words(
            r"dolly(?:ing|s)? (?:in|out|forward|back|left|right)",
            r"jib(?:s|bing)? (?:up|down)",
            r"(?:slow|fast|crash) zooms?",
            r"zoom(?:s|ing)? (?:in|out)",
            r"hand-?held (?:camera|shot|sway|movement)",
            r"camera (?:slowly |quickly )?(?:pans|moves|orbits|circles|tracks|follows|pushes|pulls|tilts|flies|rotates|zooms)",
            r"(?:tracking|panning|orbiting) shots?",
        ),
        seen="a mouth that lags behind the sound, and a face that drifts inside one window",
        why="a window is sampled at once, and a face that is scaled or shifted in each frame gives sync nothing to lock to",
        instead="static camera, locked off shot",
        may_end=True,
    ),
    Wording(
        kind="a vague verb",
        pattern=_words(r"(?:is|are) (?:performing|speaking|vocali[sz]ing)"),
        seen="a mouth and a body that move without a purpose",
        why="the model binds words to motion it can see, and these name none",
        instead="what is to be seen: is singing, are dancing, is playing the guitar, is telling a joke",
    ),
)
