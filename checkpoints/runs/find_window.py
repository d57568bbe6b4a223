"""Finds a window that a render asks for: in its run or in another one, made by these versions of the software or by others."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from ..fingerprint.fingerprint import Fingerprint
from ..segments.codec import Found
from .after_update import AS_THE_RUN_NEEDS
from .manifest import Manifest
from .other_versions import (
    finished_text,
    last_window,
    may_use_others,
    takes_of_others,
    told_versions,
)
from .store import Store
from .window_counts import WindowCounts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """The window that is asked for, and whatever counts as it.

    Attributes:
        index: The window; 0 is the initial render.
        last: The window that the render makes last, if it makes all.
        fingerprints: What it may be found by, the one meant first.
        by: The project that asks.
        after_update: One of `after_update.CHOICES`.
        versions: Software -> version that runs now.
    """

    index: int
    last: int
    fingerprints: tuple[Fingerprint, ...]
    by: str
    after_update: str
    versions: Mapping[str, str]

    @property
    def components(self) -> dict[str, str]:
        """Of the fingerprint that is meant."""
        return dict(self.fingerprints[0].components)

    def alike_in(self, manifest: Manifest) -> tuple[str, ...]:
        """Fingerprints of takes in a run that differ from this window in versions alone."""
        window = manifest.window(self.index)
        return tuple(each for asked in self.fingerprints for each in takes_of_others(window, dict(asked.components)))

    def usable_in(self, manifest: Manifest) -> tuple[str, ...]:
        """As `alike_in`, of another run; none if other versions finished that one, unless the user wants them."""
        last = last_window(manifest, self.last)
        return self.alike_in(manifest) if may_use_others(self.after_update, manifest, last, self.components) else ()


def find_window(store: Store, manifest: Manifest, wanted: Wanted, counts: WindowCounts) -> Found | None:
    """Gives a window that is on disk, or None: it has to be made.

    A take with the exact fingerprint comes first, also from another run; then one of other versions, if it may be used. Whether
    it may is decided when a prompt asks for its first window: the prompt itself goes on to change what is on disk.

    Args:
        store: The run.
        manifest: The run as it is now.
        wanted: The window.
        counts: Of the run in this prompt; notes what was found out about other versions.
    """
    if wanted.after_update not in counts.uses_others:
        may = may_use_others(wanted.after_update, manifest, wanted.last, wanted.components, wanted.by)
        counts.uses_others[wanted.after_update] = may
    exact = tuple(each.digest for each in wanted.fingerprints)
    found = store.lookup(wanted.index, *exact, by=wanted.by, manifest=manifest)
    if found is None and (other := store.take_over(wanted.index, *exact, by=wanted.by)):
        _tell_taken_over(store, wanted.index, other)
        found = store.lookup(wanted.index, *exact, by=wanted.by)
    if found is not None:
        return found
    if not counts.uses_others[wanted.after_update]:
        _note_made_again(store, manifest, wanted, counts)
        return None
    found = store.lookup(wanted.index, *wanted.alike_in(manifest), by=wanted.by, manifest=manifest)
    if found is None and (other := store.take_over(wanted.index, by=wanted.by, alike=wanted.usable_in)):
        _tell_taken_over(store, wanted.index, other)
        manifest = store.manifest()
        found = store.lookup(wanted.index, *wanted.alike_in(manifest), by=wanted.by, manifest=manifest)
    if found is not None:
        _note_used(store, manifest, wanted, counts, found)
    return found


def _tell_taken_over(store: Store, index: int, other: str) -> None:
    log.info("run %s: window %d is taken over from run %s", store.run, index, other)


def _note_used(store: Store, manifest: Manifest, wanted: Wanted, counts: WindowCounts, found: Found) -> None:
    told = told_versions(manifest.window(wanted.index), found.take, wanted.components, wanted.versions)
    if not any(told):
        return
    if not counts.of_others:
        log.info("run %s: windows made with %s are used; this is %s", store.run, *told)
    counts.of_others[wanted.index] = told


def _note_made_again(store: Store, manifest: Manifest, wanted: Wanted, counts: WindowCounts) -> None:
    alike = wanted.alike_in(manifest)
    if wanted.after_update != AS_THE_RUN_NEEDS or counts.finished_by or not alike:
        return
    window = manifest.window(wanted.index)
    stored = window.find(alike[0])
    if stored is not None:
        counts.finished_by = told_versions(window, stored.take, wanted.components, wanted.versions)
        log.info("run %s: %s", store.run, finished_text(*counts.finished_by))
