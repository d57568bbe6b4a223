"""Spans of time that lie within one another, as a tree: how long each name took, and how much of it by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class Frame:
    """A name and the time spent under it.

    Attributes:
        name: of the operator or kernel.
        microseconds: time with everything below it.
        calls: how often it began.
        children: what it consists of, by name.
    """

    name: str
    microseconds: float = 0.0
    calls: int = 0
    children: dict[str, Frame] = field(default_factory=dict)

    def child(self, name: str) -> Frame:
        """The child of this name, made if there is none."""
        return self.children.setdefault(name, Frame(name))

    @property
    def own_microseconds(self) -> float:
        """Time that none of its children took."""
        return max(0.0, self.microseconds - sum(child.microseconds for child in self.children.values()))

    def walk(self) -> Iterator[Frame]:
        """This frame and all below it."""
        waiting = [self]
        while waiting:
            frame = waiting.pop()
            yield frame
            waiting += frame.children.values()


def from_spans(name: str, spans: Iterable[tuple[object, str, float, float]]) -> Frame:
    """A tree from (track, name, start, length) spans in microseconds; what lies within another on its track is its child."""
    root = Frame(name)
    open_spans: list[tuple[float, Frame]] = []
    current: object = None
    for track, label, start, length in sorted(spans, key=lambda span: (str(span[0]), span[2], -span[3])):
        if track != current:
            current = track
            open_spans.clear()
        while open_spans and open_spans[-1][0] <= start:
            open_spans.pop()
        parent = open_spans[-1][1] if open_spans else root
        frame = parent.child(label)
        frame.microseconds += length
        frame.calls += 1
        if parent is root:
            root.microseconds += length
            root.calls += 1
        open_spans.append((start + length, frame))
    return root
