"""One window at its checkpoint: is it on disk already, and if not, keep it when it is made."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from ...latent_ops.kinds import tensors_of
from ...loop_control.index_sets import parse_takes, parse_windows, ranges_text
from ...loop_control.windows_left import is_last_made, last_made, whole_plan, windows_from
from ..errors import CheckpointError, FingerprintRefusedError
from ..fingerprint.fingerprint import Fingerprint, doubtful
from ..fingerprint.loaded_files import FileWatch
from ..fingerprint.prompt_files import versions
from ..fingerprint.tensor_hash import hash_value
from ..folders import hides_metadata
from ..runs.find_window import Wanted, find_window
from ..runs.held_windows import free_bytes, is_writable
from ..runs.manifest import Manifest
from ..runs.selection import why_made_again
from ..runs.store import Store
from ..runs.window_counts import WindowCounts
from ..segments.codec import Found
from ..take import Place, Take
from .disk_room import bytes_to_keep, require_room
from .finite_windows import refuse_not_finite
from .kept_windows import check_all_kept, check_kept, check_numbers, other_sound
from .open_runs import open_store
from .prompt_words import prompt_of
from .question import Question, ask
from .request import Request
from .run_of_graph import RunOfGraph, run_of
from .runs_used import note_run
from .windows_beside import Start, starts_meant, takes_beside

log = logging.getLogger(__name__)

BYTES_PER_GB = 10**9


@dataclass
class _Open:
    """A window between the question for its latent and the answer."""

    store: Store
    project: str
    fingerprint: Fingerprint
    previous: str
    found: Found | None
    asked_at: float
    watch: FileWatch
    reasons: tuple[str, ...] = ()
    note: str = ""


_open: dict[str, _Open] = {}
_counts_of_prompts: WeakKeyDictionary[Any, dict[Path, WindowCounts]] = WeakKeyDictionary()
"""By ComfyUI's graph object, of which each prompt has its own: what a prompt before did is not counted again."""
_given_before: dict[Path, dict[int, str]] = {}
"""As `WindowCounts.given`, over all prompts: ComfyUI does not ask again for what it has in its own cache."""
_warned: set[tuple[Path, str]] = set()


async def look_up(request: Request, node_id: str, graph: Any) -> bool:
    """Whether the window is on disk. Remembers the answer for `keep_or_give`.

    If no safe fingerprint can be made the window is simply made anew: one warning, no checkpoint.
    """
    _open.pop(node_id, None)
    try:
        check_numbers(request)
        run = run_of(request, node_id, graph)
        note_run(graph.get_display_node_id(node_id), run.name)
        store = open_store(run.name, run.identity)
        previous = hash_value(request.values["previous_latent"], name="previous_latent")
        question = await ask(request, node_id, graph)
        fingerprint = question.fingerprint(previous)
        manifest = _begin_with(run, store, store.manifest(), request.index, previous.hex())
        counts = _window_counts(graph, store)
        if not counts.is_kept_checked:
            counts.is_kept_checked = True
            check_all_kept(request, node_id, graph, store, manifest, fingerprint)
        manifest = _apply_choices(request, store, manifest, run.project)
        wanted = _wanted(question, fingerprint, store, manifest, previous, run.project, _given(counts, store))
        found = find_window(store, manifest, wanted, counts)
        reasons: tuple[str, ...] = ()
        if found is None:
            _require_room(request, store, counts)
            store.create(whole_plan(request.plan).to_json())
            reasons = _say_why(request, store, manifest, fingerprint)
    except FingerprintRefusedError as error:
        log.warning("IterationCheckpoint: window %d is not kept: %s", request.index, error)
        return False
    if found is not None and found.locked:
        check_kept(request, found)
    opened = _Open(store, run.project, fingerprint, previous.hex(), found, time.monotonic(), question.watch, reasons)
    opened.note = other_sound(request.index, found, fingerprint)
    _open[node_id] = opened
    _reset_peak_memory()
    return found is not None


