"""Text chunks of PNG (W3C PNG, third edition, 11.3.3): tEXt, zTXt and iTXt."""

from __future__ import annotations

from typing import BinaryIO

from .limits import WANTED, Budget, MetadataError, inflate, length_of, take

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LONGEST_KEYWORD = 79


def read_texts(stream: BinaryIO, budget: Budget) -> dict[str, str]:
    """Keyword -> text of the chunks in `WANTED`, from a stream at its start; the first of equal keywords counts.

    Raises:
        MetadataError: The file is truncated or damaged.
    """
    left = length_of(stream) - len(take(stream, len(SIGNATURE), "the PNG signature"))
    found: dict[str, str] = {}
    while True:
        budget.piece()
        head = stream.read(8)
        if not head:
            return found
        if len(head) < 8:
            raise MetadataError("the file ends within a PNG chunk; it is truncated")
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind == b"IEND":
            return found
        left -= size + 12
        skipped = size + 4
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            start = stream.read(min(size, _LONGEST_KEYWORD + 1))
            skipped -= len(start)
            name = start.partition(b"\0")[0].decode("latin-1").lower()
            if name in WANTED and name not in found:
                what = f"PNG chunk {kind.decode()} {name!r}"
                budget.spend(size, what)
                found[name] = _text(kind, start + take(stream, size - len(start), what), what, budget)
                skipped = 4
        if left < -4:
            # The last four bytes of a chunk are a checksum, which nothing here needs.
            raise MetadataError("the file ends within a PNG chunk; it is truncated")
        stream.seek(skipped, 1)


def _text(kind: bytes, data: bytes, what: str, budget: Budget) -> str:
    rest = data.partition(b"\0")[2]
    if kind == b"tEXt":
        # The standard says Latin-1, but some writers put UTF-8 there.
        try:
            return rest.decode("utf-8")
        except UnicodeDecodeError:
            return rest.decode("latin-1")
    if kind == b"zTXt":
        return inflate(rest[1:], what, budget).decode("latin-1")
    packed, rest = rest[:1] == b"\1", rest[2:]
    text = rest.partition(b"\0")[2].partition(b"\0")[2]
    if packed:
        text = inflate(text, what, budget)
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MetadataError(f"{what} is not UTF-8") from error
