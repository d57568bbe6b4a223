"""Evidence of a case, gathered: its workflow is checked as before Run, its schedule by the rules for writers."""

from __future__ import annotations

import math

from ..loop_control.errors import PlanError
from ..preflight.check import preflight
from ..preflight.machine import Machine
from ..preflight.subject import PlannedSubject
from ..prompting.checking.check import check_schedule
from ..prompting.checking.draft import Expected
from ..prompting.checking.finding import RuleFinding
from ..prompting.default_plan import default_plan
from ..workflow_graph.audit.engine import Reported
from .case import Case
from .evidence import Evidence
from .origin import Origin
from .seen import Symptom

_HZ = 48_000


def gather(case: Case, symptoms: tuple[Symptom, ...], origin: Origin) -> Evidence:
    """Checks workflow and schedule of a case.

    Raises:
        DocumentError: The workflow is none.
    """
    subject, reported = _checked(case, origin)
    return Evidence(case, symptoms, origin, subject, reported, _schedule_findings(case))


def _checked(case: Case, origin: Origin) -> tuple[PlannedSubject | None, tuple[Reported, ...]]:
    if origin.workflow is None:
        return None, ()
    found = preflight(origin.workflow, None, Machine(listen=origin.listen), case.plan)
    return found.subject, found.audit.reported


def _schedule_findings(case: Case) -> tuple[RuleFinding, ...]:
    """Findings of the rules for writers; the song is not heard again, so none says who sings."""
    if case.schedule is None:
        return ()
    plan = case.plan
    if plan is None:
        try:
            plan = default_plan(math.ceil(case.video.duration_seconds * _HZ), _HZ)
        except PlanError:
            return ()
        # Of windows that nobody planned nothing can be said.
        checked = check_schedule(case.schedule, Expected(plan)).reported
        return tuple(each for each in checked if each.rule.number not in (9, 10))
    return check_schedule(case.schedule, Expected(plan)).reported
