"""The schedule language against `tests/golden/schedule_cases.json`, the contract that every reader of it keeps."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from audio_loop.schedule import values
from audio_loop.schedule.parser import ScheduleError, parse_schedule
from audio_loop.schedule.snapping import snap_schedule

GOLDEN = Path(__file__).parents[2] / "golden" / "schedule_cases.json"
CONTRACT = json.loads(GOLDEN.read_text(encoding="utf-8"))
CASES = CONTRACT["cases"]


def number(text):
    """A value that the pack does not have yet: the grammar takes any parser, and gives its refusal a line."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise values.ValueTextError(f"expected a number, not {text!r}")
    return value


VALUE_PARSERS = {"prompt": values.prompt, "keyframe_index": values.keyframe_index, "number": number}


def cases_with(key):
    return [pytest.param(case, id=case["name"]) for case in CASES if key in case]


@pytest.mark.parametrize("case", cases_with("entries"))
def test_text_reads_as_written_in_the_contract(case):
    schedule = parse_schedule(case["text"], VALUE_PARSERS[case["value_type"]])
    expected = [
        (
            Fraction(entry["start"]),
            None if entry["end"] is None else Fraction(entry["end"]),
            entry["value"],
            entry["line"],
            entry["form"],
        )
        for entry in case["entries"]
    ]
    assert [(e.start, e.end, e.value, e.line, e.form) for e in schedule.entries] == expected


@pytest.mark.parametrize("case", cases_with("error"))
def test_bad_text_is_refused_with_its_line(case):
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(case["text"], VALUE_PARSERS[case["value_type"]])
    error = caught.value
    assert error.line == case["error"]["line"]
    assert case["error"]["about"] in str(error)
    if error.line is not None:
        assert f"line {error.line}" in str(error)
        assert error.text in case["text"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CONTRACT["windows"]])
def test_each_window_takes_the_line_of_the_contract(case):
    report = snap_schedule(
        parse_schedule(case["text"]),
        case["stride"],
        overlap=case["overlap"],
        iterations=case["iterations"],
        snap=case["snap"],
        snap_to=case["snap_to"],
    )
    assert [report.assignment(k).line for k in range(case["iterations"] + 1)] == case["windows"]
    assert [row.entry.line for row in report.rows if row.vanished] == case["never_shown"]


def test_every_case_is_one_or_the_other_and_named_once():
    assert all(("entries" in case) != ("error" in case) for case in CASES)
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
