"""R15: a prompt is plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..draft import Draft
from ..finding import ScheduleFinding, rule

_MARKUP = re.compile(
    r"\*\*?|__|`|~~|[\[\]{}<>|\\]|\]\(|https?://\S*|^\s*(?:#+|[-•·–—])\s"
    "|[\"“”„«»「」『』]|(?<!\\w)'(?!n')[^']+'(?!\\w)|[\U0001f000-\U0001faff\u2600-\u27bf\u2190-\u21ff\u266a-\u266f]"
)
_LABEL = re.compile(
    r"^\s*\(?(?:intro|outro|verse|chorus|pre-?chorus|post-?chorus|bridge|hook|refrain|solo|interlude|break|drop|instrumental|"
    r"section|scene|shot|prompt|description|setup|punchline|tag)\b[^:.,]{0,12}[:)–—-]",
    re.IGNORECASE,
)


@rule(
    15,
    "plain text",
    music="Plain words and plain punctuation: no bold, no brackets, no quotation marks, no quoted lyrics, no emoji, no section "
    "names in front. Text in quotation marks is drawn as letters.",
    talk="Plain words and plain punctuation: no bold, no brackets, no quotation marks, no quoted lines of the talk, no emoji, "
    "no "
    "section names in front. Text in quotation marks is drawn as letters.",
)
def plain_text(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for signs of markup, quotation marks and labels."""
    for entry in draft.entries:
        if found := _LABEL.search(entry.own):
            yield ScheduleFinding(
                f"{found[0].strip()!r} in front is a label, which is drawn or ignored",
                f"leave {found[0].strip()!r} out",
                entry.line,
            )
        if found := _MARKUP.search(entry.own):
            yield ScheduleFinding(f"{found[0]!r} is no plain text", f"leave {found[0]!r} out", entry.line)
