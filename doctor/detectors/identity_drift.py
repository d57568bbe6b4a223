"""The subject slowly becomes another, while the background stays what it is.

The symptom needs no model: its signature is the layout of colours of what stays in the middle of the picture, less what became
of the colours of the whole. It sees skin, hair, beard and clothes; it does not see features of the same colours. If DINOv3 is
on this machine, its likeness of the subject stands beside it, without a threshold: none was measured yet.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...watching.watched_video import SAMPLES_PER_SECOND
from ..case import Case
from ..drift.pairs import frames_of, places_of
from ..drift.parts import DriftPiece, parts_of
from ..drift.subject import subject_of
from ..drift.subject_likeness import likeness_at_end
from ..drift.trend import CHANCE, trend_of
from ..drift.verdict import SHORTEST_SECONDS, chance_words, curve_of, stretches_beyond, too_short
from ..seen import Figure, Seen, Symptom

NOTICED = 5.5
SOURCE = (
    "Set on footage made for tests, in which 5.5 dE part another person from the same one; a median asks that most of the "
    "subject changed by as much."
)
LEAST_KNOWN = 0.7
SIGNATURE = "layout of colours in the middle of the picture; no model of faces"


def look(case: Case) -> Seen:
    """The drift of the subject in the place that is shown most, as the median change of colour of its cells."""
    parts = parts_of(case)
    short = too_short(case, parts)
    if short:
        return Seen((_figure("identity_drift", None, short),))
    frames, fps = frames_of(case.video.samples), float(case.video.fps)
    there = _longest_place(case)
    if np.count_nonzero(there) < SHORTEST_SECONDS * SAMPLES_PER_SECOND:
        why = f"no place is shown for {SHORTEST_SECONDS:g} s, and the colours of two places cannot be compared"
        return Seen((_figure("identity_drift", None, why),))
    found = [change_of(frames[there], cells[there], parts, fps) for cells in subject_of(case)]
    shown = sum(bool(np.any((frames[there] >= part.start_px) & (frames[there] < part.stop_px))) for part in parts)
    if min(change.pieces for change in found) < LEAST_KNOWN * shown:
        return Seen((_figure("identity_drift", None, "nothing stays in the middle of the picture that could be a subject"),))
    size, chance = min(change.size for change in found), max(change.chance for change in found)
    sizes = np.fmin.reduce([change.sizes for change in found])
    likeness = likeness_at_end(case.video.samples, there)
    value, why_not = (None, likeness) if isinstance(likeness, str) else (likeness, "")
    figures = (
        _figure("identity_drift", size),
        _figure("identity_drift_per_minute", size / (case.video.duration_seconds / 60)),
        _figure("identity_drift_chance", chance),
        _figure("subject_likeness", value, why_not),
    )
    curve = curve_of(case, "Subject against the beginning", "dE", parts, sizes, NOTICED)
    if size < NOTICED or chance > CHANCE:
        return Seen(figures, (), (curve,))
    symptom = Symptom(
        "identity_drift",
        size / NOTICED,
        f"The subject becomes another: most of it changes colour by {size:.0f} dE more than the rest ({SIGNATURE}); "
        f"chance of that without a trend: {chance_words(chance)}.",
        stretches_beyond(case, parts, sizes, NOTICED),
        tuple(figure.name for figure in figures),
    )
    return Seen(figures, (symptom,), (curve,))


def _longest_place(case: Case) -> np.ndarray:
    """(M,) True for the samples of the place that most of them show."""
    places = places_of(case)
    most: np.ndarray = places == np.bincount(places).argmax()
    return most


@dataclass(frozen=True)
class CellChange:
    """A change of cells.

    Attributes:
        pieces: Number of pieces in which they are known.
        sizes: (P,) median change against the beginning in each piece.
        size: Median change from the beginning to the end, less if the pieces between go to and fro.
        chance: Of the rank order along that way.
    """

    pieces: int
    sizes: np.ndarray
    size: float
    chance: float


def change_of(frames: np.ndarray, cells: np.ndarray, parts: Sequence[DriftPiece], fps: float) -> CellChange:
    """The change of cells (M, K, 3) over the pieces of a video; NaN is no value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        pieces = np.array([np.nanmedian(cells[(frames >= part.start_px) & (frames < part.stop_px)], axis=0) for part in parts])
    known = pieces[np.isfinite(pieces[:, 0, 0])]
    if not len(known):
        return CellChange(0, np.full(len(parts), np.nan), 0.0, 1.0)
    start, end = known[:2].mean(0), known[-2:].mean(0)
    way = end - start
    length = max(float(np.sqrt(np.square(way).sum())), 1e-9)
    along = trend_of(frames, ((cells - start) * way).sum((1, 2)) / length, parts, fps)
    sizes = np.median(np.sqrt(np.square(pieces - start).sum(-1)), axis=1)
    shares = ((known - start) * way).sum((1, 2)) / length**2
    straight = float(np.clip(1 - 2 * np.median(np.abs(shares - np.linspace(0, 1, len(shares)))), 0, 1))
    return CellChange(len(known), sizes, float(np.median(np.sqrt(np.square(way).sum(-1)))) * straight, along.chance)


_MEANINGS = {
    "identity_drift": (
        "dE",
        NOTICED,
        SOURCE,
        f"Median change of colour of the subject, less that of the picture ({SIGNATURE})",
    ),
    "identity_drift_per_minute": ("dE a minute", None, "", "The same, for a minute"),
    "subject_likeness": (
        "",
        None,
        "",
        "Cosine of the subject at the end of the longest place to that at its beginning, by DINOv3; 1 is the same picture",
    ),
    "identity_drift_chance": ("", CHANCE, "Above, the trend may be chance (Mann-Kendall).", "Chance of such a rank order"),
}


def _figure(name: str, value: float | None, why_not: str = "") -> Figure:
    unit, threshold, source, meaning = _MEANINGS[name]
    return Figure(name, value, unit, threshold, source, meaning + ".", why_not)
