"""One iteration at its checkpoint: is it on disk already, and if not, keep it when it is made."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..checkpoints.errors import CheckpointError, FingerprintRefusedError
from ..checkpoints.fingerprint import Fingerprint
from ..checkpoints.graph_hash import Constant
from ..checkpoints.hashing import digest_parts
from ..checkpoints.iteration_fingerprint import fingerprint_iteration
from ..checkpoints.plan_part import plan_part
from ..checkpoints.run_name import choose_run, run_identity
from ..checkpoints.store import Found, Store
from ..checkpoints.take import Take
from ..checkpoints.tensor_hash import hash_value
from ..loop_control.index_sets import parse_iterations, parse_takes
from ..loop_control.loop_body import as_link, links_of
from ..loop_control.plan import LoopPlan
from . import checkpoint_files as files
from .prompts import PROMPT_KEY

log = logging.getLogger(__name__)

BYTES_PER_GB = 10**9

VALUE_INPUTS = ("previous_latent", "conditioning", "negative", "audio_latent", "guide_latent", "seed_value", "plan")
"""Inputs that are hashed by value; the graph is cut behind them where they are wired."""


@dataclass(frozen=True)
class Request:
    """What the checkpoint node was given, besides the latent."""

    plan: LoopPlan
    iteration: int
    values: Mapping[str, Any]
    run_name: str
    locked: str
    takes: str
    keep_takes: int = 0
    limit_gb: float = 0.0


@dataclass
class Tally:
    """How many windows of a run came from disk since its initial render was asked for."""

    from_disk: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)

    def text(self, total: int) -> str:
        """For example "7 of 10 from disk, 1 made"."""
        made = f", {len(self.made)} made" if self.made else ""
        return f"{len(self.from_disk)} of {total} from disk{made}"


@dataclass
class _Open:
    """An iteration between the question for its latent and the answer."""

    store: Store
    fingerprint: Fingerprint
    found: Found | None
    asked_at: float


_open: dict[str, _Open] = {}
_tallies: dict[Path, Tally] = {}


def look_up(request: Request, node_id: str, graph: Any) -> bool:
    """Whether the iteration is on disk. Remembers the answer for `settle`.

    Where no safe fingerprint can be made the iteration is simply made anew: one warning, no checkpoint.
    """
    _open.pop(node_id, None)
    try:
        store = _store(request, node_id, graph)
        previous = hash_value(request.values["previous_latent"], name="previous_latent")
        fingerprint = _fingerprint(request, node_id, graph, previous)
        _apply_choices(request, store)
        found = store.lookup(request.iteration, fingerprint.digest)
        stands_for = store.stand_ins(request.iteration - 1).get(previous.hex()) if request.iteration else None
        if found is None and stands_for is not None:
            # The window before was made again "and keep the rest": this one is asked for as if it had not been.
            kept = _fingerprint(request, node_id, graph, bytes.fromhex(stands_for))
            found = store.lookup(request.iteration, kept.digest)
        if found is None:
            store.create(request.plan.to_json())
            _say_why(request, store, fingerprint)
    except FingerprintRefusedError as error:
        log.warning("IterationCheckpoint: iteration %d is not kept: %s", request.iteration, error)
        return False
    _open[node_id] = _Open(store, fingerprint, found, time.monotonic())
    _reset_peak_memory()
    return found is not None


def settle(request: Request, node_id: str, latent: dict[str, Any] | None) -> tuple[dict[str, Any], str]:
    """The iteration's latent, from disk or as it was made; what was made is kept.

    Returns:
        The latent, and how many windows came from disk so far.
    """
    opened = _open.pop(node_id, None)
    if opened is None:
        if latent is None:
            raise CheckpointError("the iteration was asked for without being looked up; queue the prompt again")
        return latent, "not kept"
    tally = _tally(opened.store.folder, request.iteration)
    if opened.found is not None:
        tally.from_disk.add(request.iteration)
        latent = opened.found.latent
    else:
        assert latent is not None
        tally.made.add(request.iteration)
        _keep(request, opened, latent)
    text = tally.text(request.plan.iterations + 1)
    if request.iteration >= request.plan.iterations:
        log.info("run %s: %s", opened.store.run, text)
    return latent, text


def _tally(folder: Path, iteration: int) -> Tally:
    if iteration == 0 or folder not in _tallies:
        _tallies[folder] = Tally()
    return _tallies[folder]


def _keep(request: Request, opened: _Open, latent: dict[str, Any]) -> None:
    take = Take(
        fingerprint=opened.fingerprint.digest,
        prompt=_prompt_of(request.values["conditioning"]),
        seed=request.values["seed_value"],
        components=dict(opened.fingerprint.components),
        seconds=round(time.monotonic() - opened.asked_at, 3),
        peak_memory_bytes=_peak_memory_bytes(),
    )
    opened.store.save(request.iteration, latent, take, plan=request.plan.to_json())
    if request.keep_takes or request.limit_gb:
        _prune(request, opened.store)


def _prune(request: Request, store: Store) -> None:
    limit_bytes = round(request.limit_gb * BYTES_PER_GB) if request.limit_gb else None
    try:
        deleted = store.prune(keep_takes=request.keep_takes or None, limit_bytes=limit_bytes)
    except CheckpointError as error:
        log.warning("run %s: earlier takes could not be deleted: %s", store.run, error)
        return
    if deleted:
        log.info("run %s: %d earlier takes deleted, as keep_takes and limit_gb say", store.run, len(deleted))


def _say_why(request: Request, store: Store, fingerprint: Fingerprint) -> None:
    reasons = store.why_sampled(request.iteration, dict(fingerprint.components))
    if reasons:
        log.info("run %s: iteration %d is made again: %s", store.run, request.iteration, ", ".join(reasons))


def _apply_choices(request: Request, store: Store) -> None:
    index = request.iteration
    takes = store.takes(index)
    wanted = parse_takes(request.takes).get(index)
    if wanted is not None:
        if wanted > len(takes):
            raise CheckpointError(f"take {wanted} of iteration {index} is asked for, but there are {len(takes)}")
        store.choose(index, takes[wanted - 1].fingerprint, lock=True)
        return
    lock = index in parse_iterations(request.locked)
    if takes and store.manifest().segment(index).locked != lock:
        store.lock(index, lock)


def _fingerprint(request: Request, node_id: str, graph: Any, previous_latent: bytes) -> Fingerprint:
    inputs = graph.get_node(node_id)["inputs"]
    values = dict(request.values) | {"plan": plan_part(request.plan, request.iteration)}
    links = {name: as_link(inputs.get(name)) for name in VALUE_INPUTS if name in values}
    return fingerprint_iteration(
        values=values,
        value_links={name: link for name, link in links.items() if link is not None},
        latent_link=as_link(inputs["latent"]),
        get_node=graph.get_node,
        rules=files.graph_rules(),
        hash_file=files.file_hashes().digest,
        versions=files.versions(),
        digests={"previous_latent": previous_latent},
    )


def _store(request: Request, node_id: str, graph: Any) -> Store:
    if request.run_name.strip():
        return files.open_store(request.run_name)
    song = song_file(node_id, graph)
    plan = request.plan
    size = tuple(request.values["previous_latent"]["samples"].shape[-2:])
    parts = {
        "song": files.file_hashes().digest(song) if song else digest_parts("samples", str(plan.audio_samples)),
        "grid": digest_parts("grid", str(plan.fps), str(plan.window_px), str(plan.overlap_latents), str(size)),
    }
    identity = run_identity(parts)
    today = datetime.datetime.now().astimezone().date()
    name = choose_run(files.runs_folder(), song.stem if song else "song", identity, today)
    return files.open_store(name, identity)


def song_file(node_id: str, graph: Any) -> Path | None:
    """The file that the nearest LoadAudio upstream of a node reads."""
    rules = files.graph_rules()
    queue, seen = [node_id], {node_id}
    while queue:
        node = graph.get_node(queue.pop(0))
        if node["class_type"] == "LoadAudio":
            return files.resolve_file("LoadAudio", "audio", node["inputs"].get("audio"))
        for _, (source, slot) in links_of(node):
            followed = rules.redirect(graph.get_node(source)["class_type"], graph.get_node(source)["inputs"], slot)
            if isinstance(followed, Constant):
                continue
            target = followed[0] if followed else source
            if target not in seen:
                seen.add(target)
                queue.append(target)
    return None


def _prompt_of(conditioning: Any) -> str:
    values = conditioning[0][1] if conditioning else {}
    return str(values.get(PROMPT_KEY, ""))


def _reset_peak_memory() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()


def _peak_memory_bytes() -> int | None:
    import torch

    return torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None
