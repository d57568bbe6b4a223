"""Windows of LTX 2.5 are not guided by the song's picture."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="windows of LTX 2.5 have no picture guide",
    seen="the video goes back to the picture in every window",
    why="LTX 2.5 was trained on keyframes: it takes a guide for a frame to reach, where LTX 2.3 takes it for a likeness",
    mend="take the guide out of the loop, and describe who is seen in every section of the prompts",
)
def ltx25_guides(subject: Subject) -> Iterator[Finding]:
    """Looks at the guides of every sampling inside a loop."""
    parts = subject.parts
    guides = [guide for s in parts.loop_samplers if parts.is_ltx25(s) for guide in parts.appended_guides(s)]
    for guide in dict.fromkeys(guides):
        yield Finding(guide, "a guide is appended to windows of LTX 2.5")
