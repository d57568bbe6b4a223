"""Locked windows and picked takes, which are to stay in a render, compared with its plan before anything is sampled."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...loop_control.windows_left import windows_from
from ...loop_engine.prompt_links import as_link
from ..errors import CheckpointError
from ..fingerprint.fingerprint import Fingerprint
from ..runs.locked_place import check_place, kept_windows, plan_of
from ..runs.locked_window import check_locked, is_of_size
from ..runs.manifest import Manifest, StoredTake, StoredWindow
from ..runs.store import Store
from ..segments.codec import Found
from .open_runs import open_store
from .project import CHECKPOINT_CLASS, upstream
from .run_of_graph import run_of

if TYPE_CHECKING:
    from .request import Request

log = logging.getLogger(__name__)

SOUND = "value audio_latent"
"""Component of a fingerprint."""


def check_numbers(request: Request) -> None:
    """Refuses windows that the song does not have.

    Raises:
        CheckpointError: `locked` or `takes` names one.
    """
    kept_windows(request.plan, request.locked, request.takes)


def check_kept(request: Request, found: Found) -> None:
    """Refuses a take of the window asked for that does not fit the render which it is to stand in.

    The song was compared when the first window was asked for; what is another now is told, see `other_sound`.

    Raises:
        CheckpointError: It has another size, another length, or another place in the song.
    """
    check_locked(request.plan, request.index, found, request.values["previous_latent"])
    check_place(request.plan, request.index, found, is_same_song=True)


def check_all_kept(
    request: Request, node_id: str, graph: Any, store: Store, manifest: Manifest, fingerprint: Fingerprint
) -> None:
    """Checks all windows that are to stay in this prompt, at the first window that it asks for.

    Args:
        request: The window asked for.
        node_id: Its checkpoint.
        graph: ComfyUI's dynamic prompt.
        store: The run of the checkpoint.
        manifest: The run as it is now.
        fingerprint: Of the window asked for.

    Raises:
        CheckpointError: One is not there, or does not fit.
    """
    iteration = graph.get_node(node_id)["inputs"].get("current_iteration")
    windows = windows_from(request.plan, request.index)
    _check(request, store, manifest, fingerprint, windows, as_link(iteration) is not None)
    for later, later_id in _later_checkpoints(request, graph.get_display_node_id(node_id), graph):
        check_numbers(later)
        run = run_of(later, later_id, graph)
        other = open_store(run.name, run.identity)
        _check(later, other, manifest if other is store else other.manifest(), fingerprint, windows[1:], True)


def other_sound(index: int, found: Found | None, fingerprint: Fingerprint) -> str:
    """A line if a locked window was made to other sound than what is played there now; else nothing.

    A louder copy of the song sounds so too, so this is no reason to refuse.
    """
    if found is None or not found.locked:
        return ""
    then, now = found.take.components.get(SOUND), dict(fingerprint.components).get(SOUND)
    if then is None or then == now:
        return ""
    text = f"window {index} is locked, and was made to other sound than this song has there: look at its lips"
    log.warning("%s", text)
    return f"\n{text}"


def _check(
    request: Request, store: Store, manifest: Manifest, fingerprint: Fingerprint, windows: tuple[int, ...], is_loop: bool
) -> None:
    locked, picked = kept_windows(request.plan, request.locked, request.takes)
    # A checkpoint with a plain number as current_iteration keeps that window alone.
    mine = windows if is_loop else windows[:1]
    previous = request.values["previous_latent"]
    for index in sorted(each for each in locked | picked.keys() if each in mine):
        stored = _stored(manifest.window(index), picked.get(index))
        found = None if stored is None else store.load(index, stored)
        if found is None:
            continue
        # What lies between the initial render and the loop may change the size: then it is known when the loop is there.
        if index == request.index or is_of_size(found.latent, previous) or _is_known_size(store, manifest, found):
            check_locked(request.plan, index, found, previous)
        check_place(request.plan, index, found, _is_same_song(request, store, manifest, fingerprint, index, found))


def _stored(window: StoredWindow, wanted: int | None) -> StoredTake | None:
    if wanted is None:
        return window.find(window.chosen)
    if wanted > len(window.takes):
        raise CheckpointError(f"take {wanted} of window {window.index} is asked for, but there are {len(window.takes)}")
    return window.takes[wanted - 1]


def _later_checkpoints(request: Request, own: str, graph: Any) -> Iterator[tuple[Request, str]]:
    """The checkpoints that go on from this one by the same plan, as far as what they are told is known already."""
    prompt = graph.get_original_prompt()
    if prompt.get(own, {}).get("class_type") != CHECKPOINT_CLASS:
        return
    mine = prompt[own]["inputs"]
    known = {"run_name": request.run_name, "locked": request.locked, "takes": request.takes, "enabled": True}
    for each, node in prompt.items():
        if each == own or node.get("class_type") != CHECKPOINT_CLASS or own not in upstream(prompt, each):
            continue
        inputs = node.get("inputs", {})
        told = {name: _told(inputs, mine, name, value) for name, value in known.items()}
        is_ours = inputs.get("plan") == mine.get("plan") and as_link(inputs.get("current_iteration")) is not None
        if is_ours and told["enabled"] and told["run_name"] is not None:
            run_name, locked, takes = (str(told[name] or "") for name in ("run_name", "locked", "takes"))
            yield replace(request, run_name=run_name, locked=locked, takes=takes), each


def _told(inputs: Mapping[str, Any], mine: Mapping[str, Any], name: str, value: Any) -> Any:
    """The value of an input of another checkpoint, if it can be known now; else None."""
    there = inputs.get(name, True if name == "enabled" else "")
    if as_link(there) is None:
        return there
    return value if there == mine.get(name) else None


def _is_known_size(store: Store, manifest: Manifest, found: Found) -> bool:
    """Whether this graph's windows are as large as its initial render: it was of this size once."""
    takes = (store.load(0, stored) for stored in manifest.window(0).takes)
    return any(each is not None and is_of_size(each.latent, found.latent) for each in takes)


def _is_same_song(
    request: Request, store: Store, manifest: Manifest, fingerprint: Fingerprint, index: int, found: Found
) -> bool:
    """Whether a song of another length is this one, cut elsewhere: the window asked for was made to the same sound there."""
    made_by = plan_of(found, index)
    if made_by is None or made_by.audio_samples == request.plan.audio_samples:
        return False
    sound = dict(fingerprint.components).get(SOUND)
    for stored in manifest.window(request.index).takes:
        if sound is None or stored.take.components.get(SOUND) != sound:
            continue
        beside = store.load(request.index, stored)
        plan = None if beside is None else plan_of(beside, request.index)
        if plan is not None and (plan.audio_samples, plan.sample_rate) == (made_by.audio_samples, made_by.sample_rate):
            return True
    return False
