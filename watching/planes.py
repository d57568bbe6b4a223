"""The luma and the chroma of a decoded frame, as stored, with the levels that say how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PLANAR = {
    f"{name}{depth}": int(bits)
    for name in ("yuv420p", "yuv422p", "yuv444p", "yuv440p")
    for depth, bits in (("", 8), ("9le", 9), ("10le", 10), ("12le", 12), ("14le", 14), ("16le", 16))
}
_FULL_RANGE_FORMATS = {"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p"}
_FULL_RANGE_FLAG = 2

Stored = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class ShownLevels:
    """How stored numbers are shown.

    Attributes:
        black: Stored luma that is shown black, 0.
        white: Stored luma that is shown white, 1.
        grey: Stored chroma that is grey, 0.
        chroma_span: What lies between chroma -0.5 and 0.5.
    """

    black: int
    white: int
    grey: int
    chroma_span: int


@dataclass(frozen=True)
class Planes:
    """One frame, upright.

    Attributes:
        luma: (h, w) uint8 or uint16 as stored; what lies beyond black and white is shown as these.
        blue: (h', w') the blue difference, as stored.
        red: (h', w') the red difference.
        levels: How they are shown.
    """

    luma: Stored
    blue: Stored
    red: Stored
    levels: ShownLevels


def planes_of(frame: Any, width: int, height: int) -> Planes:
    """The planes of an `av.VideoFrame`, brought to `width` x `height` (as stored) if it has another size.

    Planar YUV of 8 to 16 bits is read as it is; any other format goes through FFmpeg's YUV 4:4:4 of 8 bits.
    """
    name, full = frame.format.name, int(frame.color_range) == _FULL_RANGE_FLAG
    if name in _FULL_RANGE_FORMATS:
        name, full = name.replace("yuvj", "yuv"), True
    if name not in _PLANAR or (frame.width, frame.height) != (width, height):
        # FFmpeg keeps the range of YUV, and makes what is not YUV into the narrow range.
        full = full and name.startswith("yuv")
        frame, name = frame.reformat(width=width, height=height, format="yuv444p"), "yuv444p"
    depth = _PLANAR[name]
    turns = round(frame.rotation / 90)
    luma, blue, red = (np.rot90(_stored(plane, depth), turns) for plane in frame.planes[:3])
    return Planes(luma, blue, red, _levels(depth, full))


def _levels(depth: int, full: bool) -> ShownLevels:
    unit, most = 1 << (depth - 8), (1 << depth) - 1
    return ShownLevels(0, most, 128 * unit, most) if full else ShownLevels(16 * unit, 235 * unit, 128 * unit, 224 * unit)


def _stored(plane: Any, depth: int) -> Stored:
    kind: np.dtype[Any] = np.dtype(np.uint8 if depth == 8 else "<u2")
    rows: Stored = np.frombuffer(plane, kind).reshape(plane.height, plane.line_size // kind.itemsize)
    return rows[:, : plane.width]
