"""All migrations, the chain they form, and applying them to a document.

A file says in `extra.audio_loop.revision` how far along the chain it is, and in `extra.audio_loop.applied` which migrations
were made by name. Running the chain again starts after that revision, so a second run changes nothing.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..diff import Change, diff_of_views
from ..document import Document, DocumentError, clone
from ..earlier.complete import complete
from ..editing.graph import BatchError, CircleError, Graph
from ..editing.handles import GraphError
from ..frontend.loaded_view import FrontendView
from ..invariants import check
from ..repair import repair
from ..schemas import SchemaError
from . import steps
from .account import unsaid
from .migration import Migration, MigrationError

KEY = "audio_loop"
REPAIR = "repair"
"""Name of the step if broken links were all that was wrong."""


@dataclass(frozen=True)
class Outcome:
    """The result of migrating.

    Attributes:
        document: The document afterwards; the one that was given if nothing changed.
        made: Names of the migrations that changed something, in order.
        changes: The differences in meaning.
        repairs: The repairs that had to come first, a sentence each.
        remarks: The migrations' own words, a sentence each.
    """

    document: Document
    made: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    repairs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def all_migrations() -> tuple[Migration, ...]:
    """Every migration: those of the chain in order, then the others by name.

    Raises:
        ValueError: A module does not hold exactly one migration of its own name, or the chain has a gap.
    """
    found = []
    for info in sorted(pkgutil.iter_modules(steps.__path__), key=lambda item: item.name):
        module = importlib.import_module(f"{steps.__name__}.{info.name}")
        held = [value for value in vars(module).values() if isinstance(value, Migration)]
        if [migration.name for migration in held] != [info.name]:
            raise ValueError(f"{module.__name__} must hold one migration called {info.name}")
        found.extend(held)
    chained = sorted((m for m in found if m.revision is not None), key=lambda m: (m.revision, m.repeats))
    counted = [m.revision for m in chained if not m.repeats]
    if counted != list(range(1, len(counted) + 1)):
        raise ValueError(f"revisions must run from 1 without a gap, they are {counted}")
    return (*chained, *(m for m in found if m.revision is None))


def chain() -> tuple[Migration, ...]:
    """The migrations that `migrate` runs, in order."""
    return tuple(m for m in all_migrations() if m.revision is not None)


def head() -> int:
    """The last revision of the chain."""
    return sum(not m.repeats for m in chain())


def find(name: str) -> Migration:
    """The migration of that name.

    Raises:
        MigrationError: None has it; names the nearest.
    """
    known = {migration.name: migration for migration in all_migrations()}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise MigrationError(f"no migration is called {name!r}{hint}")


def revision(document: Document) -> int:
    """How far along the chain a file is; 0 if it does not say."""
    value = _stored(document).get("revision")
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def migrate(document: Document, then: Migration | None = None) -> Outcome:
    """Runs the chain from where the file is.

    Args:
        document: A UI document; unchanged.
        then: One that is made by name after it.

    Raises:
        DocumentError: It cannot be read, or is of a later revision than this version knows.
    """
    at = revision(document)
    if at > head():
        raise MigrationError(
            f"the file is at revision {at}, this version knows {head()}: it was written by a newer Audio Loop; update the pack"
        )
    work = [(m, m.defaults()) for m in chain() if m.repeats or (m.revision or 0) > at]
    if then is None:
        return _run(document, work, at_revision=head())
    return _run(document, [*work, (then, {**then.defaults(), "named": True})], at_revision=head(), by_name=then.name)


def apply(document: Document, migration: Migration, options: Mapping[str, Any] | None = None) -> Outcome:
    """Makes one migration, wherever the file is in the chain, and first the steps that it needs.

    Args:
        document: A UI document; unchanged.
        migration: Which.
        options: Its options; defaults for those that are missing.

    Raises:
        DocumentError: The document cannot be read, or the migration cannot be applied to it.
    """
    before = [(step, step.defaults()) for step in map(find, migration.after)]
    work = [*before, (migration, {**migration.defaults(), "named": True, **(options or {})})]
    return _run(document, work, by_name=migration.name)


def take_back(document: Document, migration: Migration, options: Mapping[str, Any] | None = None) -> Outcome:
    """Takes one migration back by editing.

    Raises:
        MigrationError: It cannot be taken back that way.
    """
    if migration.downgrade is None:
        raise MigrationError(f"{migration.name} can only be taken back where the earlier bytes are kept beside the file")
    back = Migration(migration.name, migration.summary, migration.downgrade)
    return _run(document, [(back, {**migration.defaults(), **(options or {})})], by_name=migration.name, undone=True)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Says what is wrong with a damaged file: it can hold a value of the wrong kind in any place, and no reader checks all."""
    try:
        yield
    except (TypeError, KeyError, IndexError, AttributeError, OverflowError, ValueError) as error:
        if isinstance(error, (DocumentError, SchemaError)):
            raise
        raise DocumentError(
            f"the file holds something of the wrong kind ({type(error).__name__}: {error}); open it in ComfyUI and save it anew"
        ) from error


