"""Widget values of tiled decoders and the rhythm that they give. Sizes are pixel frames."""

from __future__ import annotations

from ..workflow_graph.audit.rules.decoder import right_core_values

_LATENT_PX = 8
"""Pixel frames of a latent, by which ComfyUI's `VAEDecodeTiled` divides its sizes (`temporal_compression_decode`)."""

_USUAL_SIZES = (64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048)
_MOST_TOLD = 3

TILED = frozenset({"VAEDecodeTiled", "LTXVSpatioTemporalTiledVAEDecode"})
"""Decoders with tiles of time."""


def advance_frames(temporal_size: int, temporal_overlap: int) -> int:
    """Pixel frames from one border of `VAEDecodeTiled` to the next (`VAEDecodeTiled.decode` in ComfyUI's nodes.py)."""
    if temporal_size < 2 * temporal_overlap:
        temporal_overlap //= 2
    size = max(2, temporal_size // _LATENT_PX)
    overlap = max(1, min(size // 2, temporal_overlap // _LATENT_PX))
    return (size - overlap) * _LATENT_PX


def explaining_values(period_frames: int) -> tuple[tuple[int, int], ...]:
    """(temporal_size, temporal_overlap) of usual sizes whose borders are that far apart, the smallest overlap first."""
    pairs = ((size, size - period_frames) for size in _USUAL_SIZES if _LATENT_PX <= size - period_frames <= size // 2)
    fitting = [pair for pair in pairs if advance_frames(*pair) == period_frames]
    if not fitting and period_frames > 0 and period_frames % _LATENT_PX == 0:
        fitting = [(period_frames + _LATENT_PX, _LATENT_PX)]
    return tuple(sorted(fitting, key=lambda pair: pair[1])[:_MOST_TOLD])


def values_for_stride(stride_px: int) -> tuple[int, int]:
    """Temporal size and overlap whose borders lie where windows join."""
    return right_core_values(stride_px)
