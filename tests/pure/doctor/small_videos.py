"""Video files of a few frames, with the graphs in them that ComfyUI's savers write."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT = 64, 48


def write_video(path: Path, frames: int = 50, fps: int = 25, **documents: object) -> Path:
    """A video whose brightness says the number of the frame; `workflow` and `prompt` go into its metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata.update({name: json.dumps(value) for name, value in documents.items()})
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "qp": "0", "g": "12"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(frames):
            grey = np.full((HEIGHT, WIDTH, 3), 2 * number + 40, np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path
