"""What every reader refuses, and the error for it."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from ..document import MAX_BYTES, DocumentError


class MetadataError(DocumentError):
    """A media file that cannot be read, or that holds no workflow."""


def take(stream: BinaryIO, count: int, what: str) -> bytes:
    """Exactly `count` bytes.

    Raises:
        MetadataError: The file ends before, or claims more than a workflow can have.
    """
    if count > MAX_BYTES:
        raise MetadataError(f"{what} claims {count} bytes; nothing over {MAX_BYTES // 2**20} MiB is read as a workflow")
    data = stream.read(count)
    if len(data) != count:
        raise MetadataError(f"the file ends within {what}; it is truncated")
    return data


def inflate(data: bytes, what: str) -> bytes:
    """Unpacked zlib data.

    Raises:
        MetadataError: It is damaged, or unpacks to more than a workflow can have.
    """
    unpacker = zlib.decompressobj()
    try:
        result = unpacker.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise MetadataError(f"{what} is damaged: {error}") from error
    if unpacker.unconsumed_tail:
        raise MetadataError(f"{what} unpacks to more than {MAX_BYTES // 2**20} MiB; it is not read")
    return result
