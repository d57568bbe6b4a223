"""Windows that a render is going to take from disk, as far as that can be told before anything is made.

What a window is made from is known in full only when it is asked for: its fingerprint holds tensors. Before that the run, the
seeds, the prompts, the settings and files of what samples, and the chain of windows say nearly all of it. If in doubt a window
counts as one to be made: then time and disk come out too large and not too small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...files.names import UnsafeNameError
from ...loop_control.errors import PlanError
from ...loop_control.plan import LoopPlan
from ...loop_control.stored_plan import plan_from_json
from ...loop_control.windows_left import beside, last_made
from ...loop_engine.prompt_links import Link, as_link
from ..errors import CheckpointError, FingerprintRefusedError
from ..fingerprint import prompt_files
from ..fingerprint.canvas_links import WINDOW_OF_CANVAS
from ..fingerprint.file_hashes import FileHashes
from ..fingerprint.fingerprint import make_fingerprint
from ..fingerprint.graph_hash import hash_graph
from ..fingerprint.graph_rules import Constant
from ..fingerprint.loop_links import open_iteration
from ..fingerprint.machine import machine
from ..folders import runs_folder
from ..runs.manifest import Manifest, StoredTake, StoredWindow
from ..runs.other_versions import may_use_others
from ..runs.run_folder import MANIFEST_NAME, read_manifest_file
from ..runs.run_name import find_run
from .project import Prompt, named_run
from .question import VALUE_INPUTS
from .run_of_graph import identity_of
from .windows_asked import WindowsAsked

MOST_HASHED_BYTES = 64 << 20
"""A file that no render has hashed is hashed for a check only if it is no larger: no take was made from it otherwise."""

_COMPARED = ("setting ", "file ", "machine ", "wiring")
"""Components of a fingerprint that are known without running a node."""

_small_files = FileHashes(None)


def windows_on_disk(prompt: Prompt, node_id: str, asked: WindowsAsked) -> frozenset[int]:
    """Those of the windows that lie on disk.

    Args:
        prompt: The graph as it would be queued, in API form.
        node_id: The checkpoint.
        asked: What it is going to ask for.
    """
    try:
        manifest = _run(prompt, node_id, asked)
    except (OSError, CheckpointError, UnsafeNameError):
        return frozenset()
    if manifest is None:
        return frozenset()
    found: dict[int, tuple[StoredTake, ...]] = {}
    for index in asked.indexes:
        window = manifest.window(index)
        number = asked.picked.get(index, 0)
        if 0 < number <= len(window.takes):
            found[index] = (window.takes[number - 1],)
        elif index in asked.locked and window.takes:
            found[index] = tuple(each for each in window.takes if each.take.fingerprint == window.chosen)
        else:
            near = {each: found.get(each, _of_others(manifest, asked, each)) for each in beside(asked.plan, index)}
            found[index] = _usable(window, near, _components(prompt, node_id, asked, index), asked, manifest)
    return frozenset(index for index, takes in found.items() if takes)


def _of_others(manifest: Manifest, asked: WindowsAsked, index: int) -> tuple[StoredTake, ...]:
    """The takes of a window that another checkpoint asks for: that of the initial render."""
    return () if index in asked.indexes else manifest.window(index).takes


def _run(prompt: Prompt, node_id: str, asked: WindowsAsked) -> Manifest | None:
    if asked.run_name.strip():
        name: str | None = named_run(prompt, node_id, asked.run_name)
    else:
        name = find_run(runs_folder(), identity_of(prompt, node_id, asked.plan, asked.latent_size, _known_digest))
    path = runs_folder() / (name or "") / MANIFEST_NAME
    return read_manifest_file(path) if name is not None and path.is_file() else None


def _usable(
    window: StoredWindow,
    near: Mapping[int, tuple[StoredTake, ...]],
    components: Mapping[str, str] | None,
    asked: WindowsAsked,
    manifest: Manifest,
) -> tuple[StoredTake, ...]:
    """The takes that answer, and the retakes that stand for them; none if the window has to be made."""
    if components is None or not _is_in_place(manifest, asked.plan, window.index):
        return ()
    uses_others = may_use_others(asked.after_update, manifest, last_made(asked.plan), components)
    fit = tuple(
        each
        for each in window.takes
        if _is_alike(each, components, uses_others)
        and each.take.prompt == asked.prompts.get(window.index)
        and each.take.seed == asked.plan.nth_window(window.index).seed
        and all(_is_made_from(each, index < window.index, takes) for index, takes in near.items())
    )
    made = {each.take.fingerprint for each in fit}
    return (*fit, *(each for each in window.takes if each.take.retake is not None and each.take.retake.of in made))


def _is_alike(stored: StoredTake, components: Mapping[str, str], uses_others: bool) -> bool:
    """Whether a take differs in nothing that is known; what cannot be proved to be the same again never answers."""
    then = stored.take.components
    if any(name.startswith("unproven") for name in then):
        return False
    compared = _COMPARED if uses_others else (*_COMPARED, "version ")
    names = {name for name in (*then, *components) if name.startswith(compared)}
    return all(then.get(name) == components.get(name) for name in names)


def _is_made_from(stored: StoredTake, is_before: bool, takes: tuple[StoredTake, ...]) -> bool:
    """Whether a take was made from one of these takes of the window before it, or after it."""
    place = stored.take.place
    for each in takes:
        other = each.take
        known = {other.fingerprint} | ({other.retake.of} if other.retake else set())
        contents = {other.place.content} if other.place else set()
        contents |= {other.retake.stands_for} if other.retake else set()
        if place is None or (place.follows if is_before else place.meets) in known:
            return True
        if is_before and place.continues in contents:
            return True
    return False


def _is_in_place(manifest: Manifest, plan: LoopPlan, index: int) -> bool:
    """Whether the run's windows lie where this plan has them; only the last one may differ in a run of the same grid."""
    try:
        then = plan_from_json(manifest.plan or {})
    except PlanError:
        return False
    if index > then.iterations:
        return False
    return replace(then.nth_window(index), seed=0) == replace(plan.nth_window(index), seed=0)


