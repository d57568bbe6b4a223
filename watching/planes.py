"""The luma and the chroma of a decoded frame as numbers of the picture as it is shown."""

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
_FULL_RANGE_FORMATS = {"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p", "yuvj411p"}
_FULL_RANGE_FLAG = 2

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Planes:
    """One frame, upright.

    Attributes:
        luma: (h, w) float32 from 0, black, to 1, white; what the file has beyond is shown as these.
        blue: (h', w') float32, the blue difference, 0 is grey.
        red: (h', w') float32.
    """

    luma: Floats
    blue: Floats
    red: Floats


def planes_of(frame: Any, width: int, height: int) -> Planes:
    """The planes of an `av.VideoFrame`, brought to `width` x `height` (as stored) if it has another size.

    Planar YUV of 8 to 16 bits is read as it is; any other format goes through FFmpeg's YUV 4:4:4 of 8 bits.
    """
    name, full = frame.format.name, int(frame.color_range) == _FULL_RANGE_FLAG
    if name in _FULL_RANGE_FORMATS:
        name, full = name.replace("yuvj", "yuv"), True
    if name not in _PLANAR or (frame.width, frame.height) != (width, height):
        is_yuv = name.startswith("yuv")
        frame = frame.reformat(width=width, height=height, format="yuv444p")
        name, full = "yuv444p", full and is_yuv
    depth = _PLANAR[name]
    luma, blue, red = (_stored(plane, depth) for plane in frame.planes[:3])
    unit = float(1 << (depth - 8))
    low, luma_span, chroma_span = (0.0, 255 * unit, 255 * unit) if full else (16 * unit, 219 * unit, 224 * unit)
    if full:
        luma_span = chroma_span = float((1 << depth) - 1)
    turns = round(frame.rotation / 90)
    return Planes(
        *(
            np.ascontiguousarray(np.rot90(plane, turns)) if turns % 4 else plane
            for plane in (
                np.clip((luma.astype(np.float32) - low) / np.float32(luma_span), 0, 1),
                (blue.astype(np.float32) - 128 * unit) / np.float32(chroma_span),
                (red.astype(np.float32) - 128 * unit) / np.float32(chroma_span),
            )
        )
    )


def _stored(plane: Any, depth: int) -> NDArray[Any]:
    kind = np.dtype(np.uint8 if depth == 8 else "<u2")
    rows = np.frombuffer(plane, kind).reshape(plane.height, plane.line_size // kind.itemsize)
    return rows[:, : plane.width]
