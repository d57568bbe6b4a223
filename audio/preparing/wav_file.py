"""A WAV file of 24 bits, written block by block: nothing is compressed, so no peak grows that was brought below a ceiling.

Above 4 GiB it is RF64 (EBU Tech 3306), the same with lengths of 64 bits, which FFmpeg and so ComfyUI read too.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

from ...files.atomic_write import new_file
from ..reading.song_source import Block

LONGEST_RIFF_BYTES = 0xFFFFFFFF
_BYTES = 3
_FULL_SCALE = 1 << 23
_PCM, _EXTENSIBLE = 1, 0xFFFE
_PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")
_MASK_BITS = tuple("FL FR FC LFE BL BR FLC FRC BC SL SR TC TFL TFC TFR TBL TBC TBR".split(" "))  # noqa: SIM905
"""Places of loudspeakers in the order of their bits, in FFmpeg's names."""


def write_wav(path: Path, blocks: Iterable[Block], sample_rate: int, channel_names: tuple[str, ...], samples: int) -> None:
    """Writes a song that comes in blocks, whole or not at all; no file is replaced.

    Args:
        path: The file, which is not there yet.
        blocks: Float32 (channels, n); beyond full scale is cut off.
        sample_rate: Samples per second.
        channel_names: FFmpeg's name of each channel.
        samples: Length of the song, as the blocks will have in all.

    Raises:
        FileExistsError: Something has the name; it is as it was.
        OSError: It cannot be written; nothing is left of it.
    """
    with new_file(path) as file:
        file.write(_header(sample_rate, channel_names, samples))
        written = 0
        for block in blocks:
            whole = np.rint(np.clip(block.T, -1, 1) * np.float32(_FULL_SCALE)).astype("<i4")
            np.minimum(whole, _FULL_SCALE - 1, out=whole)
            file.write(np.ascontiguousarray(whole).view(np.uint8).reshape(-1, 4)[:, :_BYTES].tobytes())
            written += block.shape[1]
        if written != samples:
            raise ValueError(f"{path.name} was to have {samples} samples, and {written} came")
        file.write(b"\0" * (written * len(channel_names) * _BYTES % 2))


def _header(sample_rate: int, channel_names: tuple[str, ...], samples: int) -> bytes:
    channels = len(channel_names)
    frame = channels * _BYTES
    data = samples * frame
    plain = (channels, sample_rate, sample_rate * frame, frame, 8 * _BYTES)
    if channels <= 2:
        form = struct.pack("<HHIIHH", _PCM, *plain)
    else:
        form = struct.pack("<HHIIHHHHI", _EXTENSIBLE, *plain, 22, 8 * _BYTES, _mask(channel_names)) + _PCM_GUID
    inside = b"WAVE" + struct.pack("<4sI", b"fmt ", len(form)) + form
    size = len(inside) + 8 + data + data % 2
    if size <= LONGEST_RIFF_BYTES:
        return struct.pack("<4sI", b"RIFF", size) + inside + struct.pack("<4sI", b"data", data)
    lengths = struct.pack("<4sIQQQI", b"ds64", 28, size + 36, data, samples, 0)
    return (
        struct.pack("<4sI", b"RF64", 0xFFFFFFFF) + inside[:4] + lengths + inside[4:] + struct.pack("<4sI", b"data", 0xFFFFFFFF)
    )


def _mask(channel_names: tuple[str, ...]) -> int:
    """The bits of all places; 0 if one has none, or they do not come in the order of the bits."""
    places = [_MASK_BITS.index(name) if name in _MASK_BITS else -1 for name in channel_names]
    in_order = all(one < other for one, other in pairwise(places))
    return sum(1 << place for place in places) if in_order and places[0] >= 0 else 0
