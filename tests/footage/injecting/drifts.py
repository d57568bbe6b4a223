"""What changes from window to window: drifts of colour, contrast, sharpness, style, identity and size.

`steps` adds a little with each window, `steady` all the time. Strength 1, at the last window against the first:
- colour: a chroma of 0.022 of full scale, a CIE dE of about 5; differences of 2 to 10 are seen at once.
- contrast: 10 %; viewers tell 5 to 10 % in memory of complex pictures (Peli 1990; Haun and Peli 2013).
- sharpness: a blur of 0.5 px, or sharpening by 0.45 of what is finer than 0.8 px (blur of 0.4 px is told from none, Watson and
  Ahumada 2011).
- style: a third of the way from an illustration to a photograph of the same place: surface, shading and grain come in.
- identity: a third of the way to another face; halfway is where morphed faces change sides (Beale and Keil 1995).
- zoom: 0.6 % a second, 7 % in twelve seconds; sizes that differ by 3 to 6 % are told in memory.
"""

from __future__ import annotations

import numpy as np

from ..takes import Take
from ..values import Defect, Injected

COURSES = ("steps", "steady")
SHARPNESS_WAYS = ("softer", "sharper")
ZOOM_WAYS = ("over all", "by window")


def colour(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    angle = random.uniform(0, 2 * np.pi)
    size = 0.022 * defect.strength * _course(take, defect.way == "steps")
    take.shots["blue"] += np.cos(angle) * size
    take.shots["red"] += np.sin(angle) * size
    return _whole(take, defect)


def contrast(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    sign = random.choice([-1, 1])
    take.shots["contrast"] *= 1 + sign * 0.1 * defect.strength * _course(take, defect.way == "steps")
    return _whole(take, defect)


def sharpness(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    course = _course(take, bool(random.random() < 0.5))
    if defect.way == "softer":
        take.shots["blur"] = np.hypot(take.shots["blur"], 0.5 * defect.strength * np.sqrt(course))
    else:
        take.shots["sharpen"] = take.shots["sharpen"] + 0.45 * defect.strength * course
    return _whole(take, defect)


def style(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    take.shots["style"] = np.maximum(take.shots["style"], _share(take, defect))
    return _whole(take, defect)


def identity(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    take.shots["identity"] = np.maximum(take.shots["identity"], _share(take, defect))
    return _whole(take, defect)


def zoom(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    """Steadily, or each window at its own pace, slower at its ends, and going on from where the last one stopped."""
    joins, rate = take.joins, 0.006 * defect.strength
    fps = float(joins.fps)
    if defect.way == "over all":
        speed = np.full(joins.frames, rate)
    else:
        speed = np.zeros(joins.frames)
        for start, stop in zip(joins.edges[:-1], joins.edges[1:], strict=True):
            phase = (np.arange(stop - start) + 0.5) / (stop - start)
            speed[start:stop] = rate * random.uniform(0.7, 1.3) * (1 - 0.6 * np.cos(2 * np.pi * phase))
    take.shots["zoom"] *= np.exp(np.cumsum(speed) / fps)
    return _whole(take, defect, (("zoom_per_second", float(speed.mean())),))


def _course(take: Take, steps: bool) -> np.ndarray:
    """From 0 to 1 over the video: (N,)."""
    joins = take.joins
    frame = np.arange(joins.frames)
    if not steps:
        return np.clip(frame / max(1, joins.edges[-2]), 0, 1)
    out = np.zeros(joins.frames)
    for edge in joins.edges[1:-1]:
        out += np.clip((frame - edge) / 12, 0, 1) / (joins.windows - 1)
    return out


def _share(take: Take, defect: Defect) -> np.ndarray:
    return np.round(np.minimum(1.0, defect.strength / 3) * _course(take, defect.way == "steps"), 2)


def _whole(take: Take, defect: Defect, facts: tuple[tuple[str, float], ...] = ()) -> Injected:
    end = float(take.joins.frames / take.joins.fps)
    return Injected(defect.kind, defect.strength, defect.way, ((0.0, end),), (), facts)