@_damage_told()
def _run(
    document: Document,
    work: Sequence[tuple[Migration, Mapping[str, Any]]],
    *,
    at_revision: int | None = None,
    by_name: str | None = None,
    undone: bool = False,
) -> Outcome:
    mended = repair(document)
    before = check(mended.document)
    graph = Graph(mended.document)
    complete(graph)
    start = graph.to_document()
    made, remarks = list[str](), list[str]()
    last = start
    for migration, options in work:
        try:
            remarks.extend(_made(graph, last, migration, options))
        except (MigrationError, SchemaError, GraphError) as error:
            asked_for = at_revision is None or migration.name == by_name
            if asked_for and isinstance(error, SchemaError):
                raise MigrationError(f"{migration.name}: {error}") from error
            if asked_for:
                raise
            # One that does not fit this graph does not keep the others from it.
            remarks.append(f"{migration.name} is left out: {error}")
            graph = Graph(last)
        if not graph.is_now(last):
            made.append(migration.name)
            last = graph.to_document()
    if not made and mended.changes and at_revision is not None:
        made.append(REPAIR)
    if not made:
        return Outcome(document, remarks=tuple(remarks))
    after = check(last)
    worse = Counter(v.code for v in after) - Counter(v.code for v in before)
    if worse:
        new = next(v for v in after if v.code in worse)
        raise MigrationError(f"{', '.join(made)} would break the graph: {new}")
    views = FrontendView(start, graph.schemas), FrontendView(last, graph.schemas)
    if not undone:
        remarks.extend(unsaid(*views, remarks))
    of_chain = at_revision if any(name != by_name for name in made) else None
    result = _stamped(last, [by_name] if by_name is not None and by_name in made else [], of_chain, undone=undone)
    return Outcome(result, tuple(made), diff_of_views(*views), mended.changes, tuple(remarks))


def _made(graph: Graph, now: Document, migration: Migration, options: Mapping[str, Any]) -> Sequence[str]:
    """Makes one migration of a graph that is `now`; edit by edit only if one of them fails halfway."""
    try:
        with graph.batch(now):
            return migration.upgrade(graph, options) or ()
    except (BatchError, CircleError):
        pass
    return migration.upgrade(graph, options) or ()


def _stored(document: Document) -> Document:
    extra = document.get("extra")
    stored = extra.get(KEY) if isinstance(extra, dict) else None
    return stored if isinstance(stored, dict) else {}


def _stamped(document: Document, names: Sequence[str], at_revision: int | None, *, undone: bool) -> Document:
    result = clone(document)
    extra = result.get("extra")
    if not isinstance(extra, dict):
        extra = result["extra"] = {}
    stored = dict(_stored(document))
    if at_revision is not None:
        stored["revision"] = at_revision
    listed = stored.get("applied")
    applied = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    if undone:
        applied = [name for name in applied if name not in names]
    else:
        applied += [name for name in names if name not in applied]
    if applied:
        stored["applied"] = applied
    else:
        stored.pop("applied", None)
    extra[KEY] = stored
    return result


__all__ = ["DocumentError", "Outcome", "all_migrations", "apply", "chain", "find", "head", "migrate", "revision", "take_back"]
