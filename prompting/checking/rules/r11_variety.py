"""R11: neighbours differ, if variety is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..draft import Draft
from ..finding import ScheduleFinding, rule

_WORD = re.compile(r"\w+")


@rule(
    11,
    "variety",
    music="If variety is asked for below, no two neighbouring entries have the same wording: change what the body does, the "
    "framing "
    "from medium shot to close-up, the light or the place. Subject and style stay.",
)
def variety(draft: Draft) -> Iterator[ScheduleFinding]:
    """Compares each entry with the one before it, word by word."""
    if not draft.expected.wants_variety:
        return
    for above, entry in pairwise(draft.entries):
        if _WORD.findall(above.own.casefold()) == _WORD.findall(entry.own.casefold()):
            yield ScheduleFinding(
                f"it says the same as line {above.line}, and variety is asked for",
                "change the action, the framing, the light or the place",
                entry.line,
            )
