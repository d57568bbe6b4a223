"""Tags of MP4, MOV and M4A (ISO base media boxes): QuickTime `keys` and `ilst` as ComfyUI's SaveVideo writes, and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from .limits import MetadataError, take

_CONTAINERS = (b"moov", b"udta")
_KNOWN = {b"\xa9cmt": "comment", b"\xa9des": "description", b"desc": "description"}


def read_texts(stream: BinaryIO) -> dict[str, str]:
    """Tag -> text, from a stream at its start; media data are skipped, not read.

    Raises:
        MetadataError: The file is truncated or damaged, or has no `moov` box.
    """
    found: dict[str, str] = {}
    has_movie = False
    while True:
        head = stream.read(8)
        if len(head) < 8:
            break
        size, kind, used = int.from_bytes(head[:4], "big"), head[4:], 8
        if size == 1:
            size, used = int.from_bytes(take(stream, 8, "a box header"), "big"), 16
        if size == 0:
            break
        if size < used:
            raise MetadataError(f"a box claims {size} bytes; the file is damaged")
        if kind in (b"moov", b"udta", b"meta"):
            has_movie = has_movie or kind == b"moov"
            _collect(kind, take(stream, size - used, f"box {kind.decode()}"), found)
        else:
            stream.seek(size - used, 1)
    if not has_movie:
        raise MetadataError("the file has no moov box; it is no video, or truncated")
    return found


def _collect(kind: bytes, data: bytes, found: dict[str, str]) -> None:
    if kind in _CONTAINERS:
        for inner, body in _boxes(data):
            if inner in (*_CONTAINERS, b"meta"):
                _collect(inner, body, found)
            elif inner in _KNOWN:
                # A QuickTime user text: two bytes of length, too few for a workflow, and two of language before it.
                found.setdefault(_KNOWN[inner], _text(body[4:]))
    elif kind == b"meta":
        # MP4 has four bytes of version and flags here, QuickTime has none.
        _meta(list(_boxes(data if data[4:8] in (b"hdlr", b"keys", b"ilst") else data[4:])), found)


def _meta(boxes: list[tuple[bytes, bytes]], found: dict[str, str]) -> None:
    keys = [name for kind, body in boxes if kind == b"keys" for name in _keys(body)]
    for kind, body in boxes:
        if kind != b"ilst":
            continue
        for item, content in _boxes(body):
            index = int.from_bytes(item, "big")
            name = keys[index - 1] if 1 <= index <= len(keys) else _KNOWN.get(item)
            value = next((data[8:] for inner, data in _boxes(content) if inner == b"data"), None)
            if name and value is not None:
                found.setdefault(name, _text(value))


def _keys(body: bytes) -> Iterator[str]:
    for _, name in _boxes(body[8:]):
        yield name.decode("utf-8", errors="replace").removeprefix("com.apple.quicktime.")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, used = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, used = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < used or at + size > len(data):
            return
        yield data[at + 4 : at + 8], data[at + used : at + size]
        at += size


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace").rstrip("\0")
