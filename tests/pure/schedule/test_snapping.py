from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan
from audio_loop.schedule.parser import ScheduleError, parse_schedule
from audio_loop.schedule.snapping import snap_schedule, snap_to_plan
from audio_loop.schedule.spans import changes

STRIDE = "17.92"


def snap(text, **options):
    return snap_schedule(parse_schedule(text), STRIDE, **options)


def shift(report, row):
    """How late an entry comes, negative if early."""
    return report.grid.time(row.window) - row.asked


def test_by_the_older_rule_the_error_is_counted_from_the_window_s_start():
    report = snap("0:00: verse\n1:15: chorus", iterations=9, overlap="1.96", snap_to="window_start")
    row = report.rows[1]
    assert (row.asked, row.window, report.grid.start(4)) == (75, 4, Fraction("71.68"))
    assert report.visible_from(4) == Fraction("73.64")
    assert shift(report, row) == Fraction("-3.32")
    assert row.used == ((4, 9),)
    assert [report.assignment(k).value for k in (3, 4)] == ["verse", "chorus"]
    assert "1:11.68" in report.lines()[1]
    assert "1:13.64" in report.lines()[1]


def test_an_entry_goes_to_the_window_that_is_seen_nearest_to_it():
    """Cuts are at 19.88, 37.80, 55.72 s. By their starts (17.92, 35.84, 53.76) the nearest to 45 s would be the third."""
    report = snap("0:00: verse\n0:45: chorus", iterations=9, overlap="1.96")
    row = report.rows[1]
    assert (row.window, report.grid.start(2), report.visible_from(2)) == (2, Fraction("35.84"), Fraction("37.80"))
    assert shift(report, row) == Fraction("-7.2")
    assert row.used == ((2, 9),)
    assert report.lines()[1] == "line 2, asked for 0:45.00: from window 2 on, visible from 0:37.80 (7.2 s earlier)."
    older = snap("0:00: verse\n0:45: chorus", iterations=9, overlap="1.96", snap_to="window_start")
    assert older.visible_from(older.rows[1].window) == Fraction("55.72")
    assert "starts at 0:53.76, 8.76 s later" in older.lines()[1]


@pytest.mark.parametrize(
    ("seconds", "window"),
    [("0", 0), ("9.93", 0), ("9.94", 1), ("19.88", 1), ("28.83", 1), ("28.84", 2), ("45", 2), ("46.76", 3), ("75", 4)],
)
def test_the_initial_render_is_seen_from_0_and_others_from_one_overlap_behind_their_start(seconds, window):
    assert snap(f"{seconds}: b", overlap="1.96").rows[0].window == window


def test_unsnapped_each_window_takes_what_holds_when_it_is_seen():
    report = snap("0:00: a\n0:19.88: b\n0:37.81: c", overlap="1.96", snap=False)
    assert [report.assignment(k).value for k in range(5)] == ["a", "b", "b", "c", "c"]


def test_without_the_overlap_the_older_rule_is_in_force_and_the_report_says_so():
    report = snap("0:00: verse\n0:45: chorus", iterations=9)
    assert report.snap_to == "window_start"
    assert report.rows[1].window == 3
    assert "the overlap is not known" in report.lines()[-1]
    assert "the overlap is not known" not in "".join(snap("0: a", snap_to="window_start").lines())


def test_a_rule_that_is_none_is_refused():
    with pytest.raises(ScheduleError, match="'visible' or 'window_start'"):
        snap("0: a", snap_to="nearest")


def test_the_window_gives_the_same_visible_time_as_the_overlap():
    report = snap("1:15: a", window="19.88")
    assert report.visible_from(report.rows[0].window) == Fraction("73.64")


def test_without_overlap_no_visible_time_is_claimed():
    report = snap("0:00: a\n1:15: b")
    assert report.visible_from(report.rows[1].window) is None
    assert "visible" not in report.lines()[1]


def test_the_initial_render_is_visible_from_zero():
    assert snap("0:00: a", overlap="1.96").visible_from(0) == 0


def test_halfway_goes_up_not_to_the_even_window():
    text = "0: a\n8.96: b\n44.8: c"
    assert [row.window for row in snap(text).rows] == [0, 1, 3]


def test_a_float_stride_is_read_as_its_decimals():
    exact = snap_schedule(parse_schedule("8.96: a"), 17.92)
    assert exact.rows[0].window == 1


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
    assert "never shows" in report.lines()[0]


