"""Windows that another version of ComfyUI or of this pack made: whether a render uses them, and how it says so.

An unfinished run goes on with them. A run that other versions finished is made again: whoever queues it after an update wants
to see what the update brings. Each version's windows are takes of their own, so nothing is overwritten either way.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...loop_control.errors import PlanError
from ...loop_control.index_sets import ranges_text
from ...loop_control.stored_plan import plan_from_json
from ...loop_control.windows_left import last_made
from ..take import RETAKE_PART, Take
from .after_update import AS_THE_RUN_NEEDS, USE
from .manifest import Manifest, StoredWindow

SOFTWARE = {"comfyui": "ComfyUI", "audio-loop": "Audio Loop"}
"""Name in a fingerprint -> name for people. How a fingerprint is made has a version too; that one always counts."""

Components = Mapping[str, str]
"""Name -> short hash, of what is asked for."""


def takes_of_others(window: StoredWindow, components: Components) -> tuple[str, ...]:
    """Fingerprints of a window's takes that differ from what is asked for in nothing but versions, the one meant first.

    A retake is given by the fingerprint that it stands for, as `selection.takes_for` finds it.
    """
    wanted = _without_versions(components)
    alike = [each for each in window.takes if _without_versions(each.take.components) == wanted]
    alike.sort(key=lambda each: (each.take.fingerprint == window.chosen, each.preferred), reverse=True)
    return tuple(dict.fromkeys(each.take.retake.of if each.take.retake else each.take.fingerprint for each in alike))


def may_use_others(choice: str, manifest: Manifest, last: int, components: Components, by: str = "") -> bool:
    """Whether windows of other versions are used: by the user's choice, or because those versions did not finish the run.

    Args:
        choice: One of `after_update.CHOICES`.
        manifest: The run as it was before the prompt.
        last: The window that is made last.
        components: Of any window asked for now; the versions in them count.
        by: The project that asks: what it shows as the last window says who finished it.
    """
    if choice != AS_THE_RUN_NEEDS:
        return choice == USE
    window = manifest.window(last)
    stored = window.find(window.chosen_by.get(by, window.chosen))
    made_by = {} if stored is None else _versions(window, stored.take)
    return not made_by or made_by == _versions_in(components)


def told_versions(window: StoredWindow, take: Take, components: Components, mine: Mapping[str, str]) -> tuple[str, str]:
    """The versions that made a take and those that run now, as far as they differ, for people.

    Args:
        window: The window with its takes.
        take: Of other versions, or of these.
        components: Of what is asked for now.
        mine: Name of the software -> its version now.

    Returns:
        For example ("ComfyUI 0.33.0", "ComfyUI 0.34.1"); ("", "") if nothing differs.
    """
    now, then = _versions_in(components), _versions(window, take)
    differing = [name for name in SOFTWARE if now.get(name) != then.get(name) and take.versions.get(name) != mine.get(name)]
    theirs = [f"{SOFTWARE[name]} {take.versions[name]}" if take.versions else f"another {SOFTWARE[name]}" for name in differing]
    return " and ".join(theirs), " and ".join(f"{SOFTWARE[name]} {mine.get(name, '?')}" for name in differing)


def used_text(used: Mapping[int, tuple[str, str]]) -> str:
    """One line about the windows of a render that are of other versions; "" if there are none.

    Args:
        used: Window -> as `told_versions`.
    """
    told = []
    for theirs, mine in dict.fromkeys(used[index] for index in sorted(used)):
        windows = [index for index, each in used.items() if each == (theirs, mine)]
        many = len(windows) > 1
        told.append(
            f"window{'s' * many} {ranges_text(windows)} {'were' if many else 'was'} made with {theirs} and "
            f"{'are' if many else 'is'} used; this is {mine}"
        )
    return "; ".join(told)


def finished_text(theirs: str, mine: str) -> str:
    """One line about a run that is made again because other versions finished it."""
    return (
        f"the run was finished with {theirs}, this is {mine}: its windows are made again; "
        f"'{USE}' in 'after_update' takes them from disk"
    )


def last_window(manifest: Manifest, otherwise: int) -> int:
    """The window of a run that is made last by its own plan, or `otherwise` if it has none."""
    try:
        return last_made(plan_from_json(manifest.plan or {}))
    except PlanError:
        return otherwise


def _versions(window: StoredWindow, take: Take) -> dict[str, str]:
    """Short hashes of the versions that made a take; a retake of before has those of what it replaces. None if not known."""
    replaced = window.find(take.retake.of) if take.retake else None
    return _versions_in({**(replaced.take.components if replaced else {}), **take.components})


def _versions_in(components: Components) -> dict[str, str]:
    return {name: components[f"version {name}"] for name in SOFTWARE if f"version {name}" in components}


def _without_versions(components: Components) -> dict[str, str]:
    left_out = {RETAKE_PART, *(f"version {name}" for name in SOFTWARE)}
    return {name: digest for name, digest in components.items() if name not in left_out}
