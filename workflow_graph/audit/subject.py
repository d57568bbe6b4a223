"""One graph under audit: the document, and lazily what rules ask of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ..document import Document, DocumentError, Kind, kind
from ..invariants import Violation, check
from ..reading.flow import Flow
from ..schemas import Schemas
from ..view import View, read
from .loops import Parts

_EXPLAINS = re.compile(r"^\W*audit:\s*([a-z0-9_]+)\W*\s*(.*)$", re.IGNORECASE | re.MULTILINE)
_NOTES = ("MarkdownNote", "Note")


class Subject:
    """A graph under audit.

    Args:
        document: A UI document, or an API prompt; unchanged.
        schemas: Known node types; the committed snapshots by default.

    Raises:
        DocumentError: It is neither.
    """

    def __init__(self, document: Document, schemas: Schemas | None = None) -> None:
        self.document = document
        self.schemas = schemas or Schemas.load()
        self.is_prompt = kind(document) is Kind.PROMPT

    @cached_property
    def view(self) -> View:
        """The file as it is written.

        Raises:
            DocumentError: It is an API prompt, which holds nothing but what runs.
        """
        return read(self.document)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Invariants that the document as it is written does not keep."""
        return check(self.document)

    @cached_property
    def _flow(self) -> Flow | DocumentError:
        try:
            return Flow(self.document, self.schemas)
        except DocumentError as error:
            first = error
        if self.is_prompt:
            return first
        from ..repair import repair

        try:
            return Flow(repair(self.document).document, self.schemas)
        except DocumentError:
            return first

    @property
    def obstacle(self) -> str | None:
        """The reason why data cannot be followed; None if it can.

        A graph with broken links is followed as it would run once they are repaired.
        """
        return str(self._flow) if isinstance(self._flow, DocumentError) else None

    @property
    def flow(self) -> Flow:
        """The graph as it runs.

        Raises:
            DocumentError: It cannot run.
        """
        if isinstance(self._flow, DocumentError):
            raise self._flow
        return self._flow

    @cached_property
    def parts(self) -> Parts:
        """The loop and what belongs to it."""
        return Parts(self.flow)

    @cached_property
    def explanations(self) -> dict[str, str]:
        """Reasons by rule code, from lines "audit: <code> <reason>" in the graph's notes."""
        return {code.lower(): reason.strip() for text in self._notes() for code, reason in _EXPLAINS.findall(text)}

    def _notes(self) -> Iterator[str]:
        for level in () if self.is_prompt else self.view.levels():
            for node in level.nodes.values():
                values = node.widgets_values
                if node.type in _NOTES and isinstance(values, list):
                    yield from (value for value in values if isinstance(value, str))
