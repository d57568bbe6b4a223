from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan
from audio_loop.schedule.parser import ScheduleError, parse_schedule
from audio_loop.schedule.snapping import snap_schedule, snap_to_plan

STRIDE = "17.92"


def snap(text, **options):
    return snap_schedule(parse_schedule(text), STRIDE, **options)


def test_the_boundary_at_1_15_switches_at_iteration_4_and_shows_at_73_64():
    report = snap("0:00: verse\n1:15: chorus", iterations=9, overlap="1.96")
    row = report.rows[1]
    assert (row.asked, row.iteration, row.chosen_at) == (75, 4, Fraction("71.68"))
    assert row.visible_at == Fraction("73.64")
    assert row.shift == Fraction("-3.32")
    assert row.used == ((4, 9),)
    assert [report.assignment(k).value for k in (3, 4)] == ["verse", "chorus"]
    assert "1:11.68" in report.lines()[1]
    assert "1:13.64" in report.lines()[1]


def test_the_window_gives_the_same_visible_time_as_the_overlap():
    assert snap("1:15: a", window="19.88").rows[0].visible_at == Fraction("73.64")


def test_without_overlap_no_visible_time_is_claimed():
    report = snap("0:00: a\n1:15: b")
    assert report.rows[1].visible_at is None
    assert "visible" not in report.lines()[1]


def test_the_initial_render_is_visible_from_zero():
    assert snap("0:00: a", overlap="1.96").rows[0].visible_at == 0


def test_halfway_goes_up_not_to_the_even_iteration():
    text = "0: a\n8.96: b\n44.8: c"
    assert [row.iteration for row in snap(text).rows] == [0, 1, 3]


def test_a_float_stride_is_read_as_its_decimals():
    exact = snap_schedule(parse_schedule("8.96: a"), 17.92)
    assert exact.rows[0].iteration == 1


def test_ends_snap_as_well():
    report = snap("0:00: a\n0:20-0:50: b\n0:50: c")
    assert [report.assignment(k).value for k in range(5)] == ["a", "b", "b", "c", "c"]


def test_a_range_that_begins_and_ends_at_one_switch_is_reported():
    report = snap("0:00-0:36: a\n0:36-0:40: b\n0:40+: c", iterations=9)
    row = report.rows[1]
    assert row.vanished
    assert row.used == ()
    assert "4.0 s" in row.vanished_because
    assert "line 3" in row.vanished_because
    assert [w for w in report.warnings if w.startswith("line 2 never shows")]
    assert "never shows" in report.lines()[1]


def test_a_short_range_in_a_hole_lives_on_in_it():
    report = snap("0:00-0:18: a\n0:36-0:40: b\n1:12+: c")
    assert [report.assignment(k).value for k in range(5)] == ["a", "a", "b", "b", "c"]
    assert not report.rows[1].vanished


def test_an_entry_behind_the_last_iteration_is_reported():
    report = snap("0:00: a\n3:10: b", iterations=9)
    assert "iteration 11" in report.rows[1].vanished_because
    assert "the last is 9" in report.rows[1].vanished_because


def test_an_entry_that_later_lines_cover_is_reported():
    report = snap("0:36-0:54: a\n0:00-2:00: b", iterations=9)
    assert "line 2" in report.rows[0].vanished_because


def test_a_late_first_entry_counts_from_the_initial_render_and_says_so():
    report = snap("0:30: a\n1:15: b", iterations=9)
    assert report.rows[0].used == ((0, 3),)
    assert "nothing comes before it" in report.lines()[0]


def test_a_base_entry_names_where_it_returns():
    report = snap("0:00+: base\n0:36-0:54: chorus", iterations=9)
    assert report.rows[0].used == ((0, 1), (3, 9))
    assert "again from iteration 3" in report.lines()[0]


def test_without_a_known_end_the_last_use_is_open():
    assert snap("0:00: a\n0:36: b").rows[1].used == ((2, None),)


def test_the_plan_brings_all_it_knows():
    plan = make_plan(audio_samples=180 * 8000, sample_rate=8000, window_seconds=19.88, overlap_seconds=2.0, fps=25)
    report = snap_to_plan(parse_schedule("0:00: a\n1:15: b"), plan)
    assert report.rows[1].used == ((4, 9),)
    assert report.rows[1].visible_at == plan.visible_from(4) == Fraction("73.64")


def test_a_schedule_s_own_notes_are_among_the_warnings():
    report = snap("0:00: a\n  0:30: b")
    assert "looks like an entry" in report.warnings[0]
    assert report.warnings[0] in report.lines()


@pytest.mark.parametrize("stride", [0, -1, "0"])
def test_a_stride_that_is_not_above_zero_is_refused(stride):
    with pytest.raises(ScheduleError, match="above 0"):
        snap_schedule(parse_schedule("0: a"), stride)


def test_a_stride_that_is_not_a_number_is_refused():
    with pytest.raises(PlanError, match="stride_seconds"):
        snap_schedule(parse_schedule("0: a"), float("nan"))


def test_contradicting_window_and_overlap_are_refused():
    with pytest.raises(ScheduleError, match=r"1\.96 s"):
        snap("0: a", window="19.88", overlap="3")
    with pytest.raises(ScheduleError, match="gaps"):
        snap("0: a", window="10")


LINES = st.lists(
    st.tuples(st.integers(0, 300), st.one_of(st.none(), st.just("+"), st.integers(1, 90))),
    min_size=1,
    max_size=6,
    unique_by=lambda span: span[0],
)


def schedule_of(spans):
    heads = (str(s) if tail is None else f"{s}+" if tail == "+" else f"{s}-{s + tail}" for s, tail in spans)
    return parse_schedule("\n".join(f"{head}: p{index}" for index, head in enumerate(heads)))


STRIDES = st.fractions(min_value=Fraction(1, 3), max_value=40, max_denominator=100)


@given(LINES, STRIDES, st.integers(0, 60))
def test_unsnapped_is_what_the_schedule_says_at_the_window_s_start(spans, stride, iteration):
    schedule = schedule_of(spans)
    report = snap_schedule(schedule, stride, snap=False)
    assert report.assignment(iteration) is schedule.at(iteration * stride)


@given(LINES, STRIDES)
def test_snapping_moves_nothing_by_more_than_half_a_stride(spans, stride):
    for row in snap_schedule(schedule_of(spans), stride).rows:
        assert abs(row.shift) * 2 <= stride
        assert row.chosen_at == row.iteration * stride


@given(LINES, STRIDES, st.integers(0, 30), st.booleans())
def test_every_entry_is_used_or_reported_and_uses_are_the_assignments(spans, stride, iterations, snapped):
    report = snap_schedule(schedule_of(spans), stride, iterations=iterations, snap=snapped)
    by_rows = {}
    for row in report.rows:
        assert row.vanished == (row.used == ())
        for first, last in row.used:
            for iteration in range(first, last + 1):
                assert iteration not in by_rows
                by_rows[iteration] = row.entry
    assert by_rows == {iteration: report.assignment(iteration) for iteration in range(iterations + 1)}


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True), STRIDES)
def test_times_on_the_grid_do_not_move(iterations, stride):
    text = "\n".join(f"{k * stride.numerator}: p{k}" for k in iterations)
    # `stride.numerator` is a whole number of strides, so each start lies on the grid.
    report = snap_schedule(parse_schedule(text), stride)
    assert all(row.shift == 0 for row in report.rows)
