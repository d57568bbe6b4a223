"""decode_tile_pulse: pictures decoded in tiles of T frames that overlap by O and are blended there.

Each tile has a small error of its own, so that a seam lies at every multiple of the stride T - O. Strength 1:
- level: each tile's luma is off by a random share, and neighbours differ by about 2 %, Weber's fraction for luminance.
- pulse: each tile begins 2 % too bright or too dark and is right after a third of it.
- colour: neighbours differ by a chroma of 0.012 of full scale, about a CIE dE of 3 (2.3 is just noticed, Mahy et al. 1994).
- detail: where two tiles are blended, or for the first third of a tile, a blur of 0.35 px, about a tenth of the finest detail
  (blur of about 0.4 px is told from none at one arc minute a pixel, Watson and Ahumada 2011).
"""

from __future__ import annotations

import numpy as np

from ..takes import Take
from ..values import Defect, Injected

WAYS = ("level", "pulse", "colour", "detail")

LUMA_STEP, CHROMA_STEP, BLUR_PX = 0.02, 0.012, 0.35


def draw_stride(random: np.random.Generator, longest: int) -> int:
    """A stride from 8 up, evenly in its logarithm."""
    return round(float(np.exp(random.uniform(np.log(8), np.log(longest)))))


def pulse(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    count = take.joins.frames
    stride = defect.stride_px or draw_stride(random, count // 5)
    overlap = int(min(random.choice([2, 4, 8, 16]), stride // 2))
    frame = np.arange(count)
    tile, within = frame // stride, frame % stride
    tiles = tile[-1] + 2
    # In the overlap of a tile with the one before, its weight rises from nothing to one.
    weight = np.clip((within + 1) / (overlap + 1), 0, 1)
    weight[tile == 0] = 1.0

    def blended(errors: np.ndarray) -> np.ndarray:
        return weight * errors[tile] + (1 - weight) * errors[np.maximum(tile - 1, 0)]

    decay = np.exp(-within / max(2.0, stride / 5))
    sign = random.choice([-1, 1])
    if defect.way == "level":
        take.shots["gain"] *= 1 + defect.strength * LUMA_STEP * blended(_errors(random, tiles))
    elif defect.way == "pulse":
        course = decay * np.clip((within + 1) / max(1, overlap // 2), 0, 1)
        take.shots["gain"] *= 1 + sign * defect.strength * LUMA_STEP * course / course.max() * (tile > 0)
    elif defect.way == "colour":
        angle = random.uniform(0, 2 * np.pi)
        error = defect.strength * CHROMA_STEP * blended(_errors(random, tiles))
        take.shots["blue"] += np.cos(angle) * error
        take.shots["red"] += np.sin(angle) * error
    else:
        take.shots["blur"] = np.hypot(take.shots["blur"], defect.strength * BLUR_PX * np.round(decay, 2) * (tile > 0))
    facts = (("period_px", float(stride)), ("overlap_px", float(overlap)))
    return Injected(defect.kind, defect.strength, defect.way, ((0.0, float(count / take.joins.fps)),), (), facts)


def _errors(random: np.random.Generator, tiles: int) -> np.ndarray:
    """Errors of tiles whose neighbours differ by 0.7 to 1.3."""
    steps = random.uniform(0.7, 1.3, tiles)
    errors = [0.0]
    for step in steps[1:]:
        up = random.random() < 0.5 - 0.35 * errors[-1]
        errors.append(errors[-1] + (step if up else -step))
    out = np.array(errors)
    return out - np.mean(out)
