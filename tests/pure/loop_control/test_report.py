from __future__ import annotations

import time

from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.report import plan_report
from audio_loop.schedule.parser import parse_schedule
from audio_loop.schedule.snapping import snap_to_plan


def plan_of(seconds, **changes):
    values = {"window_seconds": 19.88, "overlap_seconds": 2.0, "fps": 25, "last_window": "full", **changes}
    return make_plan(audio_samples=seconds * 44100, sample_rate=44100, **values)


def test_a_report_in_full():
    plan = plan_of(60, base_seed=100, last_window="fit")
    schedule = parse_schedule("0:00: verse\n0:36-0:40: flash\n0:40: chorus")
    assert plan_report(plan, snap_to_plan(schedule, plan)).splitlines() == [
        "Song 1:00.00: initial render, then 3 iterations.",
        "Video: 1500 frames at 25 fps = 60.0 s (1505 frames are made, 5 of them past the end of the song).",
        "",
        "Window",
        "  window     19.88 s    497 frames    63 latents",
        "  overlap     1.96 s     49 frames     7 latents",
        "  stride     17.92 s    448 frames    56 latents",
        "",
        "Seams (where a window's new frames begin)",
        "  0:19.88, 0:37.80, 0:55.72",
        "",
        "Windows",
        "    k  hears from          to  shows from          to      new frames  seed",
        "    0     0:00.00     0:19.88     0:00.00     0:19.88          0..496  100",
        "    1     0:17.92     0:37.80     0:19.88     0:37.80        497..944  101",
        "    2     0:35.84     0:55.72     0:37.80     0:55.72       945..1392  102",
        "    3     0:53.76     1:00.20     0:55.72     1:00.20      1393..1504  103",
        "",
        "Schedule",
        "line 1, asked for 0:00.00: from the initial render on.",
        "line 2, asked for 0:36.00: from window 1 on, visible from 0:19.88 (16.12 s earlier), the nearest free window: "
        "its 4.0 s begin and end at the same switch, since windows start only every 17.92 s.",
        "line 3, asked for 0:40.00: from window 2 on, visible from 0:37.80 (2.2 s earlier).",
        "",
        "Notes",
        "- overlap 2.0 s became 1.96 s (49 frames, 7 latents).",
        "- The last window was shortened from 497 to 161 frames to fit the song.",
    ]


def test_a_song_of_one_window():
    report = plan_report(plan_of(10))
    assert "the loop does not run" in report.splitlines()[0]
    assert "none; the video is one window" in report
    assert "Schedule" not in report


def test_one_iteration_is_not_plural():
    assert plan_report(plan_of(20)).splitlines()[0].endswith("then 1 iteration.")


def test_a_plan_with_nothing_to_note_has_no_notes():
    assert "Notes" not in plan_report(plan_of(180, overlap_seconds=1.96))


def test_the_frame_rate_is_written_both_ways():
    assert "at 23.976 (24000/1001) fps" in plan_report(plan_of(60, fps=23.976))


def test_many_seams_are_broken_into_rows():
    assert max(len(line) for line in plan_report(plan_of(3600)).splitlines()) <= 120


def test_what_never_shows_comes_first():
    plan = plan_of(60)
    report = plan_report(plan, snap_to_plan(parse_schedule("0:00: a\n0:17: b\n0:20: c\n0:37: d"), plan))
    assert report.startswith("line 2, asked for 0:17.00: never shows")


def test_the_notes_of_a_schedule_are_in_the_plan():
    plan = plan_of(60)
    text = "0:20-0:50: b\n0:00-0:10: a\n0:40-0:45: c"
    report = plan_report(plan, snap_to_plan(parse_schedule(text), plan))
    assert "line 2 begins at 0:00.00, before line 1 (0:20.00)" in report
    assert "lines 1 and 3 overlap from 0:40.00 to 0:45.00" in report
    assert "nothing is scheduled from 0:10.00 to 0:20.00" in report
    assert "nothing is scheduled from 0:50.00 on" in report


def test_the_report_of_36000_windows_is_a_page_and_says_what_is_left_out():
    plan = plan_of(46_080, window_seconds=1.96, overlap_seconds=0.96)
    schedule = parse_schedule("\n".join(f"{k}: p{k}" for k in range(5_000)))
    started = time.process_time()
    report = plan_report(plan, snap_to_plan(schedule, plan))
    assert time.process_time() - started < 10  # 0.5 s on an idle machine
    assert plan.iterations == 36_000 - 1
    assert len(report) < 100_000
    assert f"... {plan.iterations + 1 - 100} more windows are left out of this report ..." in report
    assert "more seams are left out" in report
    assert "more lines are left out" in report
    assert f"{plan.iterations:>3}  " in report  # the last window is there


def test_what_is_made_past_a_short_song_is_told_in_full():
    line = plan_report(plan_of(5)).splitlines()[1]
    assert line == "Video: 125 frames at 25 fps = 5.0 s (497 frames are made, 372 of them past the end of the song)."
