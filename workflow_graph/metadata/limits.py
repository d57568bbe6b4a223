"""The limits of every reader, and the error for what lies beyond them.

A file that says whatever it likes is answered within seconds and a few hundred MB: each reader walks its container piece by
piece, reads only the texts that may hold a workflow, and takes everything from one `Budget`.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from ..document import DocumentError

WANTED: Collection[str] = frozenset({"workflow", "prompt", "comment", "description"})
"""Names of the texts that are read; the last two are where VideoHelperSuite and others keep one object with both."""

MAX_TEXT_BYTES = 16 * 2**20
"""Longest text that is read, unpacked. A saved graph is some hundred kB; ComfyUI's largest templates stay under 1 MB."""

MAX_ALL_BYTES = 2 * MAX_TEXT_BYTES
"""All texts of one file together: a workflow and a prompt."""

MAX_PIECES = 500_000
"""Most chunks, boxes, elements or entries that are looked at. A 1 GB PNG of 8 kB chunks has 130 000."""


class MetadataError(DocumentError):
    """A media file that cannot be read, or that holds no workflow."""


@dataclass
class Budget:
    """The bytes that may still be taken from one file.

    Attributes:
        bytes_left: Bytes of text, as unpacked.
        pieces_left: Parts of the container.
    """

    bytes_left: int = MAX_ALL_BYTES
    pieces_left: int = MAX_PIECES

    def piece(self) -> None:
        """Counts one part of the container.

        Raises:
            MetadataError: There are more than any video has.
        """
        self.pieces_left -= 1
        if self.pieces_left < 0:
            raise MetadataError(
                f"the file is made of more than {MAX_PIECES} parts; it is damaged, or made to keep a reader busy"
            )

    def spend(self, count: int, what: str) -> None:
        """Takes that many bytes of text.

        Raises:
            MetadataError: The text, or all of them, are longer than a workflow can be.
        """
        if count > MAX_TEXT_BYTES:
            raise MetadataError(
                f"{what} claims {count} bytes; nothing over {MAX_TEXT_BYTES // 2**20} MiB is read as a workflow"
            )
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise MetadataError(
                f"the texts in the file are longer than {MAX_ALL_BYTES // 2**20} MiB together (at {what}); they are not read"
            )


def length_of(stream: BinaryIO) -> int:
    """Bytes from here to the end of a stream that can seek."""
    here = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(here)
    return end - here


def take(stream: BinaryIO, count: int, what: str) -> bytes:
    """Exactly `count` bytes.

    Raises:
        MetadataError: The file ends before.
    """
    data = stream.read(count)
    if len(data) != count:
        raise MetadataError(f"the file ends within {what}; it is truncated")
    return data


def inflate(data: bytes, what: str, budget: Budget) -> bytes:
    """Unpacked zlib data.

    Raises:
        MetadataError: It is damaged, or unpacks to more than a workflow can have.
    """
    most = min(MAX_TEXT_BYTES, budget.bytes_left)
    unpacker = zlib.decompressobj()
    try:
        result = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise MetadataError(f"{what} is damaged: {error}") from error
    if len(result) > most:
        raise MetadataError(f"{what} unpacks to more than {most / 2**20:.0f} MiB; it is not read")
    budget.spend(len(result), what)
    return result