def visible(text, iterations=9):
    return snap(text, iterations=iterations, overlap="1.96")


def windows(report):
    return [report.assignment(k).value for k in range(report.iterations + 1)]


def test_an_entry_that_shares_its_nearest_window_takes_the_nearest_free_one():
    report = visible("0:00-0:36: a\n0:36-0:40: b\n0:40+: c")
    assert windows(report) == ["a", "b", "c", "c", "c", "c", "c", "c", "c", "c"]
    assert report.visible_from(report.rows[1].window) == Fraction("19.88")  # and it is seen until 37.80
    assert "the nearest free window" in report.lines()[1]
    assert "4.0 s begin and end at the same switch" in report.warnings[0]


def test_a_free_window_is_taken_from_what_goes_on_and_given_back():
    report = visible("0:00+: base\n1:14-1:16: flash")
    assert windows(report) == ["base"] * 4 + ["flash"] + ["base"] * 5
    assert report.rows[0].used == ((0, 3), (5, 9))


def test_no_entry_begins_later_or_is_lost_for_one_that_takes_a_free_window():
    report = visible("0:00: a\n0:17: b\n0:20: c\n0:37: d\n0:55: e")
    assert report.rows[1].vanished  # 19.88 is taken by c, and the windows beside it begin a and d
    assert "no window near is free" in report.warnings[0]
    assert report.lines()[0].startswith("line 2, asked for 0:17.00: never shows")
    assert windows(report)[:4] == ["a", "c", "d", "e"]


def test_an_entry_whose_nearest_window_is_not_made_takes_the_last():
    report = visible("0:00: a\n2:58: b")
    assert report.rows[1].used == ((9, 9),)


def test_an_entry_behind_the_end_of_the_video_takes_no_window():
    plan = make_plan(audio_samples=165 * 8000, sample_rate=8000, window_seconds=19.88, overlap_seconds=2.0, fps=25)
    report = snap_to_plan(parse_schedule("0:00: a\n2:46: b\n2:44: c"), plan)
    assert report.rows[1].vanished_because == "it would begin behind the end of the video, 2:45.00."
    assert report.assignment(plan.iterations).value == "c"  # seen from 2:43.24


def test_by_the_older_rule_no_free_window_is_given():
    report = snap("0:00-0:36: a\n0:36-0:40: b\n0:40+: c", iterations=9, overlap="1.96", snap_to="window_start")
    assert report.rows[1].vanished
    assert report.lines()[0].startswith("line 2, asked for 0:36.00: never shows")


def test_a_schedule_that_ends_before_the_song_is_told():
    assert "nothing is scheduled from 0:40.00 on: line 1 goes on to the end." in visible("0:00-0:40: a").warnings
    assert not visible("0:00-5:00: a").warnings


def test_a_short_range_in_a_hole_lives_on_in_it():
    report = snap("0:00-0:18: a\n0:36-0:40: b\n1:12+: c")
    assert [report.assignment(k).value for k in range(5)] == ["a", "a", "b", "b", "c"]
    assert not report.rows[1].vanished


def test_an_entry_behind_the_last_window_is_reported():
    report = snap("0:00: a\n3:10: b", iterations=9)
    assert "window 11" in report.rows[1].vanished_because
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
    assert "again from window 3" in report.lines()[0]


def test_without_a_known_end_the_last_use_is_open():
    assert snap("0:00: a\n0:36: b").rows[1].used == ((2, None),)


def test_the_plan_brings_all_it_knows():
    plan = make_plan(audio_samples=180 * 8000, sample_rate=8000, window_seconds=19.88, overlap_seconds=2.0, fps=25)
    report = snap_to_plan(parse_schedule("0:00: a\n1:15: b"), plan)
    assert report.rows[1].used == ((4, 9),)
    assert report.visible_from(4) == plan.visible_from(4) == Fraction("73.64")


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
def test_unsnapped_is_what_the_schedule_says_at_the_window_s_start(spans, stride, window):
    schedule = schedule_of(spans)
    report = snap_schedule(schedule, stride, snap=False)
    assert report.assignment(window) is schedule.at(window * stride)


@given(LINES, STRIDES)
def test_snapping_moves_nothing_by_more_than_half_a_stride(spans, stride):
    report = snap_schedule(schedule_of(spans), stride)
    for row in report.rows:
        assert abs(row.window * stride - row.asked) * 2 <= stride


OVERLAPS = st.one_of(st.none(), st.fractions(min_value=Fraction(1, 60), max_value=4, max_denominator=60))