def _components(prompt: Prompt, node_id: str, asked: WindowsAsked, index: int) -> Mapping[str, str] | None:
    """The components of a window's fingerprint that are known before it is made; None if they cannot be told."""
    inputs = prompt[node_id].get("inputs", {})
    number = as_link(inputs.get("current_iteration"))
    is_canvas = number is not None and number[0] in prompt and prompt[number[0]].get("class_type") == WINDOW_OF_CANVAS
    turn = asked.indexes.index(index) + 1 if is_canvas else index
    latent = as_link(inputs.get("latent"))
    if latent is None:
        return None
    links = {name: as_link(inputs.get(name)) for name in VALUE_INPUTS}
    cut: dict[Link, str] = {}
    for name, link in sorted(links.items()):
        if link is not None:
            cut.setdefault(link, name)

    def redirect(class_type: str, given: Mapping[str, Any], slot: int) -> Link | Constant | None:
        rules = prompt_files.graph_rules()
        return open_iteration(class_type, slot, turn) or rules.redirect(class_type, given, slot)

    rules = replace(prompt_files.graph_rules(), redirect=redirect)
    try:
        graph = hash_graph(prompt.__getitem__, latent, cut=cut, rules=rules, hash_file=_known_digest)
    except (FingerprintRefusedError, OSError):
        return None
    return dict(make_fingerprint({}, graph, prompt_files.versions(), machine()).components)


def _known_digest(path: Path) -> bytes:
    """The digest of a file that a render has hashed, or of a small one.

    Raises:
        OSError: It would take too long.
    """
    known = prompt_files.file_hashes().known(path)
    if known is not None:
        return known
    if path.stat().st_size > MOST_HASHED_BYTES:
        raise OSError(f"{path.name} was never hashed")
    return _small_files.digest(path)
