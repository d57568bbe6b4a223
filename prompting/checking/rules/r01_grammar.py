"""R1: the answer is a schedule and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..draft import Draft
from ..finding import ScheduleFinding, rule

_PLACEHOLDER = re.compile(
    r"\{[^{}]*\}|<[A-Za-z][^<>]*>|\[(?:subject|style|action|insert|your)[^\]]*\]|\bTODO\b|\bTBD\b|\.\.\.$|…$"
)


@rule(
    1,
    "grammar",
    music="Answer with the schedule and nothing else, as plain text: one entry a line, START-END: prompt, with times as "
    "M:SS.ss. "
    "A prompt is one line. Leave no placeholder unfilled and no sentence unfinished.",
)
def grammar(draft: Draft) -> Iterator[ScheduleFinding]:
    """A text that cannot be read at all never comes here; one that can may still be meant otherwise."""
    for entry in draft.entries:
        if found := _PLACEHOLDER.search(entry.own):
            yield ScheduleFinding(
                f"{found[0]!r} is a placeholder that nobody filled", f"write the words for {found[0]!r}", entry.line
            )
    for note in draft.schedule.notes:
        if "begins like a time" in note or "looks like an entry" in note:
            yield ScheduleFinding(
                note.rstrip("."), "write one entry a line, with one time in front and no white space before it"
            )
