"""Edits of a graph as wholes: they succeed or leave no trace, alone or many at the cost of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from ..cycles import find_cycle
from ..document import Document, DocumentError, clone
from ..view import read
from . import promotion
from .graph_state import GraphError, GraphState


class CircleError(GraphError):
    """An edit after which nodes would feed each other in a circle."""


class BatchError(Exception):
    """An edit within a batch was refused halfway; the batch is undone, and its edits have to be made one by one."""


@contextmanager
def guard(state: GraphState) -> Iterator[None]:
    """Runs an edit that either succeeds as a whole or leaves no trace; refuses one that makes a circle.

    Within `batch`, the whole batch is what succeeds or leaves no trace.
    """
    if state.guards:
        yield
        return
    shown, edits = promotion.remember(state), state.edits
    with nullcontext() if state.batches else _undone_on_failure(state):
        state.guards += 1
        try:
            yield
            promotion.realign(state, shown)
        except Exception as error:
            if state.batches and state.edits != edits:
                raise BatchError from error
            if isinstance(error, DocumentError) and not isinstance(error, GraphError):
                raise GraphError(str(error)) from error
            raise
        finally:
            state.guards -= 1


@contextmanager
def batch(state: GraphState, before: Document | None = None) -> Iterator[None]:
    """Runs many edits at the cost of one: circles are looked for once, at the end.

    An edit that is refused before it began leaves the others as they are.

    Raises:
        CircleError: Nodes would feed each other in a circle; nothing of the batch is left.
        BatchError: An edit was refused halfway; nothing of the batch is left.

    Args:
        state: What is edited.
        before: Its document, a copy, if nothing was edited since; saves making one.
    """
    with nullcontext() if state.batches or state.guards else _undone_on_failure(state, before):
        state.batches += 1
        try:
            yield
        finally:
            state.batches -= 1


@contextmanager
def _undone_on_failure(state: GraphState, before: Document | None = None) -> Iterator[None]:
    state.close_gaps()
    kept = clone(state.document) if before is None else before
    try:
        yield
        state.close_gaps()
        if state.document != kept:
            _refuse_circles(kept, state.document)
    except BaseException:
        state.replace_document(kept if before is None else clone(before))
        raise


def _refuse_circles(before: Document, now: Document) -> None:
    cycle = find_cycle(read(now))
    if cycle and not find_cycle(read(before)):
        raise CircleError("nodes would feed each other in a circle: " + " -> ".join(cycle))