def keep_or_give(request: Request, node_id: str, graph: Any, latent: dict[str, Any] | None) -> tuple[dict[str, Any], str]:
    """The window's latent, from disk or as it was made; what was made is kept.

    Returns:
        The latent, and how many windows came from disk so far.

    Raises:
        NotFiniteError: It holds NaN or Inf, and the render is to stop then.
    """
    opened = _open.pop(node_id, None)
    if opened is None:
        if latent is None:
            raise CheckpointError("the window was asked for without being looked up; queue the prompt again")
        problem = refuse_not_finite(request, node_id, graph, latent)
        return latent, f"not kept{problem}"
    counts = _window_counts(graph, opened.store)
    problem = ""
    if opened.found is not None:
        counts.from_disk.add(request.index)
        latent = opened.found.latent
        given = opened.found.take.fingerprint
    else:
        assert latent is not None
        given = opened.fingerprint.digest
        problem = refuse_not_finite(request, node_id, graph, latent)
        if problem:
            counts.not_kept.add(request.index)
        else:
            counts.made.add(request.index)
            latent, given = _keep(request, opened, counts, latent)
    counts.given[request.index] = given
    _given_before.setdefault(opened.store.folder, {})[request.index] = given
    is_last = is_last_made(request.plan, request.index)
    if opened.found is None or is_last:
        _prune(request, opened.store)
    text = counts.text(len(request.plan.sequence), opened.store.held) + problem + _made_again(request.index, opened)
    text += opened.note
    if is_last:
        log.info("run %s: %s", opened.store.run, text)
    return latent, text + counts.versions_text()


def _made_again(index: int, opened: _Open) -> str:
    """A line on why a window was made again, if one like it is on disk."""
    return f"\nwindow {index} is made again: {'; '.join(opened.reasons)}" if opened.reasons else ""


def _window_counts(graph: Any, store: Store) -> WindowCounts:
    return _counts_of_prompts.setdefault(graph, {}).setdefault(store.folder, WindowCounts())


def _given(counts: WindowCounts, store: Store) -> Mapping[int, str]:
    """Window -> fingerprint of the take that this prompt, or one before, went on with."""
    return {**_given_before.get(store.folder, {}), **counts.given}


def _wanted(
    question: Question,
    fingerprint: Fingerprint,
    store: Store,
    manifest: Manifest,
    previous: bytes,
    project: str,
    given: Mapping[int, str],
) -> Wanted:
    request = question.request
    start = Start(request.values["previous_latent"], previous)
    meant = starts_meant(store, manifest, request.plan, request.index, start, given)
    fingerprints = (fingerprint, *(question.fingerprint(each) for each in meant))
    return Wanted(request.index, last_made(request.plan), fingerprints, project, request.after_update, versions())


def _begin_with(run: RunOfGraph, store: Store, manifest: Manifest, index: int, previous: str) -> Manifest:
    """Puts the initial render into the run of a second loop that goes on from it; gives the run as it is then."""
    if index != 1 or run.begins_in == run.name or manifest.window(0).takes:
        return manifest
    first = open_store(run.begins_in).load_chosen(0)
    if first is None or first.take.place is None or first.take.place.content != previous:
        return manifest
    store.save(0, first.latent, first.take, plan=first.plan, by=run.project)
    return store.manifest()


def _require_room(request: Request, store: Store, counts: WindowCounts) -> None:
    """Refuses before the first window is sampled what is not going to fit on the disk."""
    if counts.has_room:
        return
    counts.has_room = True
    if not is_writable(store.folder):
        return  # Windows are kept in memory then, and that was said.
    *_, height, width = (video := tensors_of(request.values["previous_latent"]["samples"])[0]).shape
    frame_bytes = video.shape[1] * height * width * video.element_size()
    needed = bytes_to_keep(request.plan, request.index, frame_bytes)
    windows = windows_from(request.plan, request.index) or (request.index,)
    what = f"window{'s' * (len(windows) > 1)} {ranges_text(windows)}"
    remedy = "or switch 'enabled' off, which keeps nothing"
    require_room(needed, free_bytes(store.folder), what, store.folder.parent, remedy)


