"""Checks what somebody wrote as a schedule for one song, by all rules."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import lru_cache

from ...schedule.errors import ScheduleError
from ...schedule.parser import parse_schedule
from . import rules as rules_package
from .draft import Draft, Expected, make_draft
from .extraction import ExtractionError, extract
from .finding import RuleFinding, ScheduleFinding, ScheduleRule

_LINE = "write one line for each entry, such as 0:19.88-0:37.80: a prompt"


@dataclass(frozen=True)
class Checked:
    """The outcome of a check.

    Attributes:
        expected: What the schedule had to fit.
        draft: The schedule on the song's windows; None if it cannot be read.
        schedule_text: The schedule alone, with empty lines for what was left out; "" if there is none.
        ignored: A sentence for each part of the text that was left out.
        reported: What was found, in the order of lines; what is in no single line comes first.
    """

    expected: Expected
    draft: Draft | None
    schedule_text: str
    ignored: tuple[str, ...]
    reported: tuple[RuleFinding, ...]

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(each.severity == "error" for each in self.reported)

    @property
    def warnings(self) -> int:
        """How many are warnings."""
        return len(self.reported) - self.errors


@lru_cache(maxsize=1)
def all_rules() -> tuple[ScheduleRule, ...]:
    """The rules, in the order of their numbers: one of each module in `rules/`."""
    modules = (
        importlib.import_module(f"{rules_package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(rules_package.__path__)
    )
    found = (value for module in modules for value in vars(module).values() if isinstance(value, ScheduleRule))
    return tuple(sorted(found, key=lambda each: each.number))


def check_schedule(text: str, expected: Expected) -> Checked:
    """Checks a text that should be, or should contain, a schedule.

    Args:
        text: The whole answer, chatter and code fences included.
        expected: The song and the wishes that it has to fit.
    """
    rules = all_rules()
    try:
        extracted = extract(text)
    except ExtractionError as error:
        finding = ScheduleFinding(str(error), error.nearest, error.line)
        return Checked(expected, None, "", (), (RuleFinding(rules[0], finding),))
    try:
        schedule = parse_schedule(extracted.text)
    except ScheduleError as error:
        finding = ScheduleFinding(f"does not read: {error}", _LINE, error.line)
        return Checked(expected, None, extracted.text, extracted.ignored, (RuleFinding(rules[0], finding),))
    draft = make_draft(schedule, expected)
    reported = [RuleFinding(each, finding) for each in rules for finding in each.check(draft)]
    reported.sort(key=lambda each: (each.finding.line or 0, each.rule.number))
    return Checked(expected, draft, extracted.text, extracted.ignored, tuple(reported))
