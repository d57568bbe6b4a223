"""The check before Run: the rules of the audit and those that need song and machine, in one answer."""

from __future__ import annotations

from dataclasses import dataclass

from ..loop_control.audio_facts import AudioFacts
from ..loop_control.plan import LoopPlan
from ..workflow_graph.audit.engine import Audit, all_rules, audit_subject, rules_in
from ..workflow_graph.audit.rule import Severity
from ..workflow_graph.document import Document
from . import rules as rules_package
from .cost import Cost
from .machine import Machine
from .measured import Measured, measured
from .subject import PlannedSubject
from .values import GivenValues


@dataclass(frozen=True)
class Preflight:
    """The outcome of a check.

    Attributes:
        subject: The graph, its song and the machine.
        audit: The findings.
        measured: What windows of this size took before on this machine; None if none was made.
    """

    subject: PlannedSubject
    audit: Audit
    measured: Measured | None

    @property
    def errors(self) -> int:
        """How many findings stop the render or spoil the video."""
        return self.audit.count(Severity.ERR) + (self.audit.obstacle is not None)

    @property
    def warnings(self) -> int:
        """How many findings may be meant; those that a note in the graph explains are left out."""
        return self.audit.count(Severity.WARN)

    @property
    def plan(self) -> LoopPlan | None:
        """The plan of the render."""
        return self.subject.planned.plan

    @property
    def needed_bytes(self) -> int | None:
        """Bytes that the windows to be made take on disk, at most; None if that is not known."""
        return None if self.audit.obstacle is not None else self.subject.needed_bytes

    @property
    def cost(self) -> Cost | None:
        """The cost of what is sampled; None if the graph does not say what that is."""
        return None if self.audit.obstacle is not None else self.subject.cost

    @property
    def on_disk(self) -> frozenset[int] | None:
        """Windows that are going to be taken from disk; None if that cannot be told."""
        return None if self.audit.obstacle is not None else self.subject.on_disk

    @property
    def not_looked_at(self) -> tuple[str, ...]:
        """Things that could not be looked at, and why, one sentence each."""
        machine, unknown = self.subject.machine, self.subject.planned.unknown
        told = []
        if self.audit.obstacle is not None:
            told.append(f"{len(self.audit.unrun_rules)} rules, because data cannot be followed: {self.audit.obstacle}")
        if unknown is not None:
            told.append(f"windows, cuts and sections: {unknown}")
        if machine.has_file is None:
            told.append("files of models, pictures and sounds: ComfyUI's folders are not known here")
        if machine.output_folder is None:
            told.append("free space and earlier renders: ComfyUI's output folder is not known here")
        elif machine.on_disk is None:
            told.append("windows that are on disk already: they are known inside ComfyUI only, by its Check button")
        return tuple(told)


def preflight(
    document: Document,
    song: AudioFacts | None,
    machine: Machine,
    plan: LoopPlan | None = None,
    given: GivenValues | None = None,
) -> Preflight:
    """Looks at a render before it is made. Nothing is sampled, nothing is changed.

    Args:
        document: A UI document, or the API prompt that the browser would queue; unchanged.
        song: The song's file; None if it is not known.
        machine: What is known of the machine.
        plan: The plan, if a node has made it already.
        given: Values that a node of the check was given, if there is one.

    Raises:
        DocumentError: The document is neither.
    """
    subject = PlannedSubject(document, song, machine, plan, given)
    audit = audit_subject(subject, (*all_rules(), *rules_in(rules_package)))
    if audit.obstacle is not None:
        return Preflight(subject, audit, None)
    made, frame_bytes = subject.planned.plan, subject.latent_frame_bytes
    took = None if made is None or frame_bytes is None else measured(machine.made, made, frame_bytes)
    return Preflight(subject, audit, took)
