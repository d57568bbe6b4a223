"""VideoFrameExtract once took frames; today it takes a video, which frames become by CreateVideo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..editing.graph import Graph
from ..editing.handles import Node
from ..editing.places import place

DEFAULT_FPS = 25.0
"""Taken if the node's source_fps is not known."""


def as_video(graph: Graph, node: Node, earlier: Mapping[str, Any]) -> Iterator[str]:
    """Puts CreateVideo between the frames and the node.

    Args:
        graph: Is changed.
        node: The node, in its earlier form.
        earlier: Its values by earlier name.
    """
    for slot in node.inputs:
        source = slot.source
        if slot.type != "IMAGE" or source is None:
            continue
        fps = earlier.get("source_fps", DEFAULT_FPS)
        made = graph.add(
            "CreateVideo",
            level=node.level,
            pos=place(node, -40, -160),
            widgets={"fps": float(fps)} if 1 <= float(fps) <= 120 else {},
        )
        if made.widgets["fps"] != fps:
            yield f"{node}: source_fps {fps!r} is out of what CreateVideo takes; its fps is {made.widgets['fps']:g}"
        graph.disconnect(slot)
        graph.connect(source, made.input("images"))
        slot.raw["type"] = "VIDEO"
        graph.connect(made.output(), slot)
        rate = next((s.source for s in node.inputs if s.name == "source_fps" and s.source is not None), None)
        if rate is not None:
            graph.connect(rate, made.input("fps"))
