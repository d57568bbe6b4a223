"""R8: what is seen happens now."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..draft import SUBJECT_MARK, Draft
from ..finding import ScheduleFinding, rule

_OTHER_TENSE = re.compile(
    r"\b(?:will|shall|would|could|should|might|must|was|were|been|had|did|going to|about to|used to)\b|\b\w+'ll\b"
    rf"|(?<={SUBJECT_MARK} )(?:\w+ly )?(?:[a-z]+ed|sang|stood|sat|spoke|told|held|ran|swung|began|took|gave|wore|went|came|"
    rf"lay)\b",
    re.IGNORECASE,
)


@rule(
    8,
    "present tense",
    music="Write in the present tense: is singing, is turning. No will, was, would, begins to, about to.",
)
def present_tense(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for words of the future, of the past and of what is only possible."""
    for entry in draft.entries:
        if found := _OTHER_TENSE.search(entry.own):
            yield ScheduleFinding(f"{found[0]!r} is not the present tense", "write what is seen now, as is ...ing", entry.line)
