"""Nodes of ComfyUI-AudioLoopHelper that Audio Loop has no like of: their numbers and names get nodes of ComfyUI."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ....loop_control.units import SPATIAL_STEP_PX, largest_clip_px, round_half_up
from ...editing.graph import Graph
from ...editing.handles import Node, Output
from ...editing.places import place


def frame_planner(graph: Graph, node: Node) -> Iterator[str]:
    """LTXFramePlanner: size, length, seconds and rate become one node each, with the numbers that it gave."""
    wired = [slot.name for slot in node.inputs if slot.link]
    if wired:
        yield f"{node}: {', '.join(wired)} is wired, so its numbers are not known here; it stays"
        return
    values = node.widgets
    fps = int(values["fps"])
    frames = largest_clip_px(max(1, round_half_up(Fraction(str(values["target_seconds"])) * fps)))
    numbers = {
        "frames": ("length", frames),
        "actual_seconds": ("window_seconds", frames / fps),
        "fps_int": ("fps", fps),
        "fps_float": ("fps", float(fps)),
    }
    for slot in node.outputs:
        targets = slot.targets
        if not targets:
            continue
        if slot.name in ("width", "height"):
            source = _size(graph, node).output(slot.name)
        elif slot.name in numbers:
            source = _constant(graph, node, *numbers[slot.name])
        else:
            yield f"{node}: its {slot.name} fed {', '.join(str(t.node) for t in targets)} and is gone"
            continue
        for target in targets:
            graph.connect(source, target)
    graph.remove(node)


def video_size(graph: Graph, node: Node, pos: tuple[float, float]) -> Node:
    """The AudioLoopVideoSize of a node's level; a new one at `pos` if there is none."""
    size = next((other for other in node.level.nodes if other.type == "AudioLoopVideoSize"), None)
    return size or graph.add("AudioLoopVideoSize", level=node.level, title="Video size", role="size", pos=pos)


def _size(graph: Graph, node: Node) -> Node:
    size = video_size(graph, node, place(node))
    for side in ("width", "height"):
        # The old node rounded down to what the model can make.
        size.widgets[side] = node.widgets[f"target_{side}"] // SPATIAL_STEP_PX * SPATIAL_STEP_PX
    return size


def _constant(graph: Graph, node: Node, title: str, value: int | float) -> Output:
    kind = "PrimitiveFloat" if isinstance(value, float) else "PrimitiveInt"
    return graph.add(kind, level=node.level, title=title, pos=place(node), widgets={"value": value}).output()


def run_prefix(graph: Graph, node: Node) -> Iterator[str]:
    """RunIdPrefix: a plain name; ComfyUI numbers the files of equal names."""
    text = f"video/{node.widgets['workflow_name']}"
    yield f"{node}: file names no longer hold date and time, they begin with {text!r} and are numbered"
    name = graph.add("PrimitiveString", level=node.level, title="File name", pos=place(node), widgets={"value": text})
    for target in [target for slot in node.outputs for target in slot.targets]:
        graph.connect(name.output(), target)
    graph.remove(node)


def text(graph: Graph, node: Node) -> Iterator[str]:
    """StringConstantMultiline -> PrimitiveStringMultiline, with its lines."""
    if node.widgets["strip_newlines"] and "\n" in str(node.widgets["string"]):
        yield f"{node}: it took line breaks out (strip_newlines); they stay, as a schedule needs them"
    graph.swap(node, "PrimitiveStringMultiline", widgets={"string": "value", "strip_newlines": None})


REPLACED = {"LTXFramePlanner": frame_planner, "RunIdPrefix": run_prefix, "StringConstantMultiline": text}
