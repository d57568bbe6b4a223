"""Curves as SVG."""

from __future__ import annotations

import math
import re
import time

from audio_loop.doctor.report.plot import HEIGHT, LEFT, RIGHT, WIDTH, plot
from audio_loop.doctor.seen import Curve

NAN = float("nan")


def points(svg):
    """The points of each line of the curve."""
    paths = re.findall(r'<path d="M([^"]*)" class="curve">', svg)
    return [[tuple(map(float, point.split())) for point in path.split("L")] for path in paths]


def test_a_curve_lies_within_the_plot_and_higher_values_are_higher():
    ((low, high),) = points(plot(Curve("c", "", (0.0, 10.0), (1.0, 4.0)), (), 10.0))
    assert (low[0], high[0]) == (LEFT, WIDTH - RIGHT)
    assert 0 < high[1] < low[1] < HEIGHT


def test_a_hole_parts_the_line():
    lines = points(plot(Curve("c", "", (0.0, 1.0, 2.0, 3.0, 4.0), (1.0, 2.0, NAN, 2.0, 1.0)), (), 4.0))
    assert [len(line) for line in lines] == [2, 2]


def test_a_lone_value_is_a_dot():
    assert plot(Curve("c", "", (1.0, 2.0), (NAN, 2.0)), (), 4.0).count('class="dot"') == 1


def test_a_long_curve_is_thinned_and_keeps_its_one_spike():
    count = 360_000
    values = [math.sin(k / 1000) for k in range(count)]
    values[123_456] = 50.0
    started = time.process_time()
    svg = plot(Curve("c", "", tuple(k / 25 for k in range(count)), tuple(values)), (), count / 25)
    assert time.process_time() - started < 5
    assert len(svg) < 40_000
    ((*line,),) = points(svg)
    spike = min(line, key=lambda point: point[1])
    assert abs(spike[0] - (LEFT + (WIDTH - LEFT - RIGHT) * 123_456 / count)) < 3


def test_holes_of_a_long_curve_are_kept():
    values = [NAN if 4000 <= k < 6000 else 1.0 * (k % 7) for k in range(10_000)]
    lines = points(plot(Curve("c", "", tuple(map(float, range(10_000))), tuple(values)), (), 10_000.0))
    assert len(lines) == 2


def test_threshold_cuts_and_marks_are_drawn():
    svg = plot(Curve("c", "", (0.0, 4.0), (0.0, 1.0), 5.0, (3.0,)), (1.0, 2.0), 4.0)
    assert svg.count('class="cut"') == 2
    assert svg.count('class="threshold"') == 1
    assert svg.count('class="mark"') == 2


def test_nothing_measured_is_still_a_plot():
    assert points(plot(Curve("c", "", (0.0, 1.0), (NAN, NAN)), (), 1.0)) == []
    assert plot(Curve("c", "", (), ()), (), 0.0).startswith("<svg")
