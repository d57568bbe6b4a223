"""The user's picture, prepared once for the initial render and for the loop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from ..building.builder import BuiltNode, Wire, WorkflowBuilder
from . import notes


class Sized(Protocol):
    """A node with outputs width and height."""

    def out(self, name: str) -> Wire:
        """An output by its name."""
        ...


@dataclass(frozen=True)
class HalfSize:
    """Half the size that an AudioLoopVideoSize says, under the names of the whole."""

    node: BuiltNode

    def out(self, name: str) -> Wire:
        """Half the width or half the height."""
        return self.node.out(f"half_{name}")


@dataclass(frozen=True)
class Prepared:
    """The user's picture, or all of them.

    Attributes:
        picture: As the model knows pictures from video.
        guide: The same, encoded; None if each window has its own.
        original: As it was loaded; None if there are several.
    """

    picture: Wire
    guide: Wire | None = None
    original: Wire | None = None


def add(b: WorkflowBuilder, video_vae: Wire, size: Sized, title: str = "① Your picture") -> Prepared:
    """The prepared picture, and the same picture encoded as the loop's guide."""
    original = loaded(b, title)
    prepared = prepare(b, sized(b, original, size))
    guide = b.node("VAEEncode", id=1617, title="Encode the picture once", role="guide_encode", pixels=prepared, vae=video_vae)
    return Prepared(prepared, guide.out(), original)


def loaded(b: WorkflowBuilder, title: str, ids: tuple[int, int] = (444, 447), role: str = "picture") -> Wire:
    """A picture of the user's as it is; `ids` are those of its two nodes."""
    load = b.node(
        "LoadImage",
        id=ids[0],
        title=title,
        role=role,
        image="example.png",
        look=replace(notes.SET_ME, size=(360.0, 380.0)),
    )
    return b.node(
        "AudioLoopPicture",
        id=ids[1],
        title="One picture, also of an animation",
        role="one_picture" if role == "picture" else f"one_{role}",
        image=load.out("IMAGE"),
    ).out("image")


def sized(
    b: WorkflowBuilder, original: Wire, size: Sized, title: str = "Resize and crop", id: int = 445, role: str = "resize"
) -> Wire:
    """A picture in the size of the video."""
    return b.node(
        "ResizeImageMaskNode",
        id=id,
        title=title,
        role=role,
        inputs={
            "input": original,
            "resize_type": "scale dimensions",
            "resize_type.width": size.out("width"),
            "resize_type.height": size.out("height"),
            "resize_type.crop": "center",
            "scale_method": "lanczos",
        },
    ).out()


def prepare(
    b: WorkflowBuilder,
    pictures: Wire,
    title: str = "Prepare (both for the start and for the loop)",
    id: int = 446,
    role: str = "preprocess",
) -> Wire:
    """Pictures as the model knows them from video: both the start and the loop get them so."""
    return b.node("LTXVPreprocess", id=id, title=title, role=role, image=pictures, img_compression=18).out()
