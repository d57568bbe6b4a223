"""Style that changes slowly: an illustration becomes a photograph, or the reverse.

An illustration has plain surfaces between strong edges; a photograph has texture and shading everywhere. Two numbers of the
small pictures tell them apart: how weak the ordinary step between neighbouring pixels is against the strong ones, which
neither contrast nor brightness changes, and how much of the picture is plain. Both must move together, so that blur (which
weakens edges alone) and contrast (which moves the plain part alone) are not taken for a style.
"""

from __future__ import annotations

import numpy as np

from ...watching.watched_video import SamplePicture
from ..case import Case
from ..drift.pairs import frames_of, places_of
from ..drift.parts import parts_of
from ..drift.trend import CHANCE, stitched, trend_of
from ..drift.verdict import chance_words, curve_of, stretches_beyond, too_short
from ..seen import Figure, Seen, Symptom

TEXTURE_NOTICED = 0.35
PLAIN_NOTICED_PERCENT = 9.0
SOURCE = (
    "Drawn and photographic scenes made for tests are about 2 (texture) and 40 % (plain) apart; "
    "about a fifth of the way is asked."
)
PLAIN_LEVELS = 2.0
LEAST_LEVELS = 0.3


def look(case: Case) -> Seen:
    """The drift of style over a video, as texture against edges and as the part of the picture that is plain."""
    parts = parts_of(case)
    short = too_short(case, parts)
    if short:
        return Seen((_figure("style_drift", None, short), _figure("style_drift_plain", None, short)))
    frames, fps = frames_of(case.video.samples), float(case.video.fps)
    values = np.array([texture_of(sample) for sample in case.video.samples])
    texture, plain = (trend_of(frames, stitched(values[:, column], places_of(case)), parts, fps) for column in (0, 1))
    figures = (
        _figure("style_drift", texture.total),
        _figure("style_drift_per_minute", texture.per_minute),
        _figure("style_drift_plain", 100 * plain.total),
        _figure("style_drift_chance", min(texture.chance, plain.chance)),
    )
    towards = np.sign(texture.total)
    strength = min(towards * texture.total / TEXTURE_NOTICED, -towards * 100 * plain.total / PLAIN_NOTICED_PERCENT)
    sizes = np.minimum(towards * texture.levels / TEXTURE_NOTICED, -towards * 100 * plain.levels / PLAIN_NOTICED_PERCENT)
    curve = curve_of(case, "Texture against the beginning", "log ratio", parts, texture.levels, TEXTURE_NOTICED)
    if strength < 1 or not (texture.is_real or plain.is_real):
        return Seen(figures, (), (curve,))
    change = "from illustrated to photographic" if towards > 0 else "from photographic to illustrated"
    symptom = Symptom(
        "style_drift",
        float(strength),
        f"The style drifts {change}: texture against edges changes by a factor of {np.exp(texture.total):.1f}, the plain part "
        f"of the picture by {100 * plain.total:+.0f} %; chance of that without a trend: "
        f"{chance_words(min(texture.chance, plain.chance))}.",
        stretches_beyond(case, parts, sizes, 1.0),
        tuple(figure.name for figure in figures),
        (("towards_photograph", float(towards)),),
    )
    return Seen(figures, (symptom,), (curve,))


def texture_of(sample: SamplePicture) -> tuple[float, float]:
    """(log ratio of the median step between neighbours to the root mean square one, part of the picture that is plain)."""
    luma = sample.pixels.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    if min(luma.shape) < 2:
        return 0.0, 1.0
    steps = np.hypot(np.diff(luma, axis=1)[:-1], np.diff(luma, axis=0)[:, :-1])
    strong = float(np.sqrt(np.square(steps).mean()))
    texture = float(np.log((np.median(steps) + LEAST_LEVELS) / (strong + LEAST_LEVELS)))
    return texture, float((steps < PLAIN_LEVELS).mean())


_MEANINGS = {
    "style_drift": (
        "log ratio",
        TEXTURE_NOTICED,
        SOURCE,
        "Change of the median step between neighbouring pixels against the root mean square one, first to last piece",
    ),
    "style_drift_per_minute": ("log ratio a minute", None, "", "The same, for a minute"),
    "style_drift_plain": (
        "%",
        PLAIN_NOTICED_PERCENT,
        SOURCE,
        "Change of the part of the picture without texture, of the whole",
    ),
    "style_drift_chance": ("", CHANCE, "Above, the trend may be chance (Mann-Kendall).", "Chance of such a rank order"),
}


def _figure(name: str, value: float | None, why_not: str = "") -> Figure:
    unit, threshold, source, meaning = _MEANINGS[name]
    return Figure(name, value, unit, threshold, source, meaning + ".", why_not)
