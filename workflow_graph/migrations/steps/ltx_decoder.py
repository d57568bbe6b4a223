"""VAEDecodeTiled, which cuts in time, becomes LTXVTiledVAEDecode, which cuts in space only."""

from __future__ import annotations

from ...audit.rules.decoder import right_core_values
from ...editing.graph import Graph
from ...reading.trace import geometry, nodes_of
from ..migration import Migration, NodeSwap, Options

SWAP = NodeSwap(
    old="VAEDecodeTiled",
    new="LTXVTiledVAEDecode",
    inputs={"samples": "latents"},
    outputs={"IMAGE": "image"},
    widgets={"tile_size": None, "overlap": None, "temporal_size": None, "temporal_overlap": None},
    values={
        "horizontal_tiles": 2,
        "vertical_tiles": 2,
        "overlap": 1,
        "last_frame_fix": True,
        "working_device": "auto",
        "working_dtype": "auto",
    },
)
BACK = NodeSwap(
    old="LTXVTiledVAEDecode",
    new="VAEDecodeTiled",
    inputs={"latents": "samples"},
    outputs={"image": "IMAGE"},
    widgets=dict.fromkeys(SWAP.values),
    values={"tile_size": 512, "overlap": 64},
)
DEFAULT_STRIDE_PX = 448
"""Pixel frames that windows of 19.88 s with 2 s of overlap advance by; for graphs that do not say their own in numbers."""


def aligned(graph: Graph) -> dict[str, int]:
    """Temporal widgets of VAEDecodeTiled whose tiles advance by the loop's stride, so that no seam falls inside a window."""
    found = geometry(graph)
    size, overlap = right_core_values(found.stride_px if found is not None else DEFAULT_STRIDE_PX)
    return {"temporal_size": size, "temporal_overlap": overlap}


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    decoders = graph.find(type=SWAP.old)
    for node in decoders:
        SWAP.apply(graph, node)
    if decoders:
        return ()
    if nodes_of(graph, "StreamingVideoSave"):
        return ("StreamingVideoSave decodes without temporal tiles: there is no seam to mend and nothing to swap",)
    return ()


def _downgrade(graph: Graph, _options: Options) -> None:
    values = aligned(graph)
    for node in graph.find(type=BACK.old):
        BACK.apply(graph, node).widgets.update(values)


migration = Migration(
    name="ltx_decoder",
    summary="swap VAEDecodeTiled for LTXVTiledVAEDecode, which has no temporal tiles and so no pulse every few seconds",
    upgrade=_upgrade,
    downgrade=_downgrade,
)
