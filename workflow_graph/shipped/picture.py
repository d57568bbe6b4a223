"""The user's picture, prepared once for the initial render and for the loop."""

from __future__ import annotations

from dataclasses import replace

from ..building.builder import BuiltNode, Wire, WorkflowBuilder
from . import notes


def add(b: WorkflowBuilder, video_vae: Wire, size: BuiltNode, title: str = "① Your picture") -> tuple[Wire, Wire]:
    """The prepared picture, and the same picture encoded as the loop's guide; `size` has outputs width and height."""
    prepared = prepare(b, resized(b, size, title))
    guide = b.node("VAEEncode", id=1617, title="Encode the picture once", role="guide_encode", pixels=prepared, vae=video_vae)
    return prepared, guide.out()


def resized(
    b: WorkflowBuilder, size: BuiltNode, title: str, ids: tuple[int, int, int] = (444, 447, 445), role: str = "picture"
) -> Wire:
    """A picture of the user's in the size of the video; `ids` are those of its three nodes."""
    load = b.node(
        "LoadImage",
        id=ids[0],
        title=title,
        role=role,
        image="example.png",
        look=replace(notes.SET_ME, size=(360.0, 380.0)),
    )
    one = b.node(
        "AudioLoopPicture",
        id=ids[1],
        title="One picture, also of an animation",
        role="one_picture" if role == "picture" else f"one_{role}",
        image=load.out("IMAGE"),
    )
    return b.node(
        "ResizeImageMaskNode",
        id=ids[2],
        title="Resize and crop",
        role="resize" if role == "picture" else f"{role}_resize",
        inputs={
            "input": one.out("image"),
            "resize_type": "scale dimensions",
            "resize_type.width": size.out("width"),
            "resize_type.height": size.out("height"),
            "resize_type.crop": "center",
            "scale_method": "lanczos",
        },
    ).out()


def prepare(b: WorkflowBuilder, pictures: Wire) -> Wire:
    """Pictures as the model knows them from video: both the start and the loop get them so."""
    return b.node(
        "LTXVPreprocess",
        id=446,
        title="Prepare (both for the start and for the loop)",
        role="preprocess",
        image=pictures,
        img_compression=18,
    ).out()
