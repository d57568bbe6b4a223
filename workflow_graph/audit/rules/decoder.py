"""The decoder of the finished video makes no seams of its own and does not need memory for all of it at once."""

from __future__ import annotations

from collections.abc import Iterator

from ....loop_control.geometry import WindowGeometry
from ...node_kinds import LOOP_CLOSES
from ...reading.flow import Flow, FlowNode
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject

LARGEST_TILE_OVERLAP = 8
"""Most latents that LTXVSpatioTemporalTiledVAEDecode lets tiles share."""

_TILE_STEP = 32
_SMALLEST_OVERLAP = 48
_DECODERS = ("VAEDecodeTiled", "LTXVSpatioTemporalTiledVAEDecode", "VAEDecode")


@rule(
    severity=ERR,
    summary="the video is decoded without seams in time, or with seams only where windows join",
    seen="a pulse or flicker in an even rhythm through the whole video",
    why="neighbouring tiles are decoded apart and do not agree where they meet",
    mend="python scripts/apply_ltx_decoder.py FILE",
    by_hand="take StreamingVideoSave, or give the decoder the values that the finding names",
)
def decoder(subject: Subject) -> Iterator[Finding]:
    """Looks at decoders behind a loop; within a loop they see one window only."""
    flow, parts = subject.flow, subject.parts
    for node in flow.of_type(_DECODERS):
        behind = {origin.type for origin in flow.upstream(node, kinds=("LATENT",))}
        if node.id in parts.in_loop or not behind & (LOOP_CLOSES | {"LoadLoopCheckpoint"}):
            continue
        if node.type == "VAEDecodeTiled":
            yield from _core(flow, node, parts.geometry, parts.fps)
        elif node.type == "LTXVSpatioTemporalTiledVAEDecode":
            yield from _spatiotemporal(flow, node, parts.geometry)
        else:
            yield Finding(
                node,
                "decodes the whole video in one piece",
                severity=WARN,
                seen="nothing, until a long song runs out of memory after the last iteration",
                why="all frames are in memory at once, as 32-bit numbers",
                mend="StreamingVideoSave decodes and saves part by part; or python scripts/apply_ltx_decoder.py FILE",
            )


def right_core_values(stride_px: int) -> tuple[int, int]:
    """Temporal size and overlap of VAEDecodeTiled, in pixel frames, whose tiles advance by one stride."""
    size = -(-(stride_px + _SMALLEST_OVERLAP) // _TILE_STEP) * _TILE_STEP
    return size, size - stride_px


def right_spatiotemporal_values(geometry: WindowGeometry) -> tuple[int, int] | None:
    """Tile length and overlap of LTXVSpatioTemporalTiledVAEDecode, in latents; None if its limits allow none.

    Its tiles advance by length - overlap - 1 (ComfyUI-LTXVideo, tiled_vae_decode.py).
    """
    overlap = geometry.overlap_latents - 1
    return (geometry.window_latents, overlap) if overlap <= LARGEST_TILE_OVERLAP else None


def _core(flow: Flow, node: FlowNode, geometry: WindowGeometry | None, fps: float | None) -> Iterator[Finding]:
    size, overlap = flow.number(node, "temporal_size"), flow.number(node, "temporal_overlap")
    if size is None or overlap is None:
        return
    # ComfyUI's VAEDecodeTiled: more than half a tile of overlap becomes half a tile.
    effective = overlap if size >= 2 * overlap else size // 2
    advance = int(size - effective)
    rhythm = f"a seam every {advance / fps:.2f} s" if fps else f"a seam every {advance} frames"
    if geometry is None:
        yield Finding(node, f"tiles of {size:g} frames that share {effective:g}: {rhythm}", severity=WARN)
        return
    if advance == geometry.stride_px:
        return
    wanted = right_core_values(geometry.stride_px)
    yield Finding(
        node,
        f"temporal_size {size:g}, temporal_overlap {overlap:g} advance by {advance} frames ({rhythm}); the loop advances by "
        f"{geometry.stride_px}. Right here: temporal_size {wanted[0]}, temporal_overlap {wanted[1]}",
        severity=ERR if advance < geometry.stride_px else WARN,
    )


def _spatiotemporal(flow: Flow, node: FlowNode, geometry: WindowGeometry | None) -> Iterator[Finding]:
    length, overlap = flow.number(node, "temporal_tile_length"), flow.number(node, "temporal_overlap")
    if length is None or overlap is None or geometry is None:
        return
    advance = int(length - overlap - 1)
    if advance == geometry.new_latents:
        return
    wanted = right_spatiotemporal_values(geometry)
    advice = (
        f"Right here: temporal_tile_length {wanted[0]}, temporal_overlap {wanted[1]}"
        if wanted
        else f"With {geometry.overlap_latents} latents of overlap no values fit, tiles share {LARGEST_TILE_OVERLAP} at most; "
        "take LTXVTiledVAEDecode"
    )
    yield Finding(
        node,
        f"temporal_tile_length {length:g}, temporal_overlap {overlap:g} advance by {advance} latents "
        f"(length - overlap - 1); the loop advances by {geometry.new_latents}. {advice}",
        seen="faint seams that move away from the joins of the windows as the video goes on",
    )
