"""Everything that can be mended in a graph without asking, in order."""

from __future__ import annotations

from dataclasses import dataclass

from ..audit.engine import Audit, Reported, audit
from ..audit.rule import Severity
from ..diff import diff
from ..document import Document, DocumentError
from ..migrations import chain
from ..migrations.chain import Outcome
from ..schemas import Schemas
from .remedies import Remedy, remedy_in, repaired
from .tried import MOST_NODES, mended, node_count

MOST_ROUNDS = 10
"""Most passes: one command may let the next one see more; real graphs need two."""


@dataclass
class _Course:
    """The mending so far."""

    document: Document
    made: list[str]
    repairs: list[str]
    remarks: list[str]

    def take(self, outcome: Outcome) -> None:
        self.document = outcome.document
        self.made += [name for name in outcome.made if name not in self.made]
        self.repairs += [text for text in outcome.repairs if text not in self.repairs]
        self.remarks += [text for text in outcome.remarks if text not in self.remarks]


def mend(document: Document, schemas: Schemas | None = None) -> Outcome:
    """Repairs, migrates, then makes each command that an audit names and that mends its finding.

    Left alone is what the user has to choose (a graph without other packs, another decoder) and what may be meant.

    Args:
        document: A UI document; unchanged.
        schemas: Known node types; the committed snapshots by default.

    Returns:
        The new document and what was done; the one that was given if nothing could be done.

    Raises:
        DocumentError: It cannot be read, or is of a later revision than this version knows.
    """
    course = _Course(document, [], [], [])
    course.take(repaired(document))
    for _ in range(MOST_ROUNDS):
        # A planner that a command added gives the migrations more to do.
        course.take(chain.migrate(course.document))
        if node_count(document) > MOST_NODES:
            course.remarks.append(f"of more than {MOST_NODES:,} nodes: it is migrated, and commands are not tried on it")
            break
        if not _one_round(course, schemas):
            break
    changes = diff(document, course.document) if course.made else ()
    return Outcome(course.document, tuple(course.made), tuple(changes), tuple(course.repairs), tuple(course.remarks))


def _one_round(course: _Course, schemas: Schemas | None) -> bool:
    """Makes the first command that mends what it is named for; False if none does."""
    found = audit(course.document, schemas=schemas)
    tried: set[str] = set()
    for reported in found.reported:
        remedy = remedy_in(reported.mend)
        if remedy is None or remedy.asks or reported.finding.may_be_meant or remedy.name in tried:
            continue
        tried.add(remedy.name)
        outcome = _helpful(course.document, remedy, reported, found, schemas)
        if outcome is not None:
            course.take(outcome)
            return True
    return False


def _helpful(document: Document, remedy: Remedy, reported: Reported, before: Audit, schemas: Schemas | None) -> Outcome | None:
    """The document that a command makes of it, if it mends the finding and brings no new error."""
    try:
        outcome = remedy.work(document)
        after = audit(outcome.document, schemas=schemas) if outcome.made else None
    except (DocumentError, ValueError):
        return None
    if after is None or not mended(reported, before, after):
        return None
    return outcome if after.count(Severity.ERR) <= before.count(Severity.ERR) else None
