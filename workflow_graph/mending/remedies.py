"""The commands that rules name, as functions of a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..document import Document
from ..invariants import check
from ..migrations import chain
from ..migrations.chain import Outcome
from ..repair import repair

_COMMAND = re.compile(r"python scripts/(?P<script>\w+)\.py(?P<verb> migrate| repair)?(?P<revert> --revert)? FILE")

STEPS = {
    "apply_batch_encode_fix": "batch_encode",
    "apply_iterations_autowire": "iterations_autowire",
    "apply_loop_cropguides_symmetry": "loop_cropguides_symmetry",
    "apply_loop_guide_preprocess_symmetry": "loop_guide_preprocess_symmetry",
    "apply_ltx_decoder": "ltx_decoder",
    "apply_sage_mode": "sage_mode",
}
"""Scripts that make one migration, and its name."""

_CHOICES = frozenset({"apply_ltx_decoder", "modernize_workflow"})
"""Scripts whose result depends on what the user wants: another pack's decoder, a graph without other packs."""


@dataclass(frozen=True)
class Remedy:
    """A command that mends something.

    Attributes:
        name: Its name in reports.
        work: Its effect on a document.
        asks: Whether the user has to choose it; `mend` leaves it to him then.
    """

    name: str
    work: Callable[[Document], Outcome]
    asks: bool = False


def remedy_in(text: str) -> Remedy | None:
    """The command in a rule's words, or None if it tells what to do by hand."""
    found = _COMMAND.search(text)
    if found is None:
        return None
    script = found["script"]
    if script == "workflow":
        verb = (found["verb"] or "").strip()
        return {"migrate": Remedy("migrate", chain.migrate), "repair": Remedy("repair", repaired)}.get(verb)
    if script == "modernize_workflow":
        return Remedy(script, _modernized, asks=True)
    if script not in STEPS:
        return None
    step = chain.find(STEPS[script])
    if found["revert"]:
        return Remedy(f"{step.name}, taken back", lambda document: chain.take_back(document, step))
    return Remedy(step.name, lambda document: chain.apply(document, step), asks=script in _CHOICES)


def repaired(document: Document) -> Outcome:
    """The document with links, lists and counters that agree, as an outcome."""
    result = repair(document)
    done = ("repair",) if result.changes and check(result.document) != check(document) else ()
    return Outcome(result.document if done else document, done, repairs=result.changes if done else ())


def _modernized(document: Document) -> Outcome:
    from ..migrations.modernize.modernize import modernize

    return modernize(document)
