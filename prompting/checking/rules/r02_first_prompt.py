"""R2: the first entry is the prompt of the initial render, to the byte."""

from __future__ import annotations

from collections.abc import Iterator

from ..draft import Draft
from ..finding import ScheduleFinding, rule


@rule(
    2,
    "first prompt",
    music="The first entry begins at 0:00.00. If a first prompt is given, its text is that prompt, character by character.",
)
def first_prompt(draft: Draft) -> Iterator[ScheduleFinding]:
    """Compares the entry at 0 with the first prompt, if there is one."""
    first = draft.entries[0]
    if first.entry.start > 0:
        yield ScheduleFinding("the first entry does not begin at 0:00.00", f"0:00.00{first.until}: {first.text}", first.line)
    wanted = draft.expected.first_prompt
    if wanted is None or first.text == wanted.strip():
        return
    wanted = wanted.strip()
    at = next((n for n, (a, b) in enumerate(zip(first.text, wanted, strict=False)) if a != b), None)
    place = min(len(first.text), len(wanted)) if at is None else at
    yield ScheduleFinding(
        f"the first entry differs from the first prompt from character {place + 1} on, {first.text[place : place + 30]!r}",
        first.written(wanted),
        first.line,
    )
