"""Which take of a window answers a render's question."""

from __future__ import annotations

from .manifest import Segment, StoredTake


def takes_for(segment: Segment, fingerprint: str, content: str | None = None) -> tuple[StoredTake, ...]:
    """The takes that may be given for a fingerprint, the one that is meant first.

    Those are the take with this fingerprint and every retake that stands in its place. The chosen one is meant; where
    another is chosen, which an edit leaves behind that was taken back since, the one that was last picked by hand or made.

    Args:
        segment: All takes of the window.
        fingerprint: What the render asks for.
        content: Content hash of the window where it has just been made: retakes that stand for it fit as well, whatever
            they were asked by.
    """
    direct = segment.find(fingerprint)
    if content is None and direct is not None and direct.take.place is not None:
        content = direct.take.place.content
    found = [
        stored
        for stored in segment.takes
        if stored is direct
        or (
            (retake := stored.take.retake) is not None
            and (retake.of == fingerprint or (content is not None and retake.stands_for == content))
        )
    ]
    found.sort(key=lambda each: (each.take.fingerprint == segment.chosen, each.preferred), reverse=True)
    return tuple(found)
