"""The user's picture, prepared once for the initial render and for the loop."""

from __future__ import annotations

from ..builder import Node, Output, WorkflowBuilder
from . import notes


def add(b: WorkflowBuilder, video_vae: Output, size: Node, title: str = "① Your picture") -> tuple[Output, Output]:
    """The prepared picture, and the same picture encoded as the loop's guide; `size` has outputs width and height."""
    load = b.node(
        "LoadImage",
        id=444,
        title=title,
        role="picture",
        image="example.png",
        color=notes.SET_ME,
        size=(360.0, 380.0),
    )
    resize = b.node(
        "ResizeImageMaskNode",
        id=445,
        title="Resize and crop",
        role="resize",
        inputs={
            "input": load.out("IMAGE"),
            "resize_type": "scale dimensions",
            "resize_type.width": size.out("width"),
            "resize_type.height": size.out("height"),
            "resize_type.crop": "center",
            "scale_method": "lanczos",
        },
    )
    prepared = b.node(
        "LTXVPreprocess",
        id=446,
        title="Prepare (both for the start and for the loop)",
        role="preprocess",
        image=resize.out(),
        img_compression=18,
    )
    guide = b.node(
        "VAEEncode", id=1617, title="Encode the picture once", role="guide_encode", pixels=prepared.out(), vae=video_vae
    )
    return prepared.out(), guide.out()
