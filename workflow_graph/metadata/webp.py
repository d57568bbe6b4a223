"""The EXIF chunk of WebP (RIFF container) and the texts in its TIFF directories.

ComfyUI's SaveAnimatedWEBP writes "prompt:{...}" and "workflow:{...}" as the tags Model, Make and those below them.
"""

from __future__ import annotations

from typing import BinaryIO, Literal

from .limits import WANTED, Budget, MetadataError, length_of, take

_SUB_DIRECTORIES = (0x8769, 0x8825, 0xA005)
_TEXT_TYPES = (1, 2, 7)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_CODE_BYTES = 8
_MAX_ENTRIES = 4096
_LONGEST_NAME_BYTES = 64


def read_texts(stream: BinaryIO, budget: Budget) -> dict[str, str]:
    """Name -> text for EXIF texts of the form "name:text" with a name in `WANTED`, from a stream at its start.

    Raises:
        MetadataError: The file is truncated or damaged.
    """
    take(stream, 12, "the WebP header")
    while True:
        budget.piece()
        head = stream.read(8)
        if len(head) < 8:
            return {}
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"EXIF":
            budget.spend(size, "the EXIF chunk")
            return texts_of(take(stream, size, "the EXIF chunk"), budget)
        if size > length_of(stream):
            raise MetadataError("the file ends within a WebP chunk; it is truncated")
        stream.seek(size + size % 2, 1)


def texts_of(exif: bytes, budget: Budget) -> dict[str, str]:
    """Name -> text for the texts of the form "name:text" in EXIF data."""
    data = memoryview(exif)[6:] if exif.startswith(b"Exif\0\0") else memoryview(exif)
    if bytes(data[:2]) not in (b"II", b"MM"):
        raise MetadataError("the EXIF data are damaged: they do not start with II or MM")
    order: Literal["little", "big"] = "little" if bytes(data[:1]) == b"I" else "big"

    def number(at: int, size: int) -> int:
        if at + size > len(data):
            raise MetadataError("the EXIF data end within a directory")
        return int.from_bytes(data[at : at + size], order)

    found: dict[str, str] = {}
    waiting, seen = [number(4, 4)], set[int]()
    while waiting:
        at = waiting.pop()
        if at in seen or at == 0:
            continue
        seen.add(at)
        count = number(at, 2)
        if count > _MAX_ENTRIES:
            raise MetadataError(f"the EXIF data claim {count} entries in one directory")
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            budget.piece()
            tag, kind, length = number(entry, 2), number(entry + 2, 2), number(entry + 4, 4)
            bytes_needed = length * _SIZES.get(kind, 1)
            start = entry + 8 if bytes_needed <= 4 else number(entry + 8, 4)
            if tag in _SUB_DIRECTORIES:
                waiting.append(number(entry + 8, 4))
            elif kind in _TEXT_TYPES:
                _add(data[start : start + bytes_needed], order, found, budget)
        waiting.append(number(at + 2 + 12 * count, 4) if at + 6 + 12 * count <= len(data) else 0)
    return found


def _add(raw: memoryview, order: Literal["little", "big"], found: dict[str, str], budget: Budget) -> None:
    """Reads one text if its name, which is all that is looked at first, is wanted and new."""
    name = _decoded(bytes(raw[:_LONGEST_NAME_BYTES]), order).partition(":")[0].strip().lower()
    if name not in WANTED or name in found:
        return
    budget.spend(len(raw), f"the EXIF text {name!r}")
    found[name] = _decoded(bytes(raw), order).partition(":")[2]


def _decoded(raw: bytes, order: Literal["little", "big"]) -> str:
    if raw.startswith((b"ASCII\0\0\0", b"UNICODE\0", b"\0" * _CODE_BYTES)):
        wide = raw.startswith(b"UNICODE\0")
        raw = raw[_CODE_BYTES:]
        if wide:
            # Without a mark of its own, wide text is in the byte order of the directories around it.
            is_marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
            coding = "utf-16" if is_marked else "utf-16-be" if order == "big" else "utf-16-le"
            return raw.decode(coding, errors="replace").rstrip("\0")
    return raw.decode("utf-8", errors="replace").rstrip("\0")
