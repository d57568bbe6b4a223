"""R3: the subject is the same in every entry, to the byte."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from ..draft import SUBJECT_MARK, Draft, DraftEntry
from ..finding import ScheduleFinding, rule

_EACH_WORD_MORE_OR_LESS = 0.06
_FIRST_WORDS = 60
"""Words of an entry in which something like the subject is looked for: it stands in front."""


@rule(
    3,
    "byte-exact subject",
    music="Every entry contains the subject exactly once, character by character as it is given below: same words, same order, "
    "same capitals, same commas. Never shorten it, never replace it by he, she, they or another name.",
)
def subject(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for the subject in every entry."""
    if draft.subject is None:
        yield ScheduleFinding("the entries have no subject in common", "begin every entry with the same words for who is seen")
        return
    for entry in draft.entries:
        count = entry.own.count(SUBJECT_MARK)
        if count == 0:
            found = _nearest_words(entry.text, draft.subject.text)
            what = f"{found!r} stands in the place of the subject" if found else "the subject is missing"
            yield ScheduleFinding(what, _mended(entry, found, draft.subject.text), entry.line)
        elif count > 1:
            yield ScheduleFinding(
                f"the subject is named {count} times, which may be drawn as {count} persons",
                "name it once, at the beginning",
                entry.line,
                severity="warning",
            )


def _mended(entry: DraftEntry, found: str, subject: str) -> str:
    return entry.written(entry.text.replace(found, subject, 1)) if found else f"put {subject!r} before the verb"


def _nearest_words(text: str, subject: str) -> str:
    """The words of a text that are most like the subject; "" if none are."""
    # By the plain space alone: what is found has to stand in the text as it is, with spaces of other kinds.
    words, length = text.split(" ")[:_FIRST_WORDS], len(subject.split())
    best, likeness = "", 0.6
    compared = difflib.SequenceMatcher(None, b=subject.casefold())
    for size in range(max(1, length - 2), length + 3):
        for start in range(len(words) - size + 1):
            run = " ".join(words[start : start + size])
            lack = _EACH_WORD_MORE_OR_LESS * abs(len(run.split()) - length)
            compared.set_seq1(run.casefold())
            if min(compared.real_quick_ratio(), compared.quick_ratio()) - lack <= likeness:
                continue
            ratio = compared.ratio() - lack
            if ratio > likeness and run in text:
                best, likeness = run.rstrip(",.;:"), ratio
    return best
