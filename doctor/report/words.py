"""Numbers, times and names as people read them."""

from __future__ import annotations

import math

from ..kinds import Kind
from ..seen import Figure, Stretch

NAMES: dict[Kind, str] = {
    "decode_tile_pulse": "Pulse of decoder tiles",
    "visible_cut": "Visible cut",
    "odd_window": "One odd window",
    "frozen_start": "Frozen start",
    "frozen_window": "Frozen window",
    "black_window": "Black window",
    "duplicated_frames": "Doubled frames",
    "missing_frames": "Missing frames",
    "colour_drift": "Colour drift",
    "contrast_drift": "Contrast drift",
    "sharpness_drift": "Sharpness drift",
    "style_drift": "Style drift",
    "identity_drift": "Identity drift",
    "zoom_creep": "Creeping zoom",
    "audio_offset": "Sound too early or late",
    "audio_drift": "Sound that drifts",
    "lip_sync": "Mouth against sound",
    "dull_audio": "Dull sound",
    "schedule_timing": "Prompts at other times",
}
"""Symptoms as headings."""


_NOTHING = 1e-6
"""A number so near to zero is zero but for rounding."""


def clock(seconds: float) -> str:
    """A moment as 1:04.20."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000}:{hundredths % 6000 / 100:05.2f}"


def short_clock(seconds: float) -> str:
    """A moment as 1:04."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"


def number(value: float | None) -> str:
    """A number with three digits that count."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == round(value) and abs(value) < 1e6:
        return f"{value:.0f}"
    return "0" if abs(value) < _NOTHING else f"{value:.3g}"


def with_unit(value: float | None, unit: str) -> str:
    """A number and its unit; a unit that is a phrase stands behind it as well."""
    text = number(value)
    return f"{text} {unit}" if unit and text != "–" else text


def place(stretch: Stretch) -> str:
    """A stretch as "0:19.88 to 0:37.80 (window 1)"; one of a frame or two is a moment."""
    text = clock(stretch.start_seconds)
    if stretch.end_seconds - stretch.start_seconds > 0.2:
        text = f"{text} to {clock(stretch.end_seconds)}"
    return text if stretch.window is None else f"{text} (window {stretch.window})"


def value_of(figure: Figure) -> str:
    """The value of a figure with its unit, or why there is none."""
    return with_unit(figure.value, figure.unit) if figure.value is not None else f"not measured: {figure.not_measured}"
