"""The order of symptoms: the strongest first, and behind them what another one explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .kinds import Kind
from .seen import Symptom

EXPLAINED_BY: Mapping[Kind, tuple[Kind, ...]] = {
    # A scene that comes at another time than it is written, and a window that is wrong in itself, begin and end with a cut.
    "visible_cut": ("schedule_timing", "odd_window", "black_window", "frozen_window", "missing_frames"),
}
"""Kind -> kinds at whose beginnings and ends it is seen, too."""

BESIDE: Mapping[Kind, tuple[Kind, ...]] = {
    # What changes at once, at a join or for one window, does not drift; among few windows it looks as if it did.
    "identity_drift": ("visible_cut", "odd_window"),
}
"""Kind -> kinds beside which it is not believed first, wherever they are."""

_NEAR_SECONDS = 0.4
"""Half a latent of frames more than a join reaches: about ten frames."""


def in_order(symptoms: Sequence[Symptom]) -> tuple[Symptom, ...]:
    """Symptoms, the strongest first; those that others explain stand behind all that stand for themselves."""
    return tuple(sorted(symptoms, key=lambda symptom: (_is_explained(symptom, symptoms), -symptom.strength)))


def _is_explained(symptom: Symptom, all_seen: Sequence[Symptom]) -> bool:
    """Whether one that explains it is there, or begins or ends at its worst moment, from which it has its strength."""
    beside = BESIDE.get(symptom.kind, ())
    if any(other.kind in beside for other in all_seen):
        return True
    kinds = EXPLAINED_BY.get(symptom.kind, ())
    if not (kinds and symptom.stretches):  # A drift just noticed in all may be below that in every piece.
        return False
    edges = [
        edge
        for other in all_seen
        if other.kind in kinds
        for stretch in other.stretches
        for edge in (stretch.start_seconds, stretch.end_seconds)
    ]
    worst = symptom.stretches[0].start_seconds
    return any(abs(worst - edge) <= _NEAR_SECONDS for edge in edges)
