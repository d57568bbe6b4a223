"""A line of a schedule that is seen elsewhere than it is written is named, with its seconds and the reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audio_loop.doctor.detectors.schedule_timing import look
from audio_loop.loop_control.plan import make_plan
from audio_loop.tests.pure.doctor.cases_with_sound import FPS, case_of, figure, still_frames
from audio_loop.tests.pure.watching.films import texture
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS

SECONDS = 20.0
PLAN = make_plan(audio_samples=round(SECONDS * 16_000), sample_rate=16_000, window_seconds=5, overlap_seconds=1, fps=FPS)
SEEN = [float(PLAN.visible_from(index)) for index in range(len(PLAN.windows))]


def shown(*changes: float):
    """Frames of a video that goes to another place at each of some seconds."""
    at = np.searchsorted(changes, np.arange(round(SECONDS * FPS)) / FPS, side="right")
    places = np.stack([255 * texture(seed, CELL_ROWS, CELL_COLUMNS, blur=1.5) for seed in range(len(changes) + 1)])
    return still_frames(len(at), cell_luma=places[at].astype(np.uint8))


def seen_of(tmp_path, schedule: str | None, *changes: float, plan=PLAN):
    return look(case_of(tmp_path, None, frames=shown(*changes), plan=plan, schedule=schedule))


def test_lines_at_the_windows_that_show_them_are_right(tmp_path):
    text = f"0: a street\n{SEEN[1]}: a garden\n{SEEN[3]}: a stage"
    for changes in ((SEEN[1], SEEN[3]), ()):
        seen = seen_of(tmp_path, text, *changes)
        assert seen.symptoms == ()
        assert abs(figure(seen, "schedule_off_seconds").value) < 0.05
        assert figure(seen, "schedule_changes_seen").value == len(changes)


@pytest.mark.parametrize("off", [-1.7, 1.7])
def test_a_line_that_is_written_elsewhere_than_the_picture_changes_is_off_by_that(tmp_path, off):
    text = f"0: a street\n{SEEN[2] - off}: a garden"
    (symptom,) = seen_of(tmp_path, text, SEEN[2]).symptoms
    assert symptom.kind == "schedule_timing"
    assert symptom.strength == pytest.approx(1.7, abs=0.06)
    assert dict(symptom.facts)["off_seconds"] == pytest.approx(off, abs=0.06)
    assert "changes to another place 1.7 s " + ("later" if off > 0 else "earlier") in symptom.words
    assert (symptom.stretches[0].start_seconds, symptom.stretches[0].end_seconds) == pytest.approx(
        sorted((SEEN[2], SEEN[2] - off)), abs=0.06
    )


def test_a_picture_that_stands_still_past_its_time_is_frozen_and_not_late(tmp_path):
    frames = shown(SEEN[2] + 1.6)
    moves = np.full(len(frames), 0.02, np.float32)
    for is_frozen in (True, False):
        moves[round(SEEN[2] * FPS) : round((SEEN[2] + 1.6) * FPS)] = 0.001 if is_frozen else 0.02
        case = case_of(tmp_path, None, frames=replace(frames, change=moves), plan=PLAN, schedule=f"0: a\n{SEEN[2]}: b")
        assert [each.kind for each in look(case).symptoms] == ([] if is_frozen else ["schedule_timing"])


def test_without_a_change_of_place_the_plan_says_when_a_line_is_seen(tmp_path):
    (symptom,) = seen_of(tmp_path, f"0: a street\n{SEEN[2] + 1.4}: it rains").symptoms
    assert dict(symptom.facts)["off_seconds"] == pytest.approx(-1.4, abs=0.01)
    assert "windows begin only every" in symptom.words


def test_a_line_that_no_window_shows_is_named(tmp_path):
    text = f"0: a street\n{SEEN[1]}-{SEEN[1] + 0.4}: lightning\n{SEEN[1] + 0.5}: rain"
    (symptom,) = seen_of(tmp_path, text).symptoms
    assert "never shows" in symptom.words
    assert dict(symptom.facts)["never"] >= 1


def test_changes_belong_to_lines_in_their_order(tmp_path):
    # A place that nothing was written for, between two that were.
    seen = seen_of(tmp_path, f"0: a\n{SEEN[1]}: b\n{SEEN[3]}: c", SEEN[1], SEEN[2], SEEN[3])
    assert seen.symptoms == ()
    assert figure(seen, "schedule_changes_seen").value == 2


def test_a_schedule_that_is_late_by_a_window_is_not_right_for_the_lines_that_meet_the_next_change(tmp_path):
    late = SEEN[2] - SEEN[1]
    text = f"0: a street\n{SEEN[1] + late * 0.99}: a garden\n{SEEN[2] + late * 0.99}: a stage"
    (symptom,) = seen_of(tmp_path, text, SEEN[1], SEEN[2]).symptoms
    assert dict(symptom.facts)["off_seconds"] == pytest.approx(-late, abs=0.1)
    assert dict(symptom.facts)["lines"] == 2


def test_changes_within_windows_belong_to_no_line_if_one_at_a_join_does(tmp_path):
    # A late schedule: something fills the picture near where the lines are written, but windows begin elsewhere.
    late = 0.8 * (SEEN[2] - SEEN[1])
    text = f"0: a street\n{SEEN[1] + late}: a garden\n{SEEN[2] + late}: a stage"
    (symptom,) = seen_of(tmp_path, text, SEEN[1], SEEN[2], SEEN[2] + late - 0.1, SEEN[2] + late + 0.6).symptoms
    assert dict(symptom.facts)["off_seconds"] == pytest.approx(-late, abs=0.1)
    assert dict(symptom.facts)["lines"] == 2


def test_what_is_not_known_is_said(tmp_path):
    def why(schedule, **known):
        return figure(seen_of(tmp_path, schedule, **known), "schedule_off_seconds").not_measured

    assert "--schedule" in why(None)
    assert "one line" in why("a singer on a stage")
    assert "schedule line 1" in why("0:00 no colon\n0:05 none either")
    assert "without the plan" in why("0: a\n6: b", plan=None)
    seen = seen_of(tmp_path, "0: a\n6: b", 8.5, plan=None)
    assert figure(seen, "schedule_off_seconds").value == pytest.approx(2.5, abs=0.05)
