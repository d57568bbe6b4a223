"""Tags of MP4, MOV and M4A (ISO base media boxes): QuickTime `keys` and `ilst` as ComfyUI's SaveVideo writes, and comments.

Boxes are walked in the file itself, so only the texts are held in memory, and only on the ways on which tags lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .limits import WANTED, Budget, MetadataError, length_of, take

_KNOWN = {b"\xa9cmt": "comment", b"\xa9des": "description", b"desc": "description"}
_LONGEST_KEY = 256
_MAX_KEYS = 4096
_WAYS = {
    b"": (b"moov", b"udta", b"meta"),
    b"moov": (b"udta", b"meta"),
    b"udta": (b"meta",),
}
"""Box -> the boxes in it that are entered. Nothing else can hold a file's own tags, so nesting ends by itself."""


@dataclass(frozen=True)
class _Box:
    """A box: its kind, and where in the file its content starts and ends."""

    kind: bytes
    start: int
    end: int


def read_texts(stream: BinaryIO, budget: Budget) -> dict[str, str]:
    """Tag -> text, from a stream at its start; media data are skipped, not read.

    Raises:
        MetadataError: The file is truncated or damaged, or has no `moov` box.
    """
    found: dict[str, str] = {}
    has_movie = False
    waiting = [_Box(b"", stream.tell(), stream.tell() + length_of(stream))]
    while waiting:
        outer = waiting.pop()
        for box in _boxes(stream, outer.start, outer.end, budget):
            has_movie = has_movie or (box.kind == b"moov" and not outer.kind)
            if box.kind in _WAYS.get(outer.kind, ()):
                if box.kind == b"meta":
                    _meta(stream, box, found, budget)
                else:
                    waiting.append(box)
            elif outer.kind == b"udta" and box.kind in _KNOWN and _KNOWN[box.kind] not in found:
                # A QuickTime user text: two bytes of length, too few for a workflow, and two of language before it.
                found[_KNOWN[box.kind]] = _text(stream, box.start + 4, box.end, budget)
    if not has_movie:
        raise MetadataError("the file has no moov box; it is no video, or truncated")
    return found


def _meta(stream: BinaryIO, meta: _Box, found: dict[str, str], budget: Budget) -> None:
    stream.seek(meta.start)
    # MP4 has four bytes of version and flags here, QuickTime has none.
    plain = stream.read(8)[4:8] in (b"hdlr", b"keys", b"ilst")
    boxes = list(_boxes(stream, meta.start if plain else meta.start + 4, meta.end, budget))
    keys = [name for box in boxes if box.kind == b"keys" for name in _keys(stream, box, budget)]
    for box in boxes:
        if box.kind != b"ilst":
            continue
        for item in _boxes(stream, box.start, box.end, budget):
            index = int.from_bytes(item.kind, "big")
            name = keys[index - 1] if 1 <= index <= len(keys) else _KNOWN.get(item.kind)
            if name is None or name not in WANTED or name in found:
                continue
            data = next((inner for inner in _boxes(stream, item.start, item.end, budget) if inner.kind == b"data"), None)
            if data is not None:
                found[name] = _text(stream, data.start + 8, data.end, budget)


def _keys(stream: BinaryIO, box: _Box, budget: Budget) -> Iterator[str]:
    for count, key in enumerate(_boxes(stream, box.start + 8, box.end, budget)):
        if count == _MAX_KEYS:
            return
        stream.seek(key.start)
        name = stream.read(min(key.end - key.start, _LONGEST_KEY))
        yield name.decode("utf-8", errors="replace").removeprefix("com.apple.quicktime.").lower()


def _boxes(stream: BinaryIO, start: int, end: int, budget: Budget) -> Iterator[_Box]:
    """The boxes between two places of the file; they end at the first that does not fit. Moves the file's position."""
    at = start
    while at + 8 <= end:
        budget.piece()
        stream.seek(at)
        head = stream.read(8)
        size, used = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, used = int.from_bytes(stream.read(8), "big"), 16
        elif size == 0:
            size = end - at
        if size < used or at + size > end:
            return
        yield _Box(head[4:8], at + used, at + size)
        at += size


def _text(stream: BinaryIO, start: int, end: int, budget: Budget) -> str:
    length = max(0, end - start)
    budget.spend(length, "a tag")
    stream.seek(start)
    return take(stream, length, "a tag").decode("utf-8", errors="replace").rstrip("\0")
