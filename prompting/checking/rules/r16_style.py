"""R16: one style for all entries."""

from __future__ import annotations

from collections.abc import Iterator

from ..draft import Draft, DraftEntry
from ..finding import ScheduleFinding, rule
from ..subject import STYLE


@rule(
    16,
    "one style",
    music='If a style is given below, every entry begins with "Style: <that style>." and nothing else is said of style. If '
    "none is "
    "given, no entry names one.",
)
def one_style(draft: Draft) -> Iterator[ScheduleFinding]:
    """Compares what stands behind "Style:" in front of each entry."""
    wanted = draft.expected.style or _style(draft.entries[0])
    for entry in draft.entries:
        found = _style(entry)
        if found == wanted:
            continue
        told = "no style is named" if found is None else f"the style is {found!r}"
        if wanted is None:
            yield ScheduleFinding(
                f"{told}, and line {draft.entries[0].line} names none", "leave it out, or name it in all entries", entry.line
            )
        else:
            body = STYLE.sub("", entry.text, count=1) if found is not None else entry.text
            yield ScheduleFinding(f"{told}, not {wanted!r}", entry.written(f"Style: {wanted}. {body}"), entry.line)


def _style(entry: DraftEntry) -> str | None:
    match = STYLE.match(entry.text)
    return match["style"].strip() if match else None