@given(LINES, STRIDES, st.integers(0, 30), st.booleans(), OVERLAPS)
def test_every_entry_is_used_or_reported_and_uses_are_the_assignments(spans, stride, iterations, snapped, overlap):
    report = snap_schedule(schedule_of(spans), stride, iterations=iterations, snap=snapped, overlap=overlap)
    by_rows = {}
    for row in report.rows:
        assert row.vanished == (row.used == ())
        for first, last in row.used:
            for window in range(first, last + 1):
                assert window not in by_rows
                by_rows[window] = row.entry
    assert by_rows == {window: report.assignment(window) for window in range(iterations + 1)}


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True), STRIDES)
def test_times_on_the_grid_do_not_move(iterations, stride):
    text = "\n".join(f"{k * stride.numerator}: p{k}" for k in iterations)
    # `stride.numerator` is a whole number of strides, so each start lies on the grid.
    report = snap_schedule(parse_schedule(text), stride)
    assert all(row.window * stride == row.asked for row in report.rows)


@given(LINES, STRIDES, OVERLAPS.filter(bool))
def test_by_what_is_seen_nothing_moves_by_more_than_half_a_window(spans, stride, overlap):
    report = snap_schedule(schedule_of(spans), stride, overlap=overlap)
    for row in report.rows:
        if row.moved_because:
            continue
        assert abs(shift(report, row)) * 2 <= (stride if row.asked > stride + overlap else stride + overlap)
        nearest = min(abs(report.visible_from(k) - row.asked) for k in range(row.window + 2))
        assert abs(shift(report, row)) == nearest


@given(LINES, STRIDES, st.integers(0, 60), OVERLAPS.filter(bool))
def test_unsnapped_is_what_the_schedule_says_when_the_window_is_seen(spans, stride, window, overlap):
    schedule = schedule_of(spans)
    report = snap_schedule(schedule, stride, overlap=overlap, snap=False)
    assert report.assignment(window) is schedule.at(report.visible_from(window))


@given(LINES, STRIDES, st.integers(0, 30), OVERLAPS.filter(bool))
def test_free_windows_take_nothing_from_anyone(spans, stride, iterations, overlap):
    """What began with a window still does, and what is shown comes in the order of the times."""
    schedule = schedule_of(spans)
    report = snap_schedule(schedule, stride, iterations=iterations, overlap=overlap)
    before = changes(report._spans)
    first_before, first_after = {}, {}
    for position, index in before:
        if position <= iterations:
            first_before.setdefault(index, position)
    for position, entry in report.steps:
        if position <= iterations:
            first_after.setdefault(schedule.entries.index(entry), position)
    assert {index: first_after[index] for index in first_before} == first_before
    for index in set(first_after) - set(first_before):
        assert report.rows[index].moved_because


@given(st.integers(0, 4000), st.sampled_from(["in turn", "anchors first"]), st.booleans())
def test_an_entry_goes_to_the_window_seen_nearest_in_either_order(hundredths, order, snap):
    """Compared with a search through all windows; half-way it is the later one, and unsnapped the first that is not before."""
    plan = make_plan(audio_samples=60 * 44100, sample_rate=44100, window_seconds=8, overlap_seconds=1, fps=25, order=order)
    seconds = Fraction(hundredths, 100)
    seen = [plan.visible_from(index) for index in range(plan.iterations + 1)]
    nearest = min(range(len(seen)), key=lambda index: (abs(seen[index] - seconds), -index))
    first = next(index for index, second in enumerate(seen) if second >= seconds)
    report = snap_to_plan(parse_schedule(f"{float(seconds):.2f}: a"), plan, snap=snap)
    assert report.grid.window_at(seconds) == (nearest if snap else first)
    assert [report.visible_from(index) for index in range(len(seen))] == seen


def test_an_entry_that_returns_often_is_told_with_how_many_times_more():
    text = "0:00+: base\n" + "\n".join(f"{18 * k}-{18 * (k + 1)}: x" for k in range(1, 24, 2))
    report = snap_schedule(parse_schedule(text), 18, iterations=24)
    assert len(report.rows[0].used) == 13
    assert "; again from window 2 and 4 and 6 and 8 and 10 and 12 and 14 and 16 and 4 times more" in report.lines()[0]


def test_a_free_window_right_behind_the_entry_before_is_taken():
    assert windows(visible("0:00+: base\n0:37-0:48: b\n0:54-0:58: c"))[:5] == ["base", "base", "b", "c", "base"]
