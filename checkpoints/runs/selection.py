"""Which take of a window answers a render's question, and why none does."""

from __future__ import annotations

from collections.abc import Mapping

from ..fingerprint.fingerprint import explain_difference
from .manifest import StoredTake, StoredWindow


def takes_for(window: StoredWindow, fingerprint: str, content: str | None = None) -> tuple[StoredTake, ...]:
    """The takes that may be given for a fingerprint, the one that is meant first.

    Those are the take with this fingerprint and every retake that stands in its place. The chosen one is meant. If another
    window is chosen, which an edit leaves behind that was taken back since, it is the retake made last, or what was picked
    by hand after it.

    Args:
        window: The window with all its takes.
        fingerprint: What the render asks for.
        content: Content hash of the window if it has just been made: that it is chosen says nothing yet, and retakes that
            stand for it fit as well, whatever they were asked by.
    """
    direct = window.find(fingerprint)
    has_just_been_made = content is not None
    if direct is not None and direct.take.place is not None:
        content = content or direct.take.place.content
    found = [each for each in window.takes if each is direct or _stands_for(each, fingerprint, content)]

    def wanted(stored: StoredTake) -> tuple[bool, str]:
        is_chosen = stored.take.fingerprint == window.chosen and not has_just_been_made
        return is_chosen, stored.preferred if stored.take.retake is not None else _picked(window, stored)

    return tuple(sorted(found, key=wanted, reverse=True))


def stand_ins(window: StoredWindow) -> dict[str, str]:
    """For each retake of a window: content hash of its latent -> that of the latent which it stands for."""
    retakes = (stored.take.retake for stored in window.takes)
    return {retake.content: retake.stands_for for retake in retakes if retake is not None}


def why_made_again(window: StoredWindow, components: Mapping[str, str]) -> tuple[str, ...]:
    """Says in words what differs between a window asked for and the take nearest to it.

    Args:
        window: The window with all its takes.
        components: Name -> short hash of the window asked for.

    Returns:
        Phrases like "conditioning changed"; empty if there is no take, or nothing differs.
    """
    newest_first = [explain_difference(stored.take.components, components) for stored in reversed(window.takes)]
    return min(newest_first, key=len, default=())


def _stands_for(stored: StoredTake, fingerprint: str, content: str | None) -> bool:
    retake = stored.take.retake
    return retake is not None and (retake.of == fingerprint or retake.stands_for == content)


def _picked(window: StoredWindow, stored: StoredTake) -> str:
    """When a window that is no retake was last picked by hand, in whichever take of the same content."""
    place = stored.take.place
    alike = [
        each.picked
        for each in window.takes
        if each is stored
        or (each.take.retake is None and place and each.take.place and each.take.place.content == place.content)
    ]
    return max(alike)
