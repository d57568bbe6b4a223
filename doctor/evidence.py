"""Everything that a cause may go by: the symptoms, the plan, what the check of the workflow and that of the schedule found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..loop_control.plan import LoopPlan
from ..preflight.subject import PlannedSubject
from ..prompting.checking.finding import RuleFinding
from ..workflow_graph.audit.engine import Reported
from ..workflow_graph.reading.flow import Flow
from .case import Case
from .kinds import Kind
from .origin import Origin
from .seen import Stretch, Symptom


@dataclass(frozen=True)
class Evidence:
    """Evidence of one case.

    Attributes:
        case: The video, its plan, song and schedule.
        symptoms: What is wrong, the strongest first.
        origin: The workflow and the run that it comes from.
        subject: The workflow, read; None if it is not known.
        reported: What the check of the workflow found.
        schedule: What the check of the schedule found.
    """

    case: Case
    symptoms: tuple[Symptom, ...]
    origin: Origin
    subject: PlannedSubject | None = None
    reported: tuple[Reported, ...] = ()
    schedule: tuple[RuleFinding, ...] = ()

    @property
    def plan(self) -> LoopPlan | None:
        """The plan of the windows."""
        return self.case.plan

    @property
    def flow(self) -> Flow | None:
        """The workflow as it runs; None if it is not known, or cannot be followed."""
        return None if self.subject is None or self.subject.obstacle is not None else self.subject.flow

    @cached_property
    def node_types(self) -> frozenset[str]:
        """Types of the nodes that run; empty if the workflow is not known."""
        return frozenset() if self.flow is None else frozenset(node.type for node in self.flow.nodes.values())

    def symptom(self, *kinds: Kind) -> Symptom | None:
        """The strongest symptom of those kinds."""
        return next((each for each in self.symptoms if each.kind in kinds), None)

    def fact(self, name: str, *kinds: Kind) -> float | None:
        """A number that a symptom of those kinds brought along."""
        found = (dict(each.facts).get(name) for each in self.symptoms if each.kind in kinds)
        return next((value for value in found if value is not None), None)

    def worst(self, *kinds: Kind) -> Stretch | None:
        """The worst place of the strongest symptom of those kinds."""
        symptom = self.symptom(*kinds)
        return symptom.stretches[0] if symptom is not None and symptom.stretches else None

    def of_rules(self, *codes: str) -> Iterator[Reported]:
        """Findings of those rules of the workflow's check that no note explains."""
        return (each for each in self.reported if each.rule.code in codes and each.explanation is None)

    def of_numbers(self, *numbers: int) -> Iterator[RuleFinding]:
        """Findings of those rules of the schedule's check."""
        return (each for each in self.schedule if each.rule.number in numbers)

    def values_of(self, node_types: Collection[str], name: str) -> tuple[tuple[str, Any], ...]:
        """(node in words, value) of an input of each node of those types that runs, as far as the workflow says it."""
        flow = self.flow
        if flow is None:
            return ()
        return tuple((str(node), flow.value(node, name)) for node in flow.of_type(node_types))
