"""R4: a verb that names what can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...wording import MOUTH_CLOSED, SINGING
from ..draft import SUBJECT_MARK, Draft, DraftEntry
from ..finding import ScheduleFinding, rule

_VAGUE = re.compile(
    r"\b(?:perform(?:s|ing)?|speak(?:s|ing)?|vocali[sz](?:es|ing|e)|emot(?:es|ing)|embod(?:ies|ying)"
    r"|(?:is|are) (?:\w+ly )?(?:feeling|enjoying|expressing|experiencing|conveying|showing|displaying|acting|being|existing|"
    r"having|"
    r"doing|thinking|seeming|appearing|becoming|trying|starting|beginning|continuing|delivering an? performance)"
    r"|(?:feels|enjoys|expresses|experiences|conveys|seems|appears|becomes|continues))\b",
    re.IGNORECASE,
)
_ADVERBS = r"(?:(?:\w+ly|still|both|all|now|also|together|alone) )*"
_ACTION = re.compile(
    rf"\b(?:is|are) {_ADVERBS}(?:[a-z]+ing)\b|{SUBJECT_MARK},? {_ADVERBS}(?!is\b|has\b|was\b|does\b)[a-z]+[^s\W]s\b",
    re.IGNORECASE,
)


@rule(
    4,
    "verb that can be seen",
    music="Say what the body does with a verb that a camera can see, as is ...ing or are ...ing: is singing, is playing the "
    "guitar, "
    "is dancing, is walking, is swaying. Never: performing, speaking, vocalizing, feeling, enjoying, expressing.",
    talk="Say what the body does with a verb that a camera can see, as is ...ing or are ...ing: is telling a joke, is "
    "delivering "
    "the punchline, is pausing for the laugh, is pressing the point, is listening. Never: performing, speaking, vocalizing, "
    "feeling, expressing.",
)
def visible_verb(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for vague verbs, and for entries without any other."""
    for entry in draft.entries:
        if found := _VAGUE.search(entry.own):
            yield ScheduleFinding(f"{found[0]!r} names no motion that can be seen", _instead(draft, entry), entry.line)
        elif not _ACTION.search(entry.own):
            yield ScheduleFinding("no verb says what is to be seen", _instead(draft, entry), entry.line)


def _instead(draft: Draft, entry: DraftEntry) -> str:
    """Verbs that fit what is heard while the entry is seen."""
    sung, spoken = draft.heard(entry, "singing") or 0.0, draft.heard(entry, "speech") or 0.0
    if MOUTH_CLOSED.search(entry.own) or (sung == spoken == 0.0 and not SINGING.search(entry.own)):
        return "such as: is dancing, is playing the guitar, is looking into the camera"
    return "such as: is telling a joke, is pressing the point" if spoken > sung else "such as: is singing"
