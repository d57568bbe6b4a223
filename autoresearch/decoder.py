"""The decoder with tiles over time in place of the streamed one: what seams of decode tiles are tested with."""

from __future__ import annotations

from typing import Any

from ..farm.graph import GraphRefusedError, of_type, set_value

TILE_INPUTS = ("tile_size", "overlap", "temporal_size", "temporal_overlap")
"""Widgets of VAE Decode (Tiled): pixels, pixels, frames, frames."""


def put_tiled_decoder(prompt: dict[str, dict[str, Any]], value: Any) -> None:
    """Decodes a workflow's video by VAE Decode (Tiled): its widgets are set, or it takes the place of the streamed decoder.

    Args:
        prompt: Nodes by id; changed.
        value: The four widgets, "512, 64, 64, 8" or a list of numbers.

    Raises:
        GraphRefusedError: These are no four whole numbers, or nothing in the workflow decodes a video.
    """
    widgets = _widgets(value)
    tiled = of_type(prompt, "VAEDecodeTiled")
    for node_id in tiled:
        for name, number in widgets.items():
            set_value(prompt, node_id, name, number)
    streamed = of_type(prompt, "StreamingVideoSave")
    for node_id in streamed:
        inputs = prompt[node_id]["inputs"]
        decode, video = f"{node_id}_decode", f"{node_id}_video"
        sound = {"audio": inputs["audio"]} if "audio" in inputs else {}
        prompt[decode] = _node("VAEDecodeTiled", samples=inputs["latent"], vae=inputs["vae"], **widgets)
        pictures = [decode, 0]
        if inputs.get("frames"):  # the last window is decoded beyond the song's end
            prompt[f"{node_id}_frames"] = _node("ImageFromBatch", image=pictures, batch_index=0, length=inputs["frames"])
            pictures = [f"{node_id}_frames", 0]
        prompt[video] = _node("CreateVideo", images=pictures, fps=inputs["fps"], **sound)
        saved = {"video": [video, 0], "filename_prefix": inputs["filename_prefix"], "format": "mp4", "format.codec": "h264"}
        prompt[node_id] = _node("SaveVideo", **saved)
    if not tiled and not streamed:
        raise GraphRefusedError("this workflow has no VAE Decode (Tiled) and no Streaming Video Save")


def _widgets(value: Any) -> dict[str, int]:
    numbers = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    try:
        whole = [int(number) for number in numbers]
    except (TypeError, ValueError):
        whole = []
    if len(whole) != len(TILE_INPUTS):
        raise GraphRefusedError(f"decode_tiles is {value!r}; it is {', '.join(TILE_INPUTS)}, such as '512, 64, 64, 8'")
    return dict(zip(TILE_INPUTS, whole, strict=True))


def _node(class_type: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": class_type, "inputs": inputs}
