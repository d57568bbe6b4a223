"""Colours that change slowly: lightness, hue or colourfulness of the same content, from window to window."""

from __future__ import annotations

import numpy as np

from ..case import Case
from ..drift.tones import Tones, colour_alone, distance_of, tones_of
from ..drift.trend import CHANCE, Trend, trend_of
from ..drift.verdict import chance_words, curve_of, stretches_beyond, too_short, whole_windows
from ..drift.whole_pictures import shown_by_whole
from ..seen import Figure, Seen, Symptom

NOTICED = 4.0
SOURCE = (
    "In pictures of real scenes colours are told apart from about 2.2 dE on, side by side (Stokes, Fairchild and Berns 1992); "
    "over a video the eye adapts, so nearly twice as much is asked."
)


def look(case: Case) -> Seen:
    """The drift of colour over a video, in CIEDE2000."""
    tones = tones_of(case)
    short = too_short(case, tones.parts)
    if short:
        return Seen((_figure("colour_drift", None, short), _figure("colour_drift_per_minute", None, short)))
    fps, reference = float(case.video.fps), tones.reference
    trends = [trend_of(tones.frames, values, tones.parts, fps) for values in _columns(tones)]
    content = _alone(np.array([trend.total for trend in trends]), reference)
    shares = shown_by_whole(case, tones, content)
    totals = content * shares
    size = distance_of(totals[:3], totals[3], reference)
    levels = [shares * _alone(np.array(level), reference) for level in zip(*(trend.levels for trend in trends), strict=True)]
    sizes = np.array([distance_of(level[:3], level[3], reference) for level in levels])
    along = _along(tones, totals, fps)
    back = _alone(np.array([trend.back_at_joins for trend in trends]), reference)
    within = distance_of(back[:3], back[3], reference)
    minutes = case.video.duration_seconds / 60
    figures = (
        _figure("colour_drift", size),
        _figure("colour_drift_per_minute", size / minutes),
        _figure("colour_drift_of_content", distance_of(content[:3], content[3], reference)),
        _figure("colour_drift_chance", along.chance),
        _figure("colour_drift_within_windows", within),
    )
    symptoms = []
    if along.is_real and size >= NOTICED:
        facts = (
            ("lightness", totals[0]),
            ("green_to_red", totals[1]),
            ("blue_to_yellow", totals[2]),
            ("chroma", np.exp(totals[3])),
        )
        symptoms.append(
            Symptom(
                "colour_drift",
                size / NOTICED,
                f"The colours drift by {size:.1f} dE in all ({_what(totals)}); chance of that without a trend: "
                f"{chance_words(along.chance)}.",
                stretches_beyond(case, tones.parts, sizes, min(NOTICED, size)),
                tuple(figure.name for figure in figures),
                tuple((name, float(value)) for name, value in facts),
            )
        )
    elif within >= NOTICED:
        symptoms.append(
            Symptom(
                "colour_drift",
                within / NOTICED,
                f"Within each window the colours drift by {within:.1f} dE ({_what(back)}) and return at its join.",
                whole_windows(case),
                tuple(figure.name for figure in figures),
                (("returns_at_joins", 1.0),),
            )
        )
    curve = curve_of(case, "Colour against the beginning", "dE (CIEDE2000)", tones.parts, sizes, NOTICED)
    return Seen(figures, tuple(symptoms), (curve,))


def _columns(tones: Tones) -> tuple[np.ndarray, ...]:
    return (*tones.lab.T, tones.contrast, tones.chroma)


def _alone(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """(4,) lightness, a*, b*, log chroma of (5,) with the contrast among them, which is taken out."""
    shift, chroma = colour_alone(values[:3], float(values[3]), float(values[4]), reference)
    return np.array([*shift, chroma])


def _along(tones: Tones, totals: np.ndarray, fps: float) -> Trend:
    """The trend of the curves along the direction of the drift."""
    scale = np.array([1, 1, 1, tones.reference[:, 1:].std()])
    values = np.array([_alone(np.array(row), tones.reference) for row in zip(*_columns(tones), strict=True)]) * scale
    direction = totals * scale
    return trend_of(tones.frames, values @ direction / max(float(np.linalg.norm(direction)), 1e-9), tones.parts, fps)


def _what(change: np.ndarray) -> str:
    """The parts of a change that are seen, in words."""
    words = []
    for value, more, less in (
        (change[0], "lighter", "darker"),
        (change[1], "redder", "greener"),
        (change[2], "yellower", "bluer"),
    ):
        if abs(value) >= 1:
            words.append(f"{abs(value):.0f} {more if value > 0 else less}")
    if abs(change[3]) >= 0.05:
        words.append(f"{abs(np.expm1(change[3])) * 100:.0f} % {'more' if change[3] > 0 else 'less'} colourful")
    return ", ".join(words) or "in several directions"


_MEANINGS = {
    "colour_drift": ("dE", NOTICED, SOURCE, "Change of colour from the first to the last piece, CIEDE2000"),
    "colour_drift_per_minute": ("dE a minute", None, "", "The same, for a minute"),
    "colour_drift_of_content": (
        "dE",
        None,
        "",
        "Change of what stays in view; only what whole pictures show, too, counts",
    ),
    "colour_drift_chance": ("", CHANCE, "Above, the trend may be chance (Mann-Kendall).", "Chance of such a rank order"),
    "colour_drift_within_windows": ("dE", NOTICED, SOURCE, "Change within a window that is gone behind its join, median"),
}


def _figure(name: str, value: float | None, why_not: str = "") -> Figure:
    unit, threshold, source, meaning = _MEANINGS[name]
    return Figure(name, value, unit, threshold, source, meaning + ".", why_not)
