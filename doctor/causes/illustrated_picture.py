"""The picture is of a style that the model was hardly trained on."""

from __future__ import annotations

import re

from ..cause_rule import Answer, Clue, cause
from ..evidence import Evidence

_DRAWN = re.compile(
    r"\b(?:illustrat\w+|paint(?:ed|ing|erly)|water-?colou?r|anime|manga|cartoon\w*|drawn|drawing|sketch\w*|comic|claymation|"
    r"pixel art|cel[ -]shad\w+|storybook|woodcut|engraving)\b",
    re.IGNORECASE,
)


@cause(
    layer="prompt",
    place=1,
    explains=("style_drift",),
    title="The style of the picture gives way to that of photographs",
    mend="begin with a photographic picture; or put photorealistic, realistic skin, film grain, live-action footage into the "
    "negative prompt and take the workflow audio-loop-music-video_latent_reanchor",
)
def illustrated_picture(evidence: Evidence) -> Answer | None:
    """The singing mouth was learnt from photographs, and each window begins with the end of the last one."""
    words = dict.fromkeys(found[0].lower() for found in _DRAWN.finditer(evidence.case.schedule or ""))
    told = ", ".join(words)
    return Answer((Clue(f"The prompts ask for a drawn look: {told}."),) if words else ())
