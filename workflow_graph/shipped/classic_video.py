"""The end of the classic graph: its frames, decoded by the node that is asked for, and the file."""

from __future__ import annotations

from typing import Any

from ..building.builder import Wire, WorkflowBuilder
from .classic_broadcasts import Broadcasts
from .classic_options import Options


def add(b: WorkflowBuilder, names: Broadcasts, o: Options, initial: Wire, looped: Wire) -> None:
    """Joins the initial render and what the loop gave, decodes and saves them."""
    whole = b.node("LatentConcat", id=1605, samples1=initial, samples2=looped, dim="t").out()
    vae = names.get("video_vae")
    if o.decoder == "core":
        keys = ("tile_size", "overlap", "temporal_size", "temporal_overlap")
        widgets: dict[str, Any] = dict(zip(keys, o.decoder_widgets, strict=True))
        images = b.node("VAEDecodeTiled", id=1604, samples=whole, vae=vae, **widgets)
    elif o.decoder == "spatiotemporal":
        keys = ("spatial_tiles", "spatial_overlap", "temporal_tile_length", "temporal_overlap")
        widgets = dict(zip(keys, o.decoder_widgets, strict=True))
        widgets.update(last_frame_fix=True, working_device="cpu", working_dtype="float16")
        images = b.node("LTXVSpatioTemporalTiledVAEDecode", id=1604, latents=whole, vae=vae, **widgets)
    else:
        images = b.node(
            "LTXVTiledVAEDecode",
            id=1604,
            vae=vae,
            latents=whole,
            horizontal_tiles=2,
            vertical_tiles=2,
            overlap=1,
            last_frame_fix=True,
        )
    b.node(
        "VHS_VideoCombine",
        id=617,
        images=images.out(),
        audio=names.get("orig_audio"),
        frame_rate=float(o.fps if o.video_fps is None else o.video_fps),
        filename_prefix="audio_loop",
        format="video/h264-mp4",
        pix_fmt="yuv420p",
        crf=19,
        trim_to_audio=True,
    )
