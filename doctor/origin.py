"""The origin of a video, beyond what detectors may know: its workflow, and the run that it was made in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..preflight.listening import Listen
from ..workflow_graph.document import Document


@dataclass(frozen=True)
class Origin:
    """Where a video comes from.

    Attributes:
        workflow: The saved workflow or the API prompt; None if it is not known.
        listen: Hears the song that the workflow names; None if its file is not known.
        not_finite: Windows whose kept latents hold values that are no numbers.
        names: Words of a cure -> the file that they stand for, such as FILE for the workflow.
        known: What is known of the origin, a sentence each.
        not_looked_at: What could not be looked at and what would help, a sentence each.
    """

    workflow: Document | None = None
    listen: Listen | None = None
    not_finite: tuple[int, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    not_looked_at: tuple[str, ...] = ()
