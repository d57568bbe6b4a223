"""A segment file: safetensors whose every byte is covered by a checksum in its own header.

The safetensors library writes and reads the tensors, and refuses a table of them that does not fit; this module seals what
it wrote and judges what it is to read.
"""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import BinaryIO

from ...files.regular_files import open_regular
from ..errors import DamagedSegmentError
from ..take import index_of_file_name, is_segment_file_of
from .header import CHECKSUM_KEY, LONGEST_HEADER_BYTES, SegmentInfo, parse_header

BLANK_CHECKSUM = "0" * 64
LARGEST_FILE_BYTES = 64 << 30

_CHECKSUM_MARK = f'"{CHECKSUM_KEY}":"'.encode()


def seal(data: bytes) -> bytes:
    """Puts the checksum of a whole file into its own header.

    Args:
        data: A safetensors file whose metadata has `audio_loop.checksum` set to 64 zeros.

    Returns:
        The file with the checksum in place of the zeros.

    Raises:
        ValueError: The blank checksum is not in the header exactly once.
    """
    position = _checksum_position(data)
    if position is None or data[position : position + 64] != BLANK_CHECKSUM.encode():
        raise ValueError("the header has no blank checksum to fill in")
    return data[:position] + _checksum(data, position) + data[position + 64 :]


def read_verified(path: Path, *, index: int | None = None, fingerprint: str | None = None) -> tuple[bytes, SegmentInfo]:
    """Reads a segment file into memory, or says why it must not be used.

    Args:
        path: The file.
        index: The window it must be for; None takes any.
        fingerprint: The fingerprint it must have, 64 hexadecimal digits; None takes any.

    Returns:
        The whole file, every byte as it was sealed, and what it says of itself.

    Raises:
        DamagedSegmentError: The file is missing, truncated, altered, foreign or not the one asked for.
    """
    try:
        with open(open_regular(path), "rb") as file:  # noqa: PTH123  a descriptor has no Path
            size_bytes = os.fstat(file.fileno()).st_size
            prefix, info = _read_header(file, size_bytes, path.name)
            _check_expected(info, path.name, index, fingerprint)
            data = prefix + file.read(size_bytes - len(prefix) + 1)
    except OSError as error:
        raise DamagedSegmentError(f"{path.name} cannot be read: {error}") from error
    except MemoryError as error:
        raise DamagedSegmentError(f"{path.name} does not fit into memory") from error
    if len(data) != size_bytes:
        raise DamagedSegmentError(f"{path.name} changed its length while it was read")
    check_sealed(data, path.name)
    return data, info


def parse_bytes(data: bytes, name: str) -> SegmentInfo:
    """Checks a whole file in memory: header and checksum.

    Args:
        data: The file.
        name: What to call it in an error.

    Returns:
        What it says of itself.

    Raises:
        DamagedSegmentError: As `read_verified`.
    """
    info = _read_header(io.BytesIO(data), len(data), name)[1]
    check_sealed(data, name)
    return info


def check_sealed(data: bytes, name: str) -> None:
    """Checks that no byte changed since `seal`.

    Args:
        data: A whole file whose header was checked.
        name: What to call it in an error.

    Raises:
        DamagedSegmentError: The checksum is missing or does not fit.
    """
    position = _checksum_position(data)
    if position is None:
        raise DamagedSegmentError(f"{name} lacks the checksum that Audio Loop writes")
    if data[position : position + 64] != _checksum(data, position):
        raise DamagedSegmentError(f"{name} does not match its checksum: bytes were changed after it was written")


def _read_header(file: BinaryIO, size_bytes: int, name: str) -> tuple[bytes, SegmentInfo]:
    if size_bytes > LARGEST_FILE_BYTES:
        raise DamagedSegmentError(f"{name} is {size_bytes} bytes long, more than any segment file")
    prefix = file.read(8)
    if len(prefix) < 8:
        raise DamagedSegmentError(f"{name} is truncated: {len(prefix)} bytes are no safetensors file")
    header_bytes = int.from_bytes(prefix, "little")
    if header_bytes > min(size_bytes - 8, LONGEST_HEADER_BYTES):
        raise DamagedSegmentError(
            f"{name} is truncated or foreign: it claims a header of {header_bytes} bytes in a file of {size_bytes}"
        )
    header = file.read(header_bytes)
    if len(header) != header_bytes:
        raise DamagedSegmentError(f"{name} changed its length while it was read")
    return prefix + header, parse_header(header, size_bytes - 8 - header_bytes, name)


def _check_expected(info: SegmentInfo, name: str, index: int | None, fingerprint: str | None) -> None:
    claimed = index_of_file_name(name)
    if claimed is not None and claimed != info.index:
        raise DamagedSegmentError(f"{name} is named for window {claimed}, but holds window {info.index}")
    if claimed is not None and not is_segment_file_of(name, info.index, info.take.fingerprint):
        raise DamagedSegmentError(f"{name} is named for another take than it holds ({info.take.fingerprint[:16]})")
    if index is not None and info.index != index:
        raise DamagedSegmentError(f"{name} holds window {info.index}, not {index}")
    if fingerprint is not None and info.take.fingerprint != fingerprint:
        raise DamagedSegmentError(
            f"{name} has the fingerprint {info.take.fingerprint[:12]}..., not the expected {fingerprint[:12]}..."
        )


def _checksum_position(data: bytes) -> int | None:
    header_end = 8 + int.from_bytes(data[:8], "little")
    position = data.find(_CHECKSUM_MARK, 8, header_end)
    if position < 0 or data.find(_CHECKSUM_MARK, position + 1, header_end) >= 0:
        return None
    start = position + len(_CHECKSUM_MARK)
    return start if start + 64 <= header_end else None


def _checksum(data: bytes, position: int) -> bytes:
    # From the standard library: a file must stay readable if BLAKE3 is missing.
    view = memoryview(data)
    hasher = hashlib.blake2b(digest_size=32)
    hasher.update(view[:position])
    hasher.update(view[position + 64 :])
    return hasher.hexdigest().encode()
