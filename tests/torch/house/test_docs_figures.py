"""Figures of pages that only modules with torch hold; all others are in `tests/pure/house/docs_figures`."""

from __future__ import annotations

import re

import pytest

from audio_loop.audio.driving import LENGTH_TOLERANCE
from audio_loop.latent_ops.guide import ONE_LATENT_BEFORE_PX
from audio_loop.latent_ops.window import KEEP, MAKE_NEW
from audio_loop.tests.pure.house.docs_figures.phrases import check, told, word
from audio_loop.video import tiles
from audio_loop.video.clip_noise import MOST_NOISE_BYTES
from audio_loop.video.decode_spans import _SMALLEST_PIECE_LATENTS
from audio_loop.video.halo import _SAME
from audio_loop.video.preview import PREVIEW_FRAMES
from audio_loop.video.tiles import TILE_FRAMES, TILE_OVERLAP_FRAMES, TILE_OVERLAP_PX, TILE_PX

FRAME_BYTES = 3 * 832 * 448 * 2
TOLERANCE = f"{_SAME:.0e}".replace("-0", "-")
SIDE = int(re.search(r"looks (\d+) latents to each side", tiles.__doc__)[1])
HALO = 2 * SIDE
ROOM_GB = 0.634 * (_SMALLEST_PIECE_LATENTS + HALO)
"""ComfyUI's estimate for a latent at 832x448, times those of the smallest piece that is decoded whole."""

NOISE = MOST_NOISE_BYTES / 2**30, MOST_NOISE_BYTES // FRAME_BYTES

FIGURES = [
    *told(
        "docs/video.md",
        [
            ("For LTX 2's VAE, to within {}: it", TOLERANCE),
            ("more than {:g} GiB ({} frames of 832x448 in half precision)", *NOISE),
            ("looks so far ({} latents around", HALO),
            ("tiles of {} px and {} frames that fade", TILE_PX, TILE_FRAMES),
        ],
    ),
    *told(
        "docs/ltx25.md",
        [
            ("equal to one piece within {} in float32", TOLERANCE),
            ("below {:g} GiB ({} frames of 832x448)", *NOISE),
            (
                "*VAE Decode (Tiled)*: {} px and {} frames, sharing {} px and {} frames,",
                *(TILE_PX, TILE_FRAMES, TILE_OVERLAP_PX, TILE_OVERLAP_FRAMES),
            ),
            ("it looks {} latents to each side in time", SIDE),
            ("for a piece and {} latents around it", HALO),
            ("so that room is {:.0f} GB, which", ROOM_GB),
            ("one latent with a mask of {:g}, which", MAKE_NEW),
            ("behind it with a mask of {:g}, at", KEEP),
        ],
    ),
    *told(
        "docs/reference/conditioning.md",
        [
            ("says how much of it is made new: {:g} is kept as it is, {:g} is made", KEEP, MAKE_NEW),
            ("| context, the tail of the window before | {:g} |", KEEP),
            ("| new latents of a window | {:g} |", MAKE_NEW),
            ("The shipped loop puts it one latent, {} frames, before the window", -ONE_LATENT_BEFORE_PX),
            ("handed one guide position, {} frames, and", ONE_LATENT_BEFORE_PX),
        ],
    ),
    *told("docs/checkpoints.md", [("*Keep each window* shows {} small frames", word(PREVIEW_FRAMES))]),
    *told(
        "docs/workflows.md",
        [
            ("and are as long, up to {:g} s (codecs", float(LENGTH_TOLERANCE)),
            ("More than {:g} s is refused with both lengths", float(LENGTH_TOLERANCE)),
        ],
    ),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_pages_are_those_of_the_code(figure):
    check(figure)
