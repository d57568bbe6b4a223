"""Sharpness that changes slowly: the finest detail goes, or comes, from window to window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import SamplePicture, WatchedVideo
from ..case import Case
from ..drift.pairs import ZOOM_TIMES, frames_of, places_of, zoom_until
from ..drift.parts import parts_of
from ..drift.trend import CHANCE, percent_of, stitched, trend_of
from ..drift.verdict import chance_words, curve_of, stretches_beyond, too_short, whole_windows
from ..seen import Figure, Seen, Symptom

NOTICED_PERCENT = 13.0
SOURCE = (
    "A blur of 0.4 pixels is told from none where a pixel is one minute of arc (Watson and Ahumada 2011); 0.5 pixels took "
    "5 to 15 % of what is finer than three pixels from three photographs."
)


def look(case: Case) -> Seen:
    """The drift of sharpness over a video, in percent of the first piece's."""
    parts = parts_of(case)
    short = too_short(case, parts)
    if short:
        return Seen((_figure("sharpness_drift", None, short), _figure("sharpness_drift_per_minute", None, short)))
    frames = frames_of(case.video.samples)
    logs = stitched(without_zoom(fineness(case.video), ZOOM_TIMES * zoom_until(case.video)), places_of(case))
    trend = trend_of(frames, logs, parts, float(case.video.fps))
    total, within = float(np.expm1(trend.total)), float(np.expm1(trend.back_at_joins))
    size, size_within = percent_of(trend.total), percent_of(trend.back_at_joins)
    figures = (
        _figure("sharpness_drift", 100 * total),
        _figure("sharpness_drift_per_minute", 100 * float(np.expm1(trend.per_minute))),
        _figure("sharpness_drift_chance", trend.chance),
        _figure("sharpness_drift_within_windows", 100 * within),
    )
    names = tuple(figure.name for figure in figures)
    sizes = np.array([percent_of(level) for level in trend.levels])
    symptoms = []
    if trend.is_real and size >= NOTICED_PERCENT:
        symptoms.append(
            Symptom(
                "sharpness_drift",
                size / NOTICED_PERCENT,
                f"The finest detail {_verb(total)} by {abs(total) * 100:.0f} % in all; chance of that without a "
                f"trend: {chance_words(trend.chance)}.",
                stretches_beyond(case, parts, sizes, NOTICED_PERCENT),
                names,
                (("ratio", 1 + total),),
            )
        )
    elif size_within >= NOTICED_PERCENT:
        symptoms.append(
            Symptom(
                "sharpness_drift",
                size_within / NOTICED_PERCENT,
                f"Within each window the finest detail {_verb(within)} by {abs(within) * 100:.0f} % and returns at its join.",
                whole_windows(case),
                names,
                (("returns_at_joins", 1.0), ("ratio", 1 + within)),
            )
        )
    values = 100 * np.expm1(trend.levels)
    return Seen(figures, tuple(symptoms), (curve_of(case, "Sharpness against the beginning", "%", parts, values, None),))


def fineness(video: WatchedVideo) -> NDArray[np.float64]:
    """(M,) logarithm of the finest detail at full size against the edges of the small picture of the same moment.

    Both grow alike with contrast and with what is in view; only what is finer than the small picture's pixels differs.
    """
    reach = max(1, round(float(video.fps) / 4))
    fine = np.array(
        [np.median(video.frames.sharpness[max(0, s.frame - reach) : s.frame + reach + 1]) for s in video.samples], np.float64
    )
    coarse = np.array([edges_of(sample) for sample in video.samples])
    ratios: NDArray[np.float64] = np.log(np.maximum(fine, 1e-4)) - np.log(np.maximum(coarse, 1e-4))
    return ratios


def without_zoom(logs: NDArray[np.float64], zoom: NDArray[np.float64]) -> NDArray[np.float64]:
    """(M,) logarithms of fineness less what a zoom explains: the same surface, larger, has less that is fine."""
    change = logs - np.median(logs[:4])
    explained = np.clip(change, np.minimum(-zoom, 0), np.maximum(-zoom, 0))
    rest: NDArray[np.float64] = logs - explained
    return rest


def edges_of(sample: SamplePicture) -> float:
    """Root mean square step of luma between neighbours of a small picture, of white."""
    luma = sample.pixels.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32) / 255
    across, down = np.diff(luma, axis=1), np.diff(luma, axis=0)
    return float(np.sqrt(np.square(across).mean() + np.square(down).mean())) if min(luma.shape) > 1 else 0.0


def _verb(change: float) -> str:
    return "grows" if change > 0 else "fades"


_MEANINGS = {
    "sharpness_drift": (
        "%",
        NOTICED_PERCENT,
        SOURCE,
        "Change of what is finer than three pixels against the edges of the small pictures, first to last piece",
    ),
    "sharpness_drift_per_minute": ("% a minute", None, "", "The same, for a minute"),
    "sharpness_drift_chance": ("", CHANCE, "Above, the trend may be chance (Mann-Kendall).", "Chance of such a rank order"),
    "sharpness_drift_within_windows": (
        "%",
        NOTICED_PERCENT,
        SOURCE,
        "Change within a window that is gone behind its join, median",
    ),
}


def _figure(name: str, value: float | None, why_not: str = "") -> Figure:
    unit, threshold, source, meaning = _MEANINGS[name]
    return Figure(name, value, unit, threshold, source, meaning + ".", why_not)
