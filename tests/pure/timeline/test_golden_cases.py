"""`tests/golden/timeline/cases.json` says what the schedule language and the plan of Python say; the browser keeps to it.

A change of these answers is a change for users. Only if it is meant: `AUDIO_LOOP_WRITE_GOLDEN=1 pytest` on this file.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from audio_loop.loop_control.plan import make_plan
from audio_loop.schedule.parser import ScheduleError, parse_schedule
from audio_loop.schedule.snapping import snap_to_plan
from audio_loop.timeline.plan_view import grid_view, plan_view

from .golden_file import assert_says
from .golden_inputs import cases

GOLDEN = Path(__file__).parents[2] / "golden" / "timeline" / "cases.json"
ABOUT = (
    "What a schedule means on the windows of a song, for Python and the browser. Seconds are floats nearest to exact "
    "fractions: compare to 1e-6. Lines count from 1. seen_seconds: when an entry's first window is seen, null if it never is. "
    "line_of_window: the line that each window takes. A text that does not read has one error and no entries; its line is null "
    "if the text as a whole is at fault."
)
SAMPLE_RATE = 48_000


def plan_of(song_seconds, **settings):
    samples = round(Fraction(str(song_seconds)) * SAMPLE_RATE)
    return make_plan(audio_samples=samples, sample_rate=SAMPLE_RATE, **settings)


def answer(name, text, settings, snap):
    plan = plan_of(**settings)
    windows = len(plan.windows)
    visible = [float(plan.visible_from(index)) for index in range(1, windows)]
    case = {
        "name": name,
        "text": text,
        "grid": {**grid_view(plan), "windows": windows, "visible": visible},
        "snap": snap,
        "entries": [],
        "errors": [],
        "line_of_window": [],
    }
    try:
        report = snap_to_plan(parse_schedule(text), plan, snap=snap)
    except ScheduleError as error:
        return {**case, "errors": [{"line": error.line, "message": error.expected}]}
    entries = [
        {
            "line": row.entry.line,
            "start_seconds": float(row.entry.start),
            "end_seconds": None if row.entry.end is None else float(row.entry.end),
            "text": row.entry.value,
            "form": row.entry.form,
            "seen_seconds": float(plan.visible_from(row.used[0][0])) if row.used else None,
        }
        for row in report.rows
    ]
    return {**case, "entries": entries, "line_of_window": [report.assignment(window).line for window in range(windows)]}


def test_the_file_says_what_python_says():
    assert_says(GOLDEN, ABOUT, [answer(*case) for case in cases()])


def test_the_cases_are_many_and_of_each_kind():
    found = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]
    assert len(found) >= 200
    assert len({case["name"] for case in found}) == len(found)
    kinds = {
        "refused": [case for case in found if case["errors"]],
        "never seen": [case for case in found if any(entry["seen_seconds"] is None for entry in case["entries"])],
        "seen late or early": [
            c for c in found if any(e["seen_seconds"] not in (None, e["start_seconds"]) for e in c["entries"])
        ],
        "snap off": [case for case in found if not case["snap"]],
        "one window": [case for case in found if case["grid"]["windows"] == 1],
        "ends before the song": [c for c in found if c["grid"]["end_seconds"] < c["grid"]["song_seconds"]],
    }
    assert {kind: len(cases) for kind, cases in kinds.items() if len(cases) < 5} == {}


def test_windows_of_a_view_join_without_gaps_and_overlap_by_what_the_view_says():
    plan = plan_of(180, window_seconds=19.88, overlap_seconds=2, fps=25)
    view = plan_view(plan)
    assert (view["window_seconds"], view["overlap_seconds"], view["stride_seconds"]) == (19.88, 1.96, 17.92)
    assert [window["index"] for window in view["windows"]] == list(range(10))
    assert [window["shows"][0] for window in view["windows"][:4]] == [0.0, 19.88, 37.8, 55.72]
    for before, window in zip(view["windows"], view["windows"][1:], strict=False):
        assert window["shows"][0] == before["shows"][1] == before["hears"][1]
        assert abs(before["hears"][1] - window["hears"][0] - view["overlap_seconds"]) < 1e-9
    assert any("shortened" in note for note in view["notes"])
    assert json.loads(json.dumps(view)) == view
