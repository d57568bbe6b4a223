"""Tags of WebM and MKV (EBML, RFC 8794; Matroska, RFC 9559)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from .limits import WANTED, Budget, MetadataError, length_of, take

SIGNATURE = b"\x1a\x45\xdf\xa3"
_SEGMENT, _CLUSTER, _TAGS = 0x18538067, 0x1F43B675, 0x1254C367
_TAG, _SIMPLE, _NAME, _STRING = 0x7373, 0x67C8, 0x45A3, 0x4487
_LONGEST_NAME = 256
_UNKNOWN = -1


def read_texts(stream: BinaryIO, budget: Budget) -> dict[str, str]:
    """Tag name in lower case -> text of those in `WANTED`, from a stream at its start; clusters are skipped, not read.

    Raises:
        MetadataError: The file is truncated or damaged.
    """
    found: dict[str, str] = {}
    end = stream.tell() + length_of(stream)
    while True:
        budget.piece()
        first = stream.read(1)
        if not first:
            return found
        identity = _identity(stream, first)
        size = _size(stream)
        if identity in (_SEGMENT, _CLUSTER) and (identity == _SEGMENT or size == _UNKNOWN):
            continue
        if size == _UNKNOWN:
            raise MetadataError(f"element {identity:#x} has no size; the file is damaged")
        if size > end - stream.tell():
            if identity == _TAGS:
                raise MetadataError("the file ends within the tags; it is truncated")
            # A video that is cut off within a cluster has shown its tags before, if at all.
            return found
        if identity == _TAGS:
            budget.spend(size, "the tags")
            _tags(memoryview(take(stream, size, "the tags")), found, budget)
        else:
            stream.seek(size, 1)


def _identity(stream: BinaryIO, first: bytes) -> int:
    length = _length(first[0])
    if length > 4:
        raise MetadataError("an element has no valid id; the file is damaged")
    return int.from_bytes(first + take(stream, length - 1, "an element's id"), "big")


def _size(stream: BinaryIO) -> int:
    first = take(stream, 1, "an element's size")[0]
    length = _length(first)
    if length > 8:
        raise MetadataError("an element has no valid size; the file is damaged")
    rest = take(stream, length - 1, "an element's size")
    value = int.from_bytes(bytes([first & ((1 << (8 - length)) - 1)]) + rest, "big")
    return _UNKNOWN if value == (1 << (7 * length)) - 1 else value


def _length(first: int) -> int:
    """How many bytes a number has, by its first byte: one more than the zeros it leads with."""
    return 9 - first.bit_length()


def _tags(data: memoryview, found: dict[str, str], budget: Budget) -> None:
    for identity, body in _elements(data, budget):
        if identity != _TAG:
            continue
        for inner, simple in _elements(body, budget):
            if inner != _SIMPLE:
                continue
            parts = dict(_elements(simple, budget))
            if _NAME in parts and _STRING in parts:
                name = _text(parts[_NAME][:_LONGEST_NAME]).lower()
                if name in WANTED and name not in found:
                    found[name] = _text(parts[_STRING])


def _elements(data: memoryview, budget: Budget) -> Iterator[tuple[int, memoryview]]:
    at = 0
    while at < len(data):
        budget.piece()
        id_length = _length(data[at])
        size_at = at + id_length
        if size_at >= len(data) or id_length > 4:
            return
        length = _length(data[size_at])
        body = size_at + length
        if length > 8 or body > len(data):
            return
        head = bytes([data[size_at] & ((1 << (8 - length)) - 1)]) + bytes(data[size_at + 1 : body])
        size = int.from_bytes(head, "big")
        if body + size > len(data):
            return
        yield int.from_bytes(data[at:size_at], "big"), data[body : body + size]
        at = body + size


def _text(data: memoryview) -> str:
    return bytes(data).decode("utf-8", errors="replace").rstrip("\0")
