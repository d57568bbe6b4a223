"""An audit whose commands were tried: what does not mend its finding in this graph is not printed for it."""

from __future__ import annotations

from dataclasses import replace

from ..audit.engine import Audit, Reported, audit
from ..audit.rule import Rule
from ..document import Document, DocumentError
from ..schemas import Schemas
from ..view import definitions
from .remedies import Remedy, remedy_in

MOST_NODES = 5_000
"""Larger graphs are nobody's own work; their commands are printed untried, so that an audit stays a matter of seconds."""


def with_tried_commands(found: Audit, document: Document, schemas: Schemas | None = None) -> Audit:
    """The audit with each finding's command tried on a copy of the document.

    A finding whose command leaves it where it is, or cannot be made, gets what its rule says is to be done by hand.

    Args:
        found: The audit of `document`.
        document: A UI document; unchanged.
        schemas: Known node types; the committed snapshots by default.
    """
    if node_count(document) > MOST_NODES:
        return found
    wanted: dict[str, tuple[Remedy, list[Rule]]] = {}
    for reported in found.reported:
        remedy = remedy_in(reported.mend)
        if remedy is not None:
            rules = wanted.setdefault(remedy.name, (remedy, []))[1]
            rules.extend([reported.rule] if reported.rule not in rules else [])
    after = {name: _audit_after(document, remedy, rules, schemas) for name, (remedy, rules) in wanted.items()}

    def tried(reported: Reported) -> Reported:
        remedy = remedy_in(reported.mend)
        if remedy is None or mended(reported, found, after[remedy.name]):
            return reported
        return replace(reported, command_helps=False)

    return replace(found, reported=tuple(tried(reported) for reported in found.reported))


def mended(reported: Reported, before: Audit, after: Audit | None) -> bool:
    """Whether a finding is gone: not at its place any more, and one less of its rule."""
    if after is None:
        return False
    code = reported.rule.code
    left = [other.finding.where for other in after.reported if other.rule.code == code]
    return reported.finding.where not in left and len(left) < sum(other.rule.code == code for other in before.reported)


def _audit_after(document: Document, remedy: Remedy, rules: list[Rule], schemas: Schemas | None) -> Audit | None:
    try:
        outcome = remedy.work(document)
    except (DocumentError, ValueError):
        return None
    if not outcome.made:
        return None
    found = audit(outcome.document, rules, schemas)
    return found if found.obstacle is None else None


def node_count(document: Document) -> int:
    """How many nodes a document has, the insides of its subgraphs counted once."""
    levels = [document, *(raw for _, raw in definitions(document))]
    return sum(len(level["nodes"]) for level in levels if isinstance(level.get("nodes"), list))
