"""The causes of what is seen, the most likely first."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
from collections.abc import Mapping
from functools import lru_cache
from typing import get_args

from . import causes as causes_package
from .cause_rule import CauseRule
from .clues import RETAKE_WORKFLOW, retake_words
from .diagnosis import Cause
from .evidence import Evidence
from .kinds import Layer

_ORDER: tuple[Layer, ...] = get_args(Layer)


@lru_cache(maxsize=1)
def all_causes() -> tuple[CauseRule, ...]:
    """The causes that are looked for, in the guide's order.

    Raises:
        ValueError: A file in `causes/` does not hold exactly one of its own name.
    """
    found = []
    for info in sorted(pkgutil.iter_modules(causes_package.__path__), key=lambda each: each.name):
        module = importlib.import_module(f"{causes_package.__name__}.{info.name}")
        held = [value for value in vars(module).values() if isinstance(value, CauseRule)]
        if [each.name for each in held] != [info.name]:
            raise ValueError(f"{module.__name__} must hold one cause called {info.name}")
        found.extend(held)
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.layer), each.place)))


def find_causes(evidence: Evidence) -> tuple[Cause, ...]:
    """The causes of the symptoms, the most likely first.

    Those that something besides the symptom speaks for come before those that are only possible; within each the guide's
    order of layers holds, and within a layer the strength of the symptom. In front of all stands the first of them that
    explains the strongest symptom: a slight fault of an upper layer does not hide a gross one below it.
    """
    found = [cause for each in all_causes() if (cause := _asked(each, evidence)) is not None]
    found.sort(key=lambda each: (not each.is_backed, _ORDER.index(each.layer), -each.strength))
    if evidence.symptoms:
        main = evidence.symptoms[0].kind
        first = next((each for each in found if main in each.kinds), None)
        if first is not None:
            found.remove(first)
            found.insert(0, first)
    return tuple(found)


def _asked(rule: CauseRule, evidence: Evidence) -> Cause | None:
    symptoms = [each for each in evidence.symptoms if each.kind in rule.explains]
    answer = rule.ask(evidence) if symptoms else None
    if answer is None:
        return None
    seen = tuple(each.words for each in symptoms)
    told = dict.fromkeys((*(clue.words for clue in answer.clues), *answer.remarks))
    clue_mend = next((clue.mend for clue in answer.clues if clue.mend), "")
    mend = clue_mend or answer.mend or rule.mend
    if answer.retake is not None and RETAKE_WORKFLOW not in mend:
        mend = f"{mend}. For this place alone: {retake_words(answer.retake)}"
    return Cause(
        name=rule.name,
        layer=rule.layer,
        title=rule.title,
        evidence=(*seen, *(words for words in told if words not in seen)),
        mend=_filled(mend, evidence.origin.names),
        where=next((clue.where for clue in answer.clues if clue.where), ""),
        retake=answer.retake,
        strength=max(each.strength for each in symptoms),
        kinds=tuple(each.kind for each in symptoms),
        is_backed=bool(answer.clues),
    )


def _filled(mend: str, names: Mapping[str, str]) -> str:
    """A cure with the names of files in it, as a shell takes them."""
    return re.sub(r"\b(?:FILE|SONG|SCHEDULE)\b", lambda found: shlex.quote(names.get(found[0], found[0])), mend)
