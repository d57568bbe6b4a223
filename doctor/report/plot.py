"""A curve as a plot in SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ..seen import Curve
from .svg import Markup, element, joined
from .words import number, short_clock

WIDTH, HEIGHT = 960, 190
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 10, 24
_COLUMNS = 450
"""Points that are drawn at most are twice as many: the lowest and the highest of each column."""

_MOST_DOTS = 80
"""Points of a curve with one for each window, or some, are shown: a lone one would not be seen."""

_TIME_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_MOST_TICKS = 10


def x_of(seconds: float, duration: float) -> float:
    """Horizontal place of a moment."""
    return LEFT + (WIDTH - LEFT - RIGHT) * min(max(seconds / duration, 0.0), 1.0) if duration > 0 else float(LEFT)


def time_axis(duration: float, bottom: float) -> Markup:
    """Times below a plot."""
    step = next((each for each in _TIME_STEPS if duration / each <= _MOST_TICKS), _TIME_STEPS[-1])
    ticks = [k * step for k in range(int(duration / step) + 1)]
    words = [short_clock(tick) if step >= 1 else f"{tick:.1f} s" for tick in ticks]
    return joined(
        element("text", word, x=x_of(tick, duration), y=bottom + 16, text_anchor="middle", class_="tick")
        for tick, word in zip(ticks, words, strict=True)
    )


def plot(curve: Curve, cuts: Sequence[float], duration: float) -> Markup:
    """A curve over the whole video, with the cuts as thin lines, its threshold across, and its marks.

    Args:
        curve: The curve; NaN leaves a hole.
        cuts: Seconds at which a window's new frames begin.
        duration: Length of the video in seconds.
    """
    low, high = _range(curve)
    bottom = HEIGHT - BOTTOM

    def y_of(value: float) -> float:
        return bottom - (bottom - TOP) * (value - low) / (high - low)

    lines = [element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y_of(value), y2=y_of(value), class_="grid") for value in (low, high)]
    labels = [
        element("text", number(value), x=LEFT - 6, y=y_of(value) + 4, text_anchor="end", class_="tick") for value in (low, high)
    ]
    for cut in cuts:
        lines.append(element("line", x1=x_of(cut, duration), x2=x_of(cut, duration), y1=TOP, y2=bottom, class_="cut"))
    for mark in curve.marks:
        x = x_of(mark, duration)
        lines.append(element("path", d=f"M{x - 5:.1f} {TOP - 8} h10 l-5 8 z", class_="mark"))
        lines.append(element("line", x1=x, x2=x, y1=TOP, y2=bottom, class_="mark"))
    if curve.threshold is not None and math.isfinite(curve.threshold):
        y = y_of(curve.threshold)
        lines.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="threshold"))
        is_apart = min(abs(y - y_of(low)), abs(y - y_of(high))) > 12
        if is_apart:
            labels.append(element("text", number(curve.threshold), x=LEFT - 6, y=y + 4, text_anchor="end", class_="tick limit"))
    paths = [element("path", d=path, class_="curve") for path in _paths(curve, duration, y_of)]
    if len(curve.seconds) <= _MOST_DOTS:
        points = ((at, value) for at, value in zip(curve.seconds, curve.values, strict=True) if math.isfinite(value))
        paths += [element("circle", cx=x_of(at, duration), cy=y_of(value), r=2.5, class_="dot") for at, value in points]
    return element(
        "svg",
        *lines,
        *paths,
        *labels,
        time_axis(duration, bottom),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=f"{curve.title}, {curve.unit}" if curve.unit else curve.title,
    )


def _range(curve: Curve) -> tuple[float, float]:
    values = [value for value in curve.values if math.isfinite(value)]
    if curve.threshold is not None and math.isfinite(curve.threshold):
        values.append(curve.threshold)
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low >= 0 and low < high / 2:
        low = 0.0
    if high <= low:
        low, high = low - 0.5, high + 0.5
    return low, high


def _paths(curve: Curve, duration: float, y_of: Callable[[float], float]) -> Iterator[str]:
    run: list[str] = []
    for seconds, value in _thinned(curve, duration):
        if value is None:
            if run:
                yield "M" + "L".join(run)
            run = []
        else:
            run.append(f"{x_of(seconds, duration):.1f} {y_of(value):.1f}")
    if run:
        yield "M" + "L".join(run)


def _thinned(curve: Curve, duration: float) -> Iterator[tuple[float, float | None]]:
    """The points of a curve, of many the lowest and the highest of each column; None is a hole."""
    points = list(zip(curve.seconds, curve.values, strict=True))
    if len(points) <= 2 * _COLUMNS:
        yield from ((seconds, value if math.isfinite(value) else None) for seconds, value in points)
        return
    column: list[tuple[float, float]] = []
    at, was_hole = -1, True
    for seconds, value in points:
        here = int(_COLUMNS * seconds / duration) if duration > 0 else 0
        if here != at:
            yield from _extremes(column)
            if not column and not was_hole:
                yield seconds, None
            was_hole = not column
            column, at = [], here
        if math.isfinite(value):
            column.append((seconds, value))
    yield from _extremes(column)


def _extremes(column: list[tuple[float, float]]) -> list[tuple[float, float | None]]:
    if not column:
        return []
    ends = {min(column, key=lambda point: point[1]), max(column, key=lambda point: point[1])}
    return [(seconds, value) for seconds, value in sorted(ends)]
