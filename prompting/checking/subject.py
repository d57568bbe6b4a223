"""The words that name who is seen, found in the entries themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

STYLE = re.compile(r"\s*style\s*:\s*(?P<style>[^.]*)\.\s*", re.IGNORECASE)
"""The words that an entry may begin with: the style of all pictures."""

_NAMED = re.compile(r"(?P<subject>\S.*?)\s+(?:is|are)\s", re.IGNORECASE)
_VERB = re.compile(r"\s(?:is|are)\s", re.IGNORECASE)
_EDGES = " \t,.;:"
FEWEST_WORDS = 2


@dataclass(frozen=True)
class SubjectWords:
    """The words that name who is seen.

    Attributes:
        text: The words.
        is_given: Whether the user gave them; else they were found in the entries.
    """

    text: str
    is_given: bool


def derive_subject(texts: Sequence[str]) -> SubjectWords | None:
    """The subject that most entries name; None if they have none in common.

    An entry names its subject in the words before its first "is" or "are", behind "Style: ... .". What more than half of the
    entries contain is meant, and of several such the longest; else the longest run of at least two words that all entries
    begin with or have before their first comma and verb; else what the first entry names.
    """
    bodies = [STYLE.sub("", text, count=1) if STYLE.match(text) else text for text in texts]
    named = [match["subject"].strip(_EDGES) for body in bodies if (match := _NAMED.match(body))]
    candidates = [name for name in dict.fromkeys(named) if name]
    counts = {name: sum(name in body for body in bodies) for name in candidates}
    common = [name for name in candidates if 2 * counts[name] > len(bodies)]
    if common:
        return SubjectWords(max(common, key=lambda name: (counts[name], len(name))), is_given=False)
    found = _longest_shared([_VERB.split(body.partition(",")[0])[0].split() for body in bodies]) or next(iter(candidates), "")
    return SubjectWords(found, is_given=False) if found else None


def _longest_shared(texts: Sequence[Sequence[str]]) -> str:
    """The longest run of at least `FEWEST_WORDS` words of the first text that is in all of them."""
    first, others = texts[0], [f" {' '.join(words)} " for words in texts[1:]]
    for length in range(len(first), FEWEST_WORDS - 1, -1):
        for start in range(len(first) - length + 1):
            run = " ".join(first[start : start + length])
            if all(f" {run} " in other for other in others):
                return run.strip(_EDGES)
    return ""
