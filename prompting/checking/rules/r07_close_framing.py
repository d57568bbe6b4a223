"""R7: the face is large enough for its lips."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...wording import SINGING, TALKING, WIDE_FRAMING
from ..draft import Draft
from ..finding import ScheduleFinding, rule

_CLOSE = re.compile(
    r"\b(?:(?:medium|mid|tight|close)[ -]?(?:close-?up|shot|framing|up)|(?:extreme )?close-?ups?|(?:waist|chest|knees?|"
    r"hips?)[ -]up"
    r"|head[ -]and[ -]shoulders|portrait|two[ -]shot)\b",
    re.IGNORECASE,
)


@rule(
    7,
    "close framing",
    music="Every entry names its framing: medium shot, medium close-up or close-up. Never wide, long, full, establishing, "
    "aerial or "
    "crowd shots: a small face has no pixels for its lips.",
)
def close_framing(draft: Draft) -> Iterator[ScheduleFinding]:
    """Wide is an error for lips, and a risk for the likeness of every face."""
    for entry in draft.entries:
        lips = SINGING.search(entry.own) or TALKING.search(entry.own)
        wide = WIDE_FRAMING.search(entry.own)
        if wide:
            why = "leaves too few pixels for lips" if lips else "leaves too few pixels for a face that stays the same"
            yield ScheduleFinding(
                f"{wide[0]!r} {why}", "write instead: medium close-up", entry.line, severity=None if lips else "warning"
            )
        elif not _CLOSE.search(entry.own):
            yield ScheduleFinding(
                "no framing is named", "add: medium close-up", entry.line, severity=None if lips else "warning"
            )
