from __future__ import annotations

import re
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.schedule import values
from audio_loop.schedule.parser import ScheduleError, parse_schedule
from audio_loop.schedule.spans import Span, changes, step_at


def value_at(text, seconds):
    return parse_schedule(text).at(seconds).value


@pytest.mark.parametrize(("seconds", "value"), [(0, "a"), ("9.99", "a"), (10, "b"), ("19.99", "b"), (20, "a"), (59, "a")])
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
        parse_schedule("0:15 " + "word " * 200)
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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a woman sings on a stage", "a woman sings on a stage"),
        ("a woman sings,\nsoft light\n\n  static camera", "a woman sings, soft light static camera"),
        ("3 dancers in the rain: all in red", "3 dancers in the rain: all in red"),
        ("1980s disco, mirror ball", "1980s disco, mirror ball"),
        ("# mine\nStyle: cinematic. She says: hello", "Style: cinematic. She says: hello"),
        ("她在舞台上唱歌", "她在舞台上唱歌"),
        ("(16:9) a singer, [2.39:1]", "(16:9) a singer, [2.39:1]"),
        ("At 0:10 she turns", "At 0:10 she turns"),
        ("[Verse 1] she sings\n[Chorus] she dances", "[Verse 1] she sings [Chorus] she dances"),
    ],
)
def test_text_without_times_is_one_entry_for_the_whole_song(text, value):
    schedule = parse_schedule(text)
    (entry,) = schedule.entries
    assert (entry.start, entry.end, entry.value, entry.form) == (0, None, value, "open")
    assert schedule.notes == ("no line begins with a time: the whole text holds from the beginning to the end.",)


@pytest.mark.parametrize(
    "text", ["0:15 she sings", "15+ she sings", "-5: she sings", "15", "1:15,5: x", "0 she sings\n15 she dances", "a\n0:15: b"]
)
def test_text_in_which_a_time_was_meant_is_not_taken_as_a_prompt(text):
    with pytest.raises(ScheduleError):
        parse_schedule(text)


@pytest.mark.parametrize(
    "text",
    [
        "[0:00] a singer\n[0:15] she dances",
        "- 0:15: she dances",
        "“0:15: she dances”",
        "* (0:15-0:20) she",
        "[00:15.30]she",
        "[０：15] x",
    ],
)
def test_a_time_behind_a_bracket_or_a_bullet_is_no_prompt(text):
    with pytest.raises(ScheduleError):
        parse_schedule(text)


def test_the_error_says_how_a_line_with_a_bracket_is_written():
    with pytest.raises(ScheduleError, match=r"the line has to begin with its time: '0:15: prompt'"):
        parse_schedule("0:00: a singer\n[0:15] she dances")


def test_marks_that_nobody_sees_in_front_of_a_line_do_not_count():
    schedule = parse_schedule("\ufeff\u200b0:00: a\r\n\u200e\ufeff0:10: b\u200dc\n\u200b\n\u2060# d")
    assert [(entry.start, entry.value) for entry in schedule.entries] == [(0, "a"), (10, "b\u200dc")]


def test_a_picture_without_times_holds_for_the_whole_song():
    assert parse_schedule("1", values.keyframe_index).at(100).value == 1
    with pytest.raises(ScheduleError):
        parse_schedule("0:15", values.keyframe_index)


def test_lines_out_of_order_are_noted():
    (note,) = parse_schedule("0:30: b\n0:00: a").notes
    assert note == "line 2 begins at 0:00.00, before line 1 (0:30.00): times count, not the order of the lines."


def test_overlapping_entries_are_noted_with_the_one_that_counts():
    (note,) = parse_schedule("0:00-0:40: a\n0:30-1:00: b").notes
    assert note == "lines 1 and 2 overlap from 0:30.00 to 0:40.00: line 2, the lower one, counts there."
    assert len(parse_schedule("0:30-1:00: b\n0:00-0:40: a\n0:35-0:50: c").notes) == 3  # and one for the order


def test_an_open_entry_is_made_to_lie_under_others():
    assert parse_schedule("0:00+: base\n0:30-0:40: chorus\n0:50+: end").notes == ()
    assert "overlap" in parse_schedule("0:30: chorus\n0:00+: base").notes[1]  # the lower line covers the upper to the end


def test_gaps_are_noted_with_what_goes_on():
    (note,) = parse_schedule("0:00-0:10: a\n0:30-0:40: b").notes
    assert note == "nothing is scheduled from 0:10.00 to 0:30.00: line 1 goes on until then."


def in_one_go(spans, position):
    """Which span counts at `position`, found by looking at all of them."""
    covering = [k for k, span in enumerate(spans) if span.start <= position and (span.end is None or position < span.end)]
    if covering:
        return covering[-1]
    ended = [(span.end, span.asked_end, k) for k, span in enumerate(spans) if span.start <= position]
    return max(ended)[-1] if ended else min(range(len(spans)), key=lambda k: spans[k].asked_start)


@given(SPANS, st.integers(1, 9), st.integers(0, 120))
def test_changes_are_those_of_looking_at_every_span(spans, step, position):
    """Also where spans were rounded onto the same position."""
    rounded = [
        Span(s.start // step, None if s.end is None else s.end // step, s.asked_start, s.asked_end)
        for s in schedule_of(spans).spans
    ]
    steps = changes(rounded)
    assert steps[step_at(steps, position)][1] == in_one_go(rounded, position)


def test_ten_thousand_lines_are_read_in_one_pass():
    text = "\n".join(f"{5 * k}-{5 * k + 6}: p{k}" for k in range(10_000))
    started = time.process_time()
    schedule = parse_schedule(text)
    assert schedule.at(12_345).value == "p2469"
    assert len(schedule.notes) == 9_999
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1:155 x", "if the time is 1 and the prompt begins with '155'"),
        ("1:5:155 x", "if the time is 1:5 and the prompt begins with '155'"),
        ("1:15 x", "expected a colon and a prompt behind '1:15'"),
        ("1:15:5: x", "1:15:05"),
        ("- 0:15: x", "the line has to begin with its time: '0:15: prompt'"),
        ("--0:15: x", "expected 'START: prompt'"),
    ],
)
def test_a_line_that_does_not_read_is_told_what_it_may_mean(line, words):
    with pytest.raises(ScheduleError, match=re.escape(words)):
        parse_schedule(line)
