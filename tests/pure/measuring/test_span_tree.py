from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.measuring.span_tree import from_spans
from audio_loop.measuring.trace_files import TraceFileError, newest, read_lines
from audio_loop.measuring.trace_tables import memory_table, operator_table, profile_frames, table


def as_dict(frame):
    return {child.name: (child.microseconds, child.calls, as_dict(child)) for child in frame.children.values()}


def test_spans_within_others_are_their_children():
    spans = [
        ("a", "inner", 2.0, 3.0),
        ("a", "outer", 0.0, 10.0),
        ("a", "inner", 6.0, 1.0),
        ("a", "leaf", 2.5, 1.0),
        ("a", "outer", 10.0, 5.0),
        ("b", "inner", 3.0, 4.0),
    ]
    root = from_spans("all", spans)
    inner = (4.0, 2, {"leaf": (1.0, 1, {})})
    assert as_dict(root) == {"outer": (15.0, 2, {"inner": inner}), "inner": (4.0, 1, {})}
    assert root.microseconds == 19.0
    assert root.children["outer"].own_microseconds == 11.0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 40), st.integers(1, 20)), max_size=30))
def test_every_span_is_counted_once(spans):
    root = from_spans("all", [(track, name, float(start), float(length)) for track, name, start, length in spans])
    frames = [frame for frame in root.walk() if frame is not root]
    assert sum(frame.calls for frame in frames) == len(spans)
    assert sum(frame.microseconds for frame in frames) == sum(length for *_, length in spans)


def test_operators_are_summed_over_the_places_where_they_ran():
    events = [
        {"ph": "X", "cat": "cpu_op", "name": name, "pid": 1, "tid": 1, "ts": start, "dur": length}
        for name, start, length in (("linear", 0, 10), ("mm", 1, 6), ("mm", 20, 2))
    ]
    trace = {"traceEvents": [*events, {"ph": "M", "name": "process_name"}, {**events[0], "cat": "ac2g"}]}
    (frame,) = profile_frames(trace)
    lines = operator_table(frame).splitlines()[3:]
    assert [line.split() for line in lines] == [["mm", "2", "8.0", "8.0", "66.7%"], ["linear", "1", "4.0", "10.0", "33.3%"]]
    gpu = {"traceEvents": [*events, {**events[0], "cat": "kernel", "name": "flash_fwd"}]}
    assert [frame.name for frame in profile_frames(gpu)] == ["processor", "GPU"]


def test_memory_says_how_it_changed():
    rows = [
        {"iteration": i, "rss": rss * 2**20, "allocated": None, "reserved": None, "peak": None}
        for i, rss in ((0, 900), (1, 950))
    ]
    lines = memory_table(rows).splitlines()[3:]
    assert [line.split() for line in lines] == [["0", "900.0", "-", "-", "-", "-"], ["1", "950.0", "+50.0", "-", "-", "-"]]


def test_columns_line_up():
    assert table("T", ("name", "n"), [("a", 1000), ("long", 2)]) == "T\nname      n\n----  -----\na     1,000\nlong      2\n"


def test_a_line_cut_off_at_the_end_is_left_out_and_one_before_is_not(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text('{"a": 1}\n{"a": 2', encoding="utf-8")
    assert read_lines(path) == [{"a": 1}]
    path.write_text('{"a": 1\n{"a": 2}\n', encoding="utf-8")
    with pytest.raises(TraceFileError, match="line 1"):
        read_lines(path)
    path.write_text("3\n{}\n", encoding="utf-8")
    with pytest.raises(TraceFileError, match="line 1 is '3'"):
        read_lines(path)


def test_the_newest_trace_is_the_one_written_last(tmp_path):
    for number, run in enumerate(("first", "second", "third")):
        file = tmp_path / "audio_loop" / run / "trace" / ("a.json" if run != "third" else "other.json")
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(run), encoding="utf-8")
        os.utime(file, (number, number))
    assert newest(tmp_path, "a.json").parent.name == "second"
    assert newest(tmp_path, "a.json", "other.json").parent.name == "third"
    with pytest.raises(TraceFileError, match=r"no b\.json"):
        newest(tmp_path, "b.json")
