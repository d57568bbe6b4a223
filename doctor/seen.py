"""The outcome of a detector: figures always, symptoms if something is wrong, curves for the report."""

from __future__ import annotations

from dataclasses import dataclass

from .kinds import Kind


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        name: As `cut_visibility`, once in a diagnosis; what it is goes into `meaning`.
        value: The number; None if it could not be measured.
        unit: As "s", "dB", "%", "times an ordinary frame"; "" for a bare count or ratio.
        threshold: From where on it is a symptom; None if no symptom hangs on it.
        source: Origin of the threshold, a sentence.
        meaning: What is measured, a sentence.
        not_measured: Why there is no number; "" if there is one.
    """

    name: str
    value: float | None
    unit: str
    threshold: float | None
    source: str
    meaning: str
    not_measured: str = ""


@dataclass(frozen=True)
class Stretch:
    """A piece of the video.

    Attributes:
        start_seconds: Its start.
        end_seconds: One past its last frame. A single moment is one frame long.
        window: Number of the window whose new frames it lies in; None if there is no plan.
    """

    start_seconds: float
    end_seconds: float
    window: int | None = None


@dataclass(frozen=True)
class Symptom:
    """One thing that is wrong.

    Attributes:
        kind: What.
        strength: How far beyond its threshold, 1 and up, comparable among kinds: 2 is twice what a viewer begins to notice.
        words: What is seen, one sentence with its numbers.
        stretches: Where, the worst first; a whole video is one stretch.
        figures: Names of the figures that it rests on.
        facts: Numbers that causes and mending need, by name, such as the period of a pulse in frames.
    """

    kind: Kind
    strength: float
    words: str
    stretches: tuple[Stretch, ...]
    figures: tuple[str, ...]
    facts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Curve:
    """A plot of the report.

    Attributes:
        title: What it shows.
        unit: Of the values.
        seconds: When each value is.
        values: The values; NaN leaves a hole.
        threshold: A line across, or None.
        marks: Moments in seconds to mark.
    """

    title: str
    unit: str
    seconds: tuple[float, ...]
    values: tuple[float, ...]
    threshold: float | None = None
    marks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Seen:
    """Everything that one detector saw.

    Attributes:
        figures: Its numbers, whether or not anything is wrong.
        symptoms: What is wrong.
        curves: For the report.
    """

    figures: tuple[Figure, ...]
    symptoms: tuple[Symptom, ...] = ()
    curves: tuple[Curve, ...] = ()
