"""Which windows of a run belong together: each knows what it was made to continue, and one between two others both of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from ...files.hashing import SHORT_HEX_DIGITS
from ...loop_control.index_sets import ranges_text
from ..errors import CheckpointError
from ..take import Take
from .manifest import Manifest, StoredTake, StoredWindow

PREVIOUS = "value previous_latent"
"""The component that says in takes of any version, in 12 digits, what they continue."""

ContentOf = Callable[[int, StoredTake], "str | None"]
"""(window, take) -> content hash of its latent, read from its file; None if the file may not be used."""


class Joint(Enum):
    """How two windows meet."""

    KNOWN = "one was made from the other"
    UNKNOWN = "neither says what it was made from"
    BROKEN = "one was made from another window"


@dataclass(frozen=True)
class Chain:
    """Takes of neighbouring windows that may be joined.

    Attributes:
        takes: One of each window, from the first that was asked for on, without a gap.
        notes: What a person should know of them.
        ended: Why no further window follows, with what can be done; "" if none was asked for.
    """

    takes: tuple[StoredTake, ...]
    notes: tuple[str, ...]
    ended: str


def find_chain(
    manifest: Manifest, first: int, last: int, content_of: ContentOf, picks: Mapping[int, int] | None = None
) -> Chain:
    """Finds the windows `first` to `last` that belong together, from the first one on.

    The chosen take of each window is wanted; if it continues another window than the one before, a take that continues
    that one is taken in its place, the latest first. A locked window, or one that is picked, is wanted by a person and is
    joined whatever it continues.

    Args:
        manifest: The run.
        first: First window.
        last: Last window.
        content_of: Reads the content hash of a take.
        picks: Window -> number of its take (from 1). The windows before the first of them are those that it continues.

    Raises:
        CheckpointError: A pick is not there.
    """
    walk = _ChainWalk(manifest, content_of, picks or {})
    return walk.run(first, last)


class _ChainWalk:
    def __init__(self, manifest: Manifest, content_of: ContentOf, picks: Mapping[int, int]) -> None:
        self._manifest = manifest
        self._content_of = content_of
        self._picks = {index: _picked(manifest.window(index), number) for index, number in picks.items()}
        self._notes: list[str] = []

    def run(self, first: int, last: int) -> Chain:
        start = min((index for index in self._picks if first <= index <= last), default=None)
        takes = [] if start is None else self._back_to(first, start)
        for index in range(first + len(takes), last + 1):
            before = takes[-1] if takes else None
            found = self._after(index, before)
            if found is None:
                ended = self._why_ended(index, last, before)
                return Chain(tuple(takes), tuple(self._notes), ended)
            takes.append(found)
        return Chain(tuple(takes), tuple(self._notes), "")

    def _back_to(self, first: int, start: int) -> list[StoredTake]:
        takes = [self._picks[start]]
        for index in range(start - 1, first - 1, -1):
            window, after = self._manifest.window(index), takes[0]
            joints = [(each, self._joint(index, each, after)) for each in _wanted_first(window)]
            found = self._first_of(window, joints)
            if found is None:
                raise CheckpointError(
                    f"take {_number(self._manifest.window(index + 1), after)} of window {index + 1} continues a window "
                    f"{index} that is not on disk any more; begin with it ('first' {index + 1}), or pick another take"
                )
            takes.insert(0, found)
        return takes

    def _after(self, index: int, before: StoredTake | None) -> StoredTake | None:
        window = self._manifest.window(index)
        if index in self._picks:
            return self._picks[index]
        chosen = window.find(window.chosen)
        if before is None or window.locked:
            if chosen is None or not self._is_usable(index, chosen):
                return None
            if before is not None and self._joint(index - 1, before, chosen) is Joint.BROKEN:
                self._notes.append(f"window {index} is locked and continues another window {index - 1}")
            return chosen
        is_kept = self._manifest.window(index - 1).locked and _meets(before.take) is not None
        if is_kept and chosen is not None and self._is_usable(index, chosen):
            if self._joint(index - 1, before, chosen) is Joint.BROKEN:
                self._notes.append(f"window {index - 1} is locked and was made to meet another window {index}")
            return chosen
        return self._first_of(window, [(each, self._joint(index - 1, before, each)) for each in _wanted_first(window)])

    def _first_of(self, window: StoredWindow, joints: list[tuple[StoredTake, Joint]]) -> StoredTake | None:
        for wanted in (Joint.KNOWN, Joint.UNKNOWN):
            for stored, joint in joints:
                if joint is wanted and self._is_usable(window.index, stored):
                    if joint is Joint.UNKNOWN:
                        self._notes.append(f"nothing says whether window {window.index} belongs to its neighbour")
                    if stored.take.fingerprint != window.chosen:
                        self._notes.append(f"window {window.index} is take {_number(window, stored)}, not the chosen one")
                    return stored
        return None

    def _why_ended(self, index: int, last: int, before: StoredTake | None) -> str:
        window = self._manifest.window(index)
        if not window.takes:
            return self._not_made(index, last)
        chosen = window.find(window.chosen)
        if chosen is None or not self._is_usable(index, chosen):
            return f"window {index} is not on disk any more (its file is missing or damaged); queue its workflow to make it"
        assert before is not None
        if _meets(before.take) is not None:
            return (
                f"{_windows(index, last)} left out: window {index - 1} was made to meet another window {index}, which is not "
                f"on disk any more. Queue the workflow to make window {index - 1} anew"
            )
        origin = next(
            (
                f"take {number} of window {index - 1}, not take {_number(self._manifest.window(index - 1), before)}"
                for number, each in enumerate(self._manifest.window(index - 1).takes, 1)
                if self._joint(index - 1, each, chosen) is Joint.KNOWN
            ),
            f"another window {index - 1}, which is not on disk any more",
        )
        final = max((each.index for each in self._manifest.windows if each.takes and each.index <= last), default=index)
        end = self._manifest.window(final)
        whole = f"'{final}: {_number(end, end.find(end.chosen))}' in 'takes' joins the windows that belong to window {final}"
        return (
            f"{_windows(index, final)} left out: window {index} was made from {origin}. Queue the workflow to make them "
            f"anew; {whole}"
        )

    def _not_made(self, index: int, last: int) -> str:
        there = [each.index for each in self._manifest.windows if each.takes and index < each.index <= last]
        if not there:
            return f"{_windows(index, last)} not made yet"
        missing = sorted({*range(index, last + 1)} - set(there))
        which = f"windows {ranges_text(missing)} are" if len(missing) > 1 else f"window {index} is"
        return f"{which} not made yet, so {ranges_text(there)} cannot be joined to what comes before"

    def _joint(self, index: int, before: StoredTake, after: StoredTake) -> Joint:
        """How take `before` of window `index` meets take `after` of the next."""
        meets = _meets(before.take)
        if meets is not None:
            return Joint.KNOWN if self._is_named(index + 1, after, meets) else Joint.BROKEN
        continues, follows, is_certain = self._continues(self._manifest.window(index + 1), after.take)
        if continues is None:
            return Joint.UNKNOWN
        if any(known.startswith(continues) for known in self._contents(index, before)):
            return Joint.KNOWN
        if follows is not None and self._is_named(index, before, follows):
            return Joint.KNOWN
        if is_certain:
            return Joint.BROKEN
        others = (each for each in self._manifest.window(index).takes if each is not before)
        is_of_another = any(known.startswith(continues) for each in others for known in self._contents(index, each))
        return Joint.BROKEN if is_of_another else Joint.UNKNOWN

    def _is_named(self, index: int, stored: StoredTake, fingerprint: str) -> bool:
        """Whether a fingerprint means a take of window `index`, or another one with the same content."""
        if fingerprint in _fingerprints(stored.take):
            return True
        named = self._manifest.window(index).find(fingerprint)
        return named is not None and not set(self._contents(index, named)).isdisjoint(self._contents(index, stored))

    def _continues(self, window: StoredWindow, take: Take) -> tuple[str | None, str | None, bool]:
        """(content hash or its first digits, fingerprint of the take, whether nothing else can be meant)."""
        if take.place is not None:
            return take.place.continues, take.place.follows, take.place.follows is not None
        if take.retake is not None:
            original = window.find(take.retake.of)
            return (None, None, False) if original is None else self._continues(window, original.take)
        short = take.components.get(PREVIOUS, "")
        return (short if len(short) == SHORT_HEX_DIGITS else None), None, False

    def _contents(self, index: int, stored: StoredTake) -> list[str]:
        take = stored.take
        if take.retake is not None:
            return [take.retake.content, take.retake.stands_for]
        content = take.place.content if take.place is not None else self._content_of(index, stored)
        return [] if content is None else [content]

    def _is_usable(self, index: int, stored: StoredTake) -> bool:
        return self._content_of(index, stored) is not None


def _meets(take: Take) -> str | None:
    """Fingerprint of the take of the next window that was there before this one was made."""
    return None if take.place is None else take.place.meets


def _fingerprints(take: Take) -> tuple[str, ...]:
    return (take.fingerprint,) if take.retake is None else (take.fingerprint, take.retake.of)


def _wanted_first(window: StoredWindow) -> list[StoredTake]:
    return sorted(window.takes, key=lambda each: (each.take.fingerprint == window.chosen, each.preferred), reverse=True)


def _picked(window: StoredWindow, number: int) -> StoredTake:
    if number > len(window.takes):
        raise CheckpointError(f"take {number} of window {window.index} is asked for, but there are {len(window.takes)}")
    return window.takes[number - 1]


def _number(window: StoredWindow, stored: StoredTake | None) -> int:
    return next((i for i, each in enumerate(window.takes, 1) if each is stored), 1)


def _windows(first: int, last: int) -> str:
    return f"window {first} is" if last <= first else f"windows {first} to {last} are"
