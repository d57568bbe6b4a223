"""The picture gets the compression that LTX 2.3 was trained on; with none the first seconds stand still."""

from __future__ import annotations

from ...editing.graph import Graph
from ..migration import Migration, Options

COMPRESSION = 18
"""Lightricks' own value for LTX 2.3."""


def _upgrade(graph: Graph, _options: Options) -> None:
    for node in graph.find(type="LTXVPreprocess"):
        linked = any(slot.name == "img_compression" and slot.link is not None for slot in node.inputs)
        if not linked and node.widgets["img_compression"] == 0:
            node.widgets["img_compression"] = COMPRESSION


migration = Migration(
    name="preprocess_compression",
    summary=f"set img_compression of LTXVPreprocess to {COMPRESSION} if it is 0",
    upgrade=_upgrade,
    revision=3,
)