def _keep(request: Request, opened: _Open, counts: WindowCounts, latent: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Keeps what was made. Gives the retake that stands for it, if there is one, else what was made."""
    fingerprint = _still_true(request, opened)
    digest, content = fingerprint.digest, hash_value(latent).hex()
    follows, meets = takes_beside(request.plan, request.index, _given(counts, opened.store))
    take = Take(
        fingerprint=digest,
        prompt="" if hides_metadata() else prompt_of(request.values["conditioning"]),
        seed=request.values["seed_value"],
        components=dict(fingerprint.components),
        seconds=round(time.monotonic() - opened.asked_at, 3),
        peak_memory_bytes=_peak_memory_bytes(),
        place=Place(content, opened.previous, follows, meets),
        versions=versions(),
    )
    opened.store.save(request.index, latent, take, plan=whole_plan(request.plan).to_json(), by=opened.project)
    retake = opened.store.retake_of(request.index, digest, content, by=opened.project)
    return (latent, digest) if retake is None else (retake.latent, retake.take.fingerprint)


def _still_true(request: Request, opened: _Open) -> Fingerprint:
    """The fingerprint of a window that was made: in doubt if a file that decides it was replaced meanwhile."""
    replaced = opened.watch.replaced()
    if not replaced:
        return opened.fingerprint
    reason = f"{', '.join(replaced)} was replaced while window {request.index} was made"
    log.warning("run %s: %s; it is kept, but made again the next time", opened.store.run, reason)
    return doubtful(opened.fingerprint, reason)


def _prune(request: Request, store: Store) -> None:
    if not request.keep_takes and not request.limit_gb:
        return
    limit_bytes = round(request.limit_gb * BYTES_PER_GB) if request.limit_gb else None
    try:
        deleted = store.prune(keep_takes=request.keep_takes or None, limit_bytes=limit_bytes)
    except CheckpointError as error:
        log.warning("run %s: earlier takes could not be deleted: %s", store.run, error)
        return
    if deleted:
        log.info("run %s: %d earlier takes deleted, as keep_takes and limit_gb say", store.run, len(deleted))


def _say_why(request: Request, store: Store, manifest: Manifest, fingerprint: Fingerprint) -> tuple[str, ...]:
    for reason in fingerprint.unproven:
        if (store.folder, reason) not in _warned:
            _warned.add((store.folder, reason))
            log.warning("run %s: windows made now are not found again after a restart of ComfyUI: %s", store.run, reason)
    reasons = why_made_again(manifest.window(request.index), dict(fingerprint.components))
    if reasons:
        log.info("run %s: window %d is made again: %s", store.run, request.index, ", ".join(reasons))
    return reasons


def _apply_choices(request: Request, store: Store, manifest: Manifest, project: str) -> Manifest:
    """Brings picked takes and locks to the run; gives the run as it is then."""
    index, window = request.index, manifest.window(request.index)
    takes = window.takes
    wanted = parse_takes(request.takes).get(index)
    if wanted is not None:
        if wanted > len(takes):
            raise CheckpointError(f"take {wanted} of window {index} is asked for, but there are {len(takes)}")
        picked = takes[wanted - 1].take.fingerprint
        is_chosen = window.locked and window.chosen == picked
        return manifest if is_chosen else store.choose(index, picked, lock=True, by=project)
    lock = index in parse_windows(request.locked)
    return store.lock(index, lock) if takes and window.locked != lock else manifest


def _reset_peak_memory() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()


def _peak_memory_bytes() -> int | None:
    import torch

    return torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None
