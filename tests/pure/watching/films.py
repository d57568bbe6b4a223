"""Small videos written through real encoders, and pictures to fill them with."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from scipy import ndimage


def write_film(
    path,
    pictures,
    fps=25,
    codec="libx264",
    pix_fmt="yuv420p",
    pts=None,
    time_base=None,
    options=None,
    full=False,
    movflags=None,
):
    """Encodes (h, w, 3) uint8 RGB pictures, or planes given as ready frames; `pts` in ticks of `time_base`."""
    with av.open(str(path), "w", options={"movflags": movflags} if movflags and path.suffix == ".mp4" else {}) as container:
        stream = container.add_stream(codec, rate=Fraction(fps))
        stream.pix_fmt = pix_fmt
        stream.options = {"crf": "18", **(options or {})} if codec != "ffv1" else {}
        if full:
            stream.codec_context.color_range = 2
        if time_base is not None:
            stream.codec_context.time_base = time_base
        for number, picture in enumerate(pictures):
            frame = picture if isinstance(picture, av.VideoFrame) else av.VideoFrame.from_ndarray(picture, "rgb24")
            if number == 0:
                stream.width, stream.height = frame.width, frame.height
            if full:
                frame.color_range = 2
            frame.pts = number if pts is None else pts[number]
            frame.time_base = time_base or Fraction(1) / Fraction(fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def yuv_frame(luma, blue=128, red=128, pix_fmt="yuv420p"):
    """A frame whose stored planes are given: luma (h, w), chroma one number each."""
    height, width = luma.shape
    frame = av.VideoFrame(width, height, pix_fmt)
    for plane, values in zip(frame.planes, (luma, blue, red), strict=True):
        kind = np.dtype(np.uint8 if pix_fmt[-2:] != "le" else "<u2")
        rows = np.zeros((plane.height, plane.line_size // kind.itemsize), kind)
        rows[:, : plane.width] = values
        plane.update(rows.tobytes())
    return frame


def texture(seed, height, width, blur=4.0):
    """(height, width) float, 0 to 1, soft structure of mean one half."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal((height, width)), blur, mode="wrap")
    return np.clip(0.5 + 0.18 * noise / noise.std(), 0, 1)


def grey(luma):
    """RGB uint8 of a luma of 0 to 1."""
    return np.repeat(np.rint(luma * 255).astype(np.uint8)[..., None], 3, -1)
