"""The picture: its resize, the first frame that it becomes, and the guide of the loop."""

from __future__ import annotations

from collections.abc import Iterator

from ....loop_control.units import SPATIAL_STEP_PX, pixels_from_latents, pixels_from_new_latents
from ...editing.graph import Graph
from ...editing.handles import Node, Output
from ...editing.places import place
from ...reading.trace import wired
from .helper_nodes import video_size

METHODS = ("nearest-exact", "bilinear", "area", "bicubic", "lanczos")


def resize(graph: Graph, node: Node) -> Iterator[str]:
    """ImageResizeKJv2 and LTXSmartImageResize -> ResizeImageMaskNode, with the size in a node of its own."""
    values = dict(node.widgets)
    proportion = values.get("keep_proportion")
    crops = proportion in ("crop", True)
    if not crops and proportion not in ("stretch", False):
        yield f"{node}: keep_proportion {proportion!r} became a crop to the middle"
    if crops and values.get("crop_position", "center") != "center":
        yield f"{node}: crops to the middle, not to the {values['crop_position']}"
    method = values.get("upscale_method", "lanczos")
    if method not in METHODS:
        yield f"{node}: upscale_method {method!r} became lanczos"
    if any(slot.name == "mask" and slot.link for slot in node.inputs):
        yield f"{node}: the mask is no longer resized with the picture"
    sides = {side: _side(graph, node, side, values.get("divisible_by") or 1) for side in ("width", "height")}
    for slot in node.outputs:
        if slot.name in sides:
            for target in slot.targets:
                graph.connect(sides[slot.name], target)
    old_inputs = {slot.name: None for slot in node.inputs}
    graph.swap(
        node,
        "ResizeImageMaskNode",
        inputs={**old_inputs, "image": "input"},
        outputs={slot.name: "resized" if slot.type == "IMAGE" else None for slot in node.outputs},
        widgets=dict.fromkeys(values),
        values={
            "resize_type": "scale dimensions",
            "resize_type.crop": "disabled" if proportion in ("stretch", False) else "center",
            "scale_method": method if method in METHODS else "lanczos",
        },
    )
    for side, source in sides.items():
        graph.connect(source, node.input(f"resize_type.{side}"))


def _side(graph: Graph, node: Node, side: str, divisible_by: int) -> Output:
    """The output that gives one side: what was wired, or the number in a node of its own."""
    source = wired(node).get(side)
    if source is not None:
        return source
    value, above = node.widgets[side], place(node, 0, -160)
    value -= value % divisible_by
    if value % SPATIAL_STEP_PX == 0:
        size = video_size(graph, node, above)
        size.widgets[side] = value
        return size.output(side)
    return graph.add("PrimitiveInt", level=node.level, title=side, pos=above, widgets={"value": value}).output()


def first_frame(graph: Graph, node: Node) -> Iterator[str]:
    """LTXVImgToVideoInplaceKJ -> LTXVImgToVideoInplace, if it places one picture at the start."""
    values = dict(node.widgets)
    if values.get("num_images") != "1" or values.get("num_images.index_1", 0) != 0:
        yield f"{node}: it places pictures elsewhere than at the start; ComfyUI's node cannot, so it stays"
        return
    graph.swap(
        node,
        "LTXVImgToVideoInplace",
        inputs={
            "num_images.image_1": "image",
            "num_images.strength_1": "strength",
            "num_images": None,
            "num_images.index_1": None,
        },
        widgets={"num_images": None, "num_images.index_1": None, "num_images.strength_1": "strength"},
    )


def guide(graph: Graph, node: Node) -> Iterator[str]:
    """LTXVAddLatentGuide -> LatentGuide; a latent index becomes the pixel frame that it means."""
    if any(slot.name == "latent_idx" and slot.link for slot in node.inputs):
        yield f"{node}: latent_idx is wired; LatentGuide counts in pixel frames, so it stays"
        return
    index = node.widgets["latent_idx"]
    graph.swap(
        node,
        "LatentGuide",
        inputs={"guiding_latent": "guide_latent", "vae": None},
        widgets={"latent_idx": None},
        values={"frame_offset": pixels_from_latents(index) if index > 0 else -pixels_from_new_latents(-index)},
    )


def guidance(graph: Graph, node: Node) -> Iterator[str]:
    """LTX2_NAG -> LTXNormalizedAttentionGuidance; it guides the streams that had a negative."""
    sources = wired(node)
    video, audio = sources.get("nag_cond_video"), sources.get("nag_cond_audio")
    if video is None and audio is None:
        graph.remove(node, heal=True)
        return
    if video is not None and audio is not None and video != audio:
        yield f"{node}: the negative of the audio stream is now that of the video stream"
    if node.widgets["nag_tau"] == 0:
        yield f"{node}: nag_tau 0 became 0.01, the least that is allowed"
        node.widgets["nag_tau"] = 0.01
    graph.swap(
        node,
        "LTXNormalizedAttentionGuidance",
        inputs={
            "nag_cond_video": "negative" if video is not None else None,
            "nag_cond_audio": "negative" if video is None else None,
        },
        widgets={"inplace": None},
        values={"video": video is not None, "audio": audio is not None},
    )


REPLACED = {
    "ImageResizeKJv2": resize,
    "LTXSmartImageResize": resize,
    "LTXVImgToVideoInplaceKJ": first_frame,
    "LTXVAddLatentGuide": guide,
    "LTX2_NAG": guidance,
}
