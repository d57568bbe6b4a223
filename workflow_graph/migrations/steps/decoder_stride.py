"""Temporal tiles of VAEDecodeTiled advance by the loop's stride, so that seams fall where windows meet anyway."""

from __future__ import annotations

from ...editing.graph import Graph
from ...reading.trace import geometry, nodes_of, number
from ..migration import Migration, Options
from .ltx_decoder import aligned


def _upgrade(graph: Graph, _options: Options) -> None:
    found = geometry(graph)
    if found is None:
        return
    for node in nodes_of(graph, "VAEDecodeTiled"):
        size, overlap = number(node, "temporal_size"), number(node, "temporal_overlap")
        if size is None or overlap is None or size - overlap == found.stride_px:
            continue
        node.widgets.update(aligned(graph))


migration = Migration(
    name="decoder_stride",
    summary="align the temporal tiles of VAEDecodeTiled with the loop's stride",
    upgrade=_upgrade,
    revision=7,
)
