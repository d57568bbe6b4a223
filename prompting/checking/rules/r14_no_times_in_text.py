"""R14: times stand in front of the colon only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..draft import Draft
from ..finding import ScheduleFinding, rule

_TIME = re.compile(
    r"\b[0-9]{1,2}:[0-9]{2}(?:\.[0-9]+)?\b"
    r"|(?<!the )\b(?!(?:1[89]|20)[0-9]0s)[0-9]+(?:\.[0-9]+)?[ -]?s\b"
    r"|\b[0-9]+(?:\.[0-9]+)?[ -]?(?:secs?|seconds?|mins?|minutes?|ms|frames?|bars?|beats?|bpm|fps|hz)\b"
    r"|\b(?:iteration|window|section|scene|shot|entry|part|verse|chorus) #?[0-9]+\b"
    r"|\b(?:one|two|three|four|five|six|eight|ten|twelve|twenty|thirty) (?:seconds?|minutes?|bars?|beats?)\b",
    re.IGNORECASE,
)


@rule(
    14,
    "no times in the text",
    music="The prompt itself names no time, length, number of bars, window or section: it is drawn or ignored, never counted.",
)
def no_times_in_text(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for times, lengths and numbers of parts."""
    for entry in draft.entries:
        if found := _TIME.search(entry.own):
            yield ScheduleFinding(
                f"{found[0]!r} is a time or a count", "leave it out; the times in front of the colon count", entry.line
            )
