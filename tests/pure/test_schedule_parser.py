from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.schedule.parser import ScheduleError, parse_schedule


def value_at(text, seconds):
    return parse_schedule(text).at(seconds).value


@pytest.mark.parametrize(
    ("seconds", "value"), [(0, "a"), ("9.99", "a"), (10, "b"), ("19.99", "b"), (20, "a"), (59, "a")]
)
def test_the_last_line_wins_where_ranges_overlap(seconds, value):
    assert value_at("0:00-1:00: a\n0:10-0:20: b", seconds) == value


def test_the_last_line_wins_even_where_it_starts_earlier():
    assert value_at("0:10-0:20: b\n0:00-1:00: a", 15) == "a"


@pytest.mark.parametrize(("seconds", "value"), [(9, "a"), (10, "a"), (29, "a"), (30, "b"), (40, "b"), (9999, "b")])
def test_a_hole_keeps_the_prompt_before_it(seconds, value):
    assert value_at("0:00-0:10: a\n0:30-0:40: b", seconds) == value


def test_a_hole_keeps_what_counted_last_not_what_started_last():
    assert value_at("0:00-1:00: a\n0:10-0:20: b\n2:00: c", 90) == "a"


def test_before_the_first_entry_the_earliest_counts():
    text = "1:00: late\n0:30: early"
    assert value_at(text, 0) == "early"
    assert value_at(text, -1) == "early"


def test_an_open_entry_lies_under_what_follows():
    text = "0:00+: base\n0:30-0:40: chorus"
    assert [value_at(text, t) for t in (0, 30, 39, 40, 1000)] == ["base", "chorus", "chorus", "base", "base"]


def test_steps_name_each_change():
    steps = parse_schedule("0:10-0:20: a\n0:15-0:18: b\n0:40: c").steps
    assert [(start, entry.value) for start, entry in steps] == [(0, "a"), (15, "b"), (18, "a"), (40, "c")]


def test_an_indented_entry_is_noted():
    (note,) = parse_schedule("0:00: a\n  0:30: b").notes
    assert "line 2" in note
    assert "looks like an entry" in note


def test_a_prompt_that_begins_like_a_time_is_noted():
    (note,) = parse_schedule("1: 15: she sings").notes
    assert "15: she sings" in note


def test_ordinary_text_has_no_notes():
    assert parse_schedule("0:00: 30 dancers: all in red\n   2 of them jump\n0:30: b").notes == ()


def test_a_long_line_is_shortened_in_the_message():
    with pytest.raises(ScheduleError) as caught:
        parse_schedule("word " * 200)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("time", ["9" * 5000, "0." + "9" * 5000])
def test_an_endless_number_is_refused_quickly(time):
    with pytest.raises(ScheduleError, match="longer than any song"):
        parse_schedule(f"{time}: x")


def written(total, hundredths, style):
    minutes, seconds = divmod(total, 60)
    tail = f".{hundredths:02d}" if hundredths else ""
    if style == "seconds":
        return f"{total}{tail}"
    if style == "minutes":
        return f"{minutes}:{seconds:02d}{tail}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}{tail}"


@given(
    total=st.integers(0, 400_000),
    hundredths=st.integers(0, 99),
    style=st.sampled_from(["seconds", "minutes", "hours"]),
    wide=st.booleans(),
)
def test_all_spellings_of_a_time_mean_the_same(total, hundredths, style, wide):
    time = written(total, hundredths, style)
    if wide:
        time = time.translate({ord(":"): "：", ord("."): "．", **{48 + d: 0xFF10 + d for d in range(10)}})
    (entry,) = parse_schedule(f"{time}: x").entries
    assert entry.start == Fraction(total * 100 + hundredths, 100)


def outcome(text):
    """The schedule, or the error that refused it."""
    try:
        return parse_schedule(text)
    except ScheduleError as error:
        return error


@given(st.one_of(st.text(), st.text(alphabet="019:.+-# \t\n\rx：０")))
def test_any_text_reads_or_is_refused_with_a_real_line(text):
    result = outcome(text)
    if isinstance(result, ScheduleError):
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert result.line is None or 1 <= result.line <= len(lines)
    else:
        assert result.entries


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.one_of(st.none(), st.just("+"), st.integers(1, 40))),
    min_size=1,
    max_size=6,
    unique_by=lambda span: span[0],
)


def schedule_of(spans):
    def line(index, start, tail):
        head = f"{start}" if tail is None else f"{start}+" if tail == "+" else f"{start}-{start + tail}"
        return f"{head}: p{index}"

    return parse_schedule("\n".join(line(index, *span) for index, span in enumerate(spans)))


@given(SPANS, st.integers(0, 120))
def test_steps_and_at_agree(spans, second):
    schedule = schedule_of(spans)
    by_steps = [entry for start, entry in schedule.steps if start <= second][-1]
    assert schedule.at(second) is by_steps


@given(SPANS, st.integers(0, 120))
def test_in_a_hole_nothing_changes(spans, second):
    schedule = schedule_of(spans)
    covered = [e for e in schedule.entries if e.start <= second and (e.end is None or second < e.end)]
    if not covered and second > min(e.start for e in schedule.entries):
        assert schedule.at(second) is schedule.at(second - Fraction(1, 10))
    elif covered:
        assert schedule.at(second) is covered[-1]
