"""Nested times as a tree, and the tree as a picture: one bar per name, as wide as its time, what it consists of below."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH_PX, ROW_PX, MARGIN_PX = 1600, 20, 12
MAX_DEPTH = 40
BACKGROUND, TEXT = (255, 255, 255), (30, 26, 22)


@dataclass
class Frame:
    """A name and the time spent under it.

    Attributes:
        name: what it says in the picture.
        microseconds: time with everything below it.
        calls: how often it began.
        children: what it consists of, by name.
    """

    name: str
    microseconds: float = 0.0
    calls: int = 0
    children: dict[str, Frame] = field(default_factory=dict)

    def child(self, name: str) -> Frame:
        """The child of this name, made where there is none."""
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


def from_paths(name: str, timed: Iterable[tuple[Sequence[str], float]]) -> Frame:
    """A tree from (path, microseconds) pairs: every step of the path is a level."""
    root = Frame(name)
    for path, microseconds in timed:
        frame = root
        for step in (None, *path):
            frame = frame if step is None else frame.child(step)
            frame.microseconds += microseconds
            frame.calls += 1
    return root


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


def draw(roots: Sequence[Frame]) -> Image:
    """Each tree as a block of bars, one below the other; children in the order in which they first ran.

    Raises:
        ImportError: Pillow is not installed.
    """
    from PIL import Image, ImageDraw, ImageFont

    heights = [ROW_PX * (1 + min(_depth(root), MAX_DEPTH)) for root in roots]
    image = Image.new("RGB", (WIDTH_PX, sum(heights) + 2 * MARGIN_PX), BACKGROUND)
    canvas = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=12)
    top = MARGIN_PX
    for root, height in zip(roots, heights, strict=True):
        waiting = [(root, float(MARGIN_PX), float(WIDTH_PX - 2 * MARGIN_PX), 0)]
        while waiting:
            frame, left, width, depth = waiting.pop()
            if width < 1 or depth > MAX_DEPTH:
                continue
            y = top + ROW_PX * depth
            canvas.rectangle((left, y, left + width - 1, y + ROW_PX - 2), fill=_colour(frame.name))
            label = f"{frame.name}  {milliseconds(frame.microseconds)}"
            canvas.text((left + 4, y + 2), _clipped(label, width - 8, font.getlength), fill=TEXT, font=font)
            for child in frame.children.values():
                # Spans that overlap without lying in one another would stick out of their parent.
                share = width * child.microseconds / max(frame.microseconds, _sum(frame)) if frame.microseconds else 0.0
                waiting.append((child, left, share, depth + 1))
                left += share
        top += height
    return image


def milliseconds(microseconds: float) -> str:
    """A time for people."""
    return f"{microseconds / 1e3:.1f} ms" if microseconds >= 100 else f"{microseconds:.0f} us"


def _sum(frame: Frame) -> float:
    return sum(child.microseconds for child in frame.children.values())


def _depth(frame: Frame) -> int:
    return 1 + max((_depth(child) for child in frame.children.values()), default=0)


def _colour(name: str) -> tuple[int, int, int]:
    """A warm colour that a name has in every picture."""
    mixed = zlib.crc32(name.encode())
    return (225 + mixed % 30, 120 + (mixed >> 8) % 110, 60 + (mixed >> 16) % 60)


def _clipped(label: str, width: float, measure: Callable[[str], float]) -> str:
    """As much of the label as fits; nothing where that would be a letter or two."""
    if width < 16:
        return ""
    while label and measure(label) > width:
        label = label[:-1]
    return label if len(label) > 2 else ""
