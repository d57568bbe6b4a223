"""R6: the camera stands still."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...wording import CAMERA_MOVE, SINGING, TALKING
from ..draft import Draft
from ..finding import ScheduleFinding, rule

_STILL = re.compile(
    r"\b(?:(?:static|still|fixed|stationary|locked[ -]off|locked[ -]down|tripod|unmoving) (?:camera|shot|framing|frame)"
    r"|locked[ -](?:off|down)|on a tripod|camera (?:is |stays |remains |holds )?(?:static|still|fixed|locked))\b",
    re.IGNORECASE,
)
STILL = "static camera, locked off shot"


@rule(
    6,
    "still camera",
    music=f'Every entry in which somebody sings or talks says "{STILL}". No dolly, zoom, pan, tilt, orbit or handheld camera '
    f"in any "
    "entry; only the last may let the camera move, if nobody sings in it.",
    talk=f'Every entry in which somebody talks says "{STILL}". No dolly, zoom, pan, tilt, orbit or handheld camera in any '
    f"entry; "
    "only the last may let the camera move, if nobody talks in it.",
)
def still_camera(draft: Draft) -> Iterator[ScheduleFinding]:
    """A window is sampled at once: a face that is scaled or shifted in it gives sync nothing to lock to."""
    for entry in draft.entries:
        lips = SINGING.search(entry.own) or TALKING.search(entry.own)
        move = CAMERA_MOVE.search(entry.own)
        if move and not (entry.is_last and not lips):
            yield ScheduleFinding(
                f"{move[0]!r} moves the camera within a window",
                f"write instead: {STILL}",
                entry.line,
                severity="warning" if entry.is_last else None,
            )
        elif lips and not move and not _STILL.search(entry.own):
            yield ScheduleFinding(f"{lips[0]!r}, but nothing says that the camera stands still", f"add: {STILL}", entry.line)
