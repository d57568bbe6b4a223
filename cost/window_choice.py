"""The window length that costs least, within what the model's positions cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..loop_control.errors import PlanError
from ..loop_control.geometry import WindowGeometry, make_geometry
from .architecture import Architecture
from .stage import Stage, flops_per_second

_AS_GOOD_AS = 1.001


@dataclass(frozen=True)
class WindowChoice:
    """A window, and what it costs.

    Attributes:
        seconds: Its target length.
        geometry: Window and stride.
        flops_per_second: Operations for a second of video.
    """

    seconds: int
    geometry: WindowGeometry
    flops_per_second: float


def window_choices(model: Architecture, stage: Stage, overlap_seconds: Fraction, fps: Fraction) -> Iterator[WindowChoice]:
    """Windows of 1, 2, 3 ... s that overlap like this and lie within the model's positions, shortest first."""
    for seconds in range(1, model.position_seconds + 1):
        try:
            geometry = make_geometry(seconds, overlap_seconds, fps)
        except PlanError:
            continue
        yield WindowChoice(seconds, geometry, flops_per_second(model, stage, geometry))


def cheapest_window(model: Architecture, stage: Stage, overlap_seconds: Fraction, fps: Fraction) -> WindowChoice | None:
    """The cheapest of `window_choices`; None if no window is longer than the overlap.

    The longest of those within a thousandth of the least: costs are flat around it, and fewer windows have fewer cuts.
    """
    choices = list(window_choices(model, stage, overlap_seconds, fps))
    if not choices:
        return None
    least = min(choice.flops_per_second for choice in choices)
    as_good = [choice for choice in choices if choice.flops_per_second <= least * _AS_GOOD_AS]
    return max(as_good, key=lambda choice: choice.geometry.window_px)
