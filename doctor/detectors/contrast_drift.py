"""Contrast that changes slowly: the same content becomes harder or flatter from window to window."""

from __future__ import annotations

import numpy as np

from ..case import Case
from ..drift.tones import agreement, contrast_alone, tones_of
from ..drift.trend import CHANCE, percent_of, trend_of
from ..drift.verdict import chance_words, curve_of, stretches_beyond, too_short, whole_windows
from ..seen import Figure, Seen, Symptom

NOTICED_PERCENT = 8.0
SOURCE = (
    "Contrasts well above the threshold of vision are told apart from 5 to 10 % on, in complex pictures too "
    "(Peli 1990; Haun and Peli 2013)."
)

SHARED_PERCENT = 60.0


def look(case: Case) -> Seen:
    """The drift of contrast over a video, in percent of the first piece's."""
    tones = tones_of(case)
    short = too_short(case, tones.parts)
    if short:
        return Seen((_figure("contrast_drift", None, short), _figure("contrast_drift_per_minute", None, short)))
    fps = float(case.video.fps)
    alone = np.array(
        [contrast_alone(log, light, tones.reference) for log, light in zip(tones.contrast, tones.lab[:, 0], strict=True)]
    )
    trend = trend_of(tones.frames, alone, tones.parts, fps)
    total, within = float(np.expm1(trend.total)), float(np.expm1(trend.back_at_joins))
    size, size_within = percent_of(trend.total), percent_of(trend.back_at_joins)
    shared = agreement(tones, trend.total, fps)
    figures = (
        _figure("contrast_drift", 100 * total),
        _figure("contrast_drift_per_minute", 100 * float(np.expm1(trend.per_minute))),
        _figure("contrast_drift_chance", trend.chance),
        _figure("contrast_drift_within_windows", 100 * within),
        _figure("contrast_drift_agreement", 100 * shared),
    )
    names = tuple(figure.name for figure in figures)
    sizes = np.array([percent_of(level) for level in trend.levels])
    symptoms = []
    if trend.is_real and size >= NOTICED_PERCENT and 100 * shared >= SHARED_PERCENT:
        symptoms.append(
            Symptom(
                "contrast_drift",
                size / NOTICED_PERCENT,
                f"Contrast {_verb(total)} by {abs(total) * 100:.0f} % in all; chance of that without a trend: "
                f"{chance_words(trend.chance)}.",
                stretches_beyond(case, tones.parts, sizes, NOTICED_PERCENT),
                names,
                (("ratio", 1 + total),),
            )
        )
    elif size_within >= NOTICED_PERCENT:
        symptoms.append(
            Symptom(
                "contrast_drift",
                size_within / NOTICED_PERCENT,
                f"Within each window contrast {_verb(within)} by {abs(within) * 100:.0f} % and returns at its join.",
                whole_windows(case),
                names,
                (("returns_at_joins", 1.0), ("ratio", 1 + within)),
            )
        )
    values = 100 * np.expm1(trend.levels)
    return Seen(figures, tuple(symptoms), (curve_of(case, "Contrast against the beginning", "%", tones.parts, values, None),))


def _verb(change: float) -> str:
    return "rises" if change > 0 else "falls"


_MEANINGS = {
    "contrast_drift": (
        "%",
        NOTICED_PERCENT,
        SOURCE,
        "Change of the deviation of lightness of the same content, first to last piece, less what exposure explains",
    ),
    "contrast_drift_per_minute": ("% a minute", None, "", "The same, for a minute"),
    "contrast_drift_chance": ("", CHANCE, "Above, the trend may be chance (Mann-Kendall).", "Chance of such a rank order"),
    "contrast_drift_agreement": (
        "% of the picture",
        SHARED_PERCENT,
        "Below, something in the picture changed, as a person who becomes another, and not the picture.",
        "Part of the picture whose contrast changes as much as the whole's, by half to one and a half of it",
    ),
    "contrast_drift_within_windows": (
        "%",
        NOTICED_PERCENT,
        SOURCE,
        "Change within a window that is gone behind its join, median",
    ),
}


def _figure(name: str, value: float | None, why_not: str = "") -> Figure:
    unit, threshold, source, meaning = _MEANINGS[name]
    return Figure(name, value, unit, threshold, source, meaning + ".", why_not)
