"""One video, before all detectors."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from . import detectors
from .case import Case
from .explained import in_order
from .seen import Curve, Figure, Seen, Symptom

Detector = Callable[[Case], Seen]


@dataclass(frozen=True)
class Examination:
    """The sights of all detectors.

    Attributes:
        figures: Every number.
        symptoms: What is wrong, the strongest first; what another one explains stands behind.
        curves: For the report.
    """

    figures: tuple[Figure, ...]
    symptoms: tuple[Symptom, ...]
    curves: tuple[Curve, ...]


def all_detectors() -> dict[str, Detector]:
    """The detectors by the name of their file."""
    names = sorted(info.name for info in pkgutil.iter_modules(detectors.__path__))
    return {name: cast(Detector, importlib.import_module(f"{detectors.__name__}.{name}").look) for name in names}


def examine(case: Case) -> Examination:
    """Shows a case to every detector."""
    seen = [look(case) for look in all_detectors().values()]
    symptoms = in_order([symptom for one in seen for symptom in one.symptoms])
    figures = tuple(figure for one in seen for figure in one.figures)
    return Examination(figures, symptoms, tuple(curve for one in seen for curve in one.curves))
