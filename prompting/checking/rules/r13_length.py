"""R13: a prompt has enough words to act on, and no more than are heeded."""

from __future__ import annotations

from collections.abc import Iterator

from ..draft import SUBJECT_MARK, Draft
from ..finding import ScheduleFinding, rule
from ..subject import STYLE

FEWEST_WORDS, MOST_WORDS, FAR_TOO_MANY = 6, 120, 250
"""Words of one entry. Without subject and style, at least `FEWEST_WORDS`."""


@rule(
    13,
    "length",
    severity="warning",
    music=f"Besides subject and style, an entry has at least {FEWEST_WORDS} words, and with it at most {MOST_WORDS}: what the "
    f"body "
    f"does, "
    "framing, camera, light.",
)
def length(draft: Draft) -> Iterator[ScheduleFinding]:
    """Counts words."""
    for entry in draft.entries:
        words, own = len(entry.text.split()), len(STYLE.sub("", entry.own, count=1).replace(SUBJECT_MARK, " ").split())
        if own < FEWEST_WORDS:
            yield ScheduleFinding(
                f"has {own} words besides subject and style",
                f"write at least {FEWEST_WORDS}: action, framing, camera, light",
                entry.line,
            )
        elif words > MOST_WORDS:
            yield ScheduleFinding(
                f"has {words} words",
                f"write at most {MOST_WORDS}",
                entry.line,
                severity="error" if words > FAR_TOO_MANY else None,
            )
