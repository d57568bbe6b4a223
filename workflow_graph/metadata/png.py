"""Text chunks of PNG (W3C PNG, third edition, 11.3.3): tEXt, zTXt and iTXt."""

from __future__ import annotations

from typing import BinaryIO

from .limits import MetadataError, inflate, take

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def read_texts(stream: BinaryIO) -> dict[str, str]:
    """Keyword -> text, from a stream at its start; the first of equal keywords counts.

    Raises:
        MetadataError: The file is truncated or damaged.
    """
    take(stream, len(SIGNATURE), "the PNG signature")
    found: dict[str, str] = {}
    while True:
        head = stream.read(8)
        if not head:
            return found
        if len(head) < 8:
            raise MetadataError("the file ends within a PNG chunk; it is truncated")
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind == b"IEND":
            return found
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            name, text = _text(kind, take(stream, size, f"PNG chunk {kind.decode()}"))
            found.setdefault(name, text)
            stream.seek(4, 1)
        else:
            stream.seek(size + 4, 1)


def _text(kind: bytes, data: bytes) -> tuple[str, str]:
    keyword, _, rest = data.partition(b"\0")
    name = keyword.decode("latin-1")
    if kind == b"tEXt":
        # The standard says Latin-1, but some writers put UTF-8 there.
        try:
            return name, rest.decode("utf-8")
        except UnicodeDecodeError:
            return name, rest.decode("latin-1")
    if kind == b"zTXt":
        return name, inflate(rest[1:], f"PNG text {name!r}").decode("latin-1")
    packed, rest = rest[:1] == b"\1", rest[2:]
    _, _, rest = rest.partition(b"\0")
    _, _, text = rest.partition(b"\0")
    if packed:
        text = inflate(text, f"PNG text {name!r}")
    try:
        return name, text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MetadataError(f"PNG text {name!r} is not UTF-8") from error
