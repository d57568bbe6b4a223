"""Nodes that take pictures apart or mix them: their size, a part of a batch, two of them in one."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...editing.handles import Node
from ...editing.places import place
from ...reading.values import is_number

_MAX_BATCH = 4096


def size_and_count(graph: Graph, node: Node) -> Iterator[str]:
    """GetImageSizeAndCount: the picture goes straight on, GetImageSize gives the numbers."""
    source = node.input("image").source
    if source is None:
        yield f"{node} has no picture; it stays"
        return
    wanted = {"width": "width", "height": "height", "count": "batch_size"}
    measured: Node | None = None
    for slot in node.outputs:
        for target in slot.targets:
            if slot.name not in wanted:
                graph.connect(source, target)
                continue
            if measured is None:
                measured = graph.add("GetImageSize", level=node.level, pos=place(node))
                graph.connect(source, measured.input("image"))
            graph.connect(measured.output(wanted[slot.name]), target)
    graph.remove(node)


def image_range(graph: Graph, node: Node) -> Iterator[str]:
    """GetImageRangeFromBatch -> ImageFromBatch; a start of -1 means the last ones."""
    masks = next((slot for slot in node.outputs if slot.type == "MASK"), None)
    if masks is not None and masks.targets:
        yield f"{node}: picks masks, for which ComfyUI has no node; it stays"
        return
    values = dict(node.widgets)
    wired = {slot.name for slot in node.inputs if slot.link}
    start, count = values["start_index"], values["num_frames"]
    if start == -1 and "num_frames" in wired and "start_index" not in wired:
        yield f"{node}: takes a wired number of pictures from the end; it stays"
        return
    if count > _MAX_BATCH:
        yield f"{node}: num_frames {count} became {_MAX_BATCH}, the most that ImageFromBatch takes"
    graph.swap(
        node,
        "ImageFromBatch",
        inputs={"images": "image", "masks": None, "start_index": "batch_index", "num_frames": "length"},
        outputs={"MASK": None},
        widgets={"start_index": None, "num_frames": None},
        values={"batch_index": -min(count, _MAX_BATCH) if start == -1 else start, "length": min(count, _MAX_BATCH)},
    )


def blend(graph: Graph, node: Node) -> Iterator[str]:
    """ImageBlend_AudioLoop -> ImageBlend; with one picture left there is nothing to mix."""
    pictures = [slot.name for slot in node.inputs if slot.type == "IMAGE"]
    wired = [slot.name for slot in node.inputs if slot.type == "IMAGE" and slot.link]
    if len(wired) < 2:
        yield f"{node} mixes two pictures and has {len(wired)}; what it has goes on as it is"
        graph.remove(node, heal=True)
        return
    factor = next((slot.name for slot in node.inputs if slot.type == "FLOAT"), None)
    saved = dict(node.widgets)
    value = next((v for v in saved.values() if is_number(v)), 0.0)
    if not 0 <= value <= 1:
        yield f"{node}: its factor {value!r} became {min(max(value, 0.0), 1.0):g}"
    graph.swap(
        node,
        "ImageBlend",
        inputs={pictures[0]: "image1", pictures[1]: "image2", **({factor: "blend_factor"} if factor else {})},
        outputs={slot.name: "IMAGE" for slot in node.outputs},
        widgets=dict.fromkeys(saved),
        values={"blend_factor": min(max(float(value), 0.0), 1.0), "blend_mode": "normal"},
    )


REPLACED = {
    "GetImageSizeAndCount": size_and_count,
    "GetImageRangeFromBatch": image_range,
    "ImageBlend_AudioLoop": blend,
}
