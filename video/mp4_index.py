"""Room for the index at the front of an MP4 or MOV file, kept from the first byte on.

Players then start at once over a network, and ComfyUI's canvas, which reads the first 64 MiB of a dropped file, finds the
graph. The room is on the disk before the first frame: writing the index needs no more of it, and nothing is moved.
Boxes: ISO/IEC 14496-12.
"""

from __future__ import annotations

from pathlib import Path

from .partial_file import PartialFile

_HEADER = 8
_MEDIA_HEADER = 16

# Bytes of index at the most: sizes, composition offsets, chunks and their places; what FFmpeg writes is about a third.
_BYTES_PER_FRAME = 52
_BYTES_PER_AUDIO_PACKET = 12
_BYTES_PER_FILE = 8192


def room_for_index(frames: int, audio_packets: int, metadata_bytes: int) -> int:
    """Bytes that the index of a file takes at the most; FFmpeg's option `moov_size`."""
    return _BYTES_PER_FILE + 2 * metadata_bytes + frames * _BYTES_PER_FRAME + audio_packets * _BYTES_PER_AUDIO_PACKET


class IndexedFile(PartialFile):
    """A `PartialFile` for FFmpeg's MOV muxer with `moov_size`, which skips that many bytes and fills them at the end.

    The skipped bytes are a `free` box, so that the unfinished file plays. What the muxer writes there later is held
    back until all of it has come, and the box's header is written last: at every moment the file is a whole one.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._at = 0
        self._end = 0
        self._room: tuple[int, int] | None = None
        self._index = bytearray()

    @property
    def index_too_large(self) -> bool:
        """True if the muxer's index does not fit; the file then stays as it was, in fragments."""
        if self._room is None:
            return False
        room = self._room[1] - self._room[0]
        return len(self._index) > room or _index_bytes(self._index) + _MEDIA_HEADER > room

    def write(self, data: bytes) -> int:
        """As `PartialFile.write`; data for the room are kept until the muxer writes elsewhere."""
        if self._room is None and self._at > self._end:
            self._room = (self._end, self._at)
            room = self._at - self._end
            self._write_at(self._end, room.to_bytes(4, "big") + b"free" + bytes(room - _HEADER))
        if self._room is not None and self._room[0] <= self._at < self._room[1]:
            start = self._at - self._room[0]
            self._index[start : start + len(data)] = data
        elif not self.index_too_large:  # else it would go on over the pictures
            self._put_index()
            self._write_at(self._at, data)
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves the position, as a file's."""
        self._at = offset + (0, self._at, self._end)[whence]
        return self._at

    def tell(self) -> int:
        """The position, as a file's."""
        return self._at

    def _put_index(self) -> None:
        if not self._index or self._room is None or self.index_too_large:
            return
        index, self._index = self._index, bytearray()
        start, size = self._room[0], _index_bytes(index)
        # All that follows becomes one box of media data, the fragments' own headers with it; the muxer's for the same
        # purpose lies inside. One write of eight bytes thus turns fragments into an ordinary file.
        media = (1).to_bytes(4, "big") + b"mdat" + (self._end - start - size).to_bytes(8, "big")
        self._write_at(start + _HEADER, bytes(index[_HEADER:size]) + media)
        if self.failure is None:
            super().sync()
        self._write_at(start, bytes(index[:_HEADER]))

    def _write_at(self, position: int, data: bytes) -> None:
        super().seek(position)
        super().write(data)
        self._end = max(self._end, position + len(data))

    def sync(self) -> None:
        """Waits until the system has it on disk."""
        self._put_index()
        super().sync()


def _index_bytes(index: bytearray) -> int:
    return int.from_bytes(index[:4], "big")
