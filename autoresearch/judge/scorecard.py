"""The scorecard of a video: everything that can be measured, by name, each with a status.

For a metric `NAME` there is its value, or None, and `NAME_status`: "ok", "not_measured: why", or of models that are not
installed "model_unavailable: why". No metric has a value that was not measured.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any, cast

from ...doctor.case import Case
from ...doctor.examine import Examination, examine
from ...watching.watch import watch
from . import extras
from .exhibit import Exhibit
from .sage_summary import sage_summary

PRIMARY_METRIC = "worst_symptom_strength"
"""Strength of the strongest symptom, 0 if there is none. Strengths are the one scale that all symptoms share (1 is what a
viewer begins to notice), every video has it without any model, and a change that mends one thing and spoils another does not
make it better. An experiment about one symptom names that symptom's own metric instead."""

OK = "ok"

Extra = Callable[[Exhibit], Mapping[str, Any]]


def score(exhibit: Exhibit) -> dict[str, Any]:
    """Judges a video.

    Args:
        exhibit: The video and what is known of it.

    Returns:
        Metric -> value; statuses and a few lists among them, all as JSON has them.

    Raises:
        WatchError: The file is no video that can be watched.
    """
    video = watch(exhibit.video)
    case = Case(video, exhibit.plan, exhibit.song, exhibit.schedule)
    metrics = {**_examined(examine(case)), **_speed(exhibit), **sage_summary(exhibit.attention)}
    metrics |= {"frames": len(video.frames), "frames_status": OK, "damage": video.damage}
    for measure in all_extras().values():
        metrics |= measure(exhibit)
    return metrics


def all_extras() -> dict[str, Extra]:
    """Judges that need models of their own, by the name of their file."""
    names = sorted(info.name for info in pkgutil.iter_modules(extras.__path__))
    return {name: cast(Extra, importlib.import_module(f"{extras.__name__}.{name}").measure) for name in names}


def measured(name: str, value: float | None, otherwise: str) -> dict[str, Any]:
    """A metric and its status.

    Args:
        name: Of the metric.
        value: Its value; None if there is none.
        otherwise: Why there is none.
    """
    return {name: value, f"{name}_status": OK if value is not None else f"not_measured: {otherwise}"}


def _examined(examination: Examination) -> dict[str, Any]:
    metrics: dict[str, Any] = {}
    for figure in examination.figures:
        metrics |= measured(figure.name, figure.value, figure.not_measured)
    strengths = {f"{symptom.kind}_strength": symptom.strength for symptom in reversed(examination.symptoms)}
    worst = max(strengths.values(), default=0.0)
    kinds = [symptom.kind for symptom in examination.symptoms]
    return {**metrics, **strengths, **measured(PRIMARY_METRIC, worst, ""), "symptoms": kinds}


def _speed(exhibit: Exhibit) -> dict[str, Any]:
    """Time of the whole render over its windows: loading, encoding and decoding are in it."""
    name = "seconds_per_window"
    if exhibit.seconds is None or exhibit.plan is None:
        return measured(name, None, "the time of the render or its plan is not known")
    return measured(name, exhibit.seconds / (exhibit.plan.iterations + 1), "")
