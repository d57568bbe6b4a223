"""`tests/golden/timeline/keyframes.json` says which picture Python's nodes give each window; the browser keeps to it.

A change of these answers is a change for users. Only if it is meant: `AUDIO_LOOP_WRITE_GOLDEN=1 pytest` on this file.
"""

from __future__ import annotations

import json
from pathlib import Path

from audio_loop.schedule.keyframes import AUTO, schedule_keyframes
from audio_loop.schedule.loop_windows import LoopWindows
from audio_loop.schedule.parser import ScheduleError, parse_schedule
from audio_loop.schedule.values import keyframe_index
from audio_loop.timeline.plan_view import grid_view

from .golden_file import assert_says
from .keyframe_inputs import cases
from .test_golden_cases import plan_of

GOLDEN = Path(__file__).parents[2] / "golden" / "timeline" / "keyframes.json"
ABOUT = (
    "Which picture each window takes by a schedule of pictures, for Python and the browser. indices: picture of each window, "
    "null if the text is refused. error: of a text that does not read, null if it reads. refusal: of a text that reads, if it "
    "asks for pictures that are not there. Lines count from 1, null if the text as a whole is at fault."
)


def answer(name, text, settings, snap, pictures):
    plan = plan_of(**settings)
    case = {
        "name": name,
        "text": text,
        "grid": {**grid_view(plan), "windows": len(plan.windows)},
        "snap": snap,
        "pictures": pictures,
        "indices": None,
        "error": None,
        "refusal": None,
    }
    is_auto = text.strip().lower() == AUTO
    try:
        if not is_auto:
            parse_schedule(text, keyframe_index)
    except ScheduleError as error:
        return {**case, "error": said(error)}
    try:
        found = schedule_keyframes(text, pictures, LoopWindows(plan), snap=snap)
    except ScheduleError as error:
        return {**case, "refusal": said(error)}
    return {**case, "indices": list(found.indices[: found.windows])}


def said(error):
    return {"line": error.line, "message": error.expected}


def test_the_file_says_what_python_says():
    assert_says(GOLDEN, ABOUT, [answer(*case) for case in cases()])


def test_the_cases_are_many_and_of_each_kind():
    found = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]
    assert len(found) >= 60
    assert len({case["name"] for case in found}) == len(found)
    kinds = {
        "several pictures": [case for case in found if len(set(case["indices"] or ())) > 1],
        "does not read": [case for case in found if case["error"]],
        "a picture that is not there": [case for case in found if case["refusal"]],
        "snap off": [case for case in found if not case["snap"]],
    }
    assert {kind: len(cases) for kind, cases in kinds.items() if len(cases) < 4} == {}
