"""How far a whole song is, told from events at given times."""

from __future__ import annotations

import pytest

from audio_loop.loop_engine.render_progress import DECODE_SHARE, RenderProgress


def sampled(progress, index, began, steps=8, step_seconds=3.0, node="sampler"):
    """A window that is sampled; gives the progress and the time at its end."""
    now, progress = began, progress.begin_window(index, began)
    for step in range(1, steps + 1):
        now += step_seconds
        progress = progress.step(f"{node}.{index}", step, steps, now)
    return progress.finish_window(index, now), now


def test_before_the_first_interval_nothing_is_said_of_seconds():
    progress = RenderProgress(saves=True).with_windows(4).begin_window(0, 100.0)
    assert (progress.percent, progress.seconds_left(160.0), progress.step_seconds) == (0.0, None, None)
    # The first step came with the loading of the model; there is no interval yet.
    progress = progress.step("a", 1, 8, 160.0)
    assert (progress.step_seconds, progress.seconds_left(160.0)) == (None, None)
    assert progress.percent > 0


def test_seconds_come_from_the_steps_that_were_measured():
    progress = RenderProgress().with_windows(4).begin_window(0, 0.0).step("a", 1, 8, 60.0).step("a", 3, 8, 66.0)
    assert progress.step_seconds == 3.0
    assert progress.seconds_left(66.0) == pytest.approx((4 * 8 - 3) * 3.0)
    assert progress.percent == pytest.approx(100 * 3 / 32)


def test_a_whole_window_that_was_measured_takes_over_from_its_steps():
    progress, now = sampled(RenderProgress().with_windows(4), 0, began=0.0)
    assert (now, progress.usual_seconds) == (24.0, 24.0)
    assert progress.seconds_left(24.0) == pytest.approx(3 * 24.0)
    assert progress.seconds_left(34.0) == pytest.approx(3 * 24.0 - 10.0)
    # However long it takes: the windows behind it are still to be made.
    assert progress.seconds_left(999.0) == pytest.approx(2 * 24.0)
    progress = progress.begin_window(1, 24.0).step("b", 4, 8, 40.0)
    assert progress.seconds_left(40.0) == pytest.approx(2.5 * 24.0)


def test_windows_from_disk_are_done_and_measure_nothing():
    progress = RenderProgress().with_windows(10)
    for index in range(6):
        progress = progress.begin_window(index, index * 0.1).finish_window(index, index * 0.1 + 0.05, from_disk=True)
    assert progress.percent == pytest.approx(60.0)
    assert (progress.seconds_left(1.0), progress.message(1.0)["from_disk"]) == (None, 6)
    progress, now = sampled(progress, 6, began=1.0)
    assert progress.seconds_left(now) == pytest.approx(3 * 24.0)


def test_a_window_that_two_places_tell_of_counts_once():
    progress, now = sampled(RenderProgress().with_windows(2), 0, began=0.0)
    assert progress.finish_window(0, now + 1) is progress


def test_a_loop_that_ends_early_leaves_only_the_video():
    progress, _ = sampled(RenderProgress(saves=True).with_windows(5), 0, began=0.0)
    progress, now = sampled(progress, 1, began=24.0)
    progress = progress.with_windows(2)
    assert progress.percent == pytest.approx(100 * (1 - DECODE_SHARE))
    assert progress.seconds_left(now) is None
    progress = progress.write(25, 100, seconds_left=12.0)
    assert progress.seconds_left(now) == 12.0
    assert progress.percent == pytest.approx(100 * (1 - DECODE_SHARE + DECODE_SHARE / 4))
    assert progress.write(100, 100, 0.0).percent == pytest.approx(100.0)


def test_a_render_that_only_decodes_counts_frames():
    assert RenderProgress(saves=True).write(25, 100, 9.0).percent == pytest.approx(25.0)


def test_a_second_pass_does_not_set_the_percent_back():
    progress = RenderProgress().with_windows(2).begin_window(0, 0.0)
    percents = []
    for node, steps in (("first", 8), ("second", 4)):
        for step in range(1, steps + 1):
            progress = progress.step(node, step, steps, 10.0 + step)
            percents.append(progress.percent)
    assert percents == sorted(percents)
    assert progress.finish_window(0, 30.0).usual_steps == 12
    # Now that it is known, the next window counts both from its first step.
    progress = progress.finish_window(0, 30.0).begin_window(1, 30.0).step("first again", 6, 8, 40.0)
    assert progress.window_share == pytest.approx(0.5)


def test_a_sampler_that_begins_again_is_measured_anew():
    progress = RenderProgress().with_windows(1).begin_window(0, 0.0).step("a", 1, 4, 1.0).step("a", 4, 4, 7.0)
    again = progress.step("a", 1, 4, 500.0)
    assert (again.step_seconds, again.step("a", 2, 4, 501.0).step_seconds) == (2.0, 1.0)


def test_the_message_has_everything_that_is_shown():
    progress = RenderProgress(saves=True).with_windows(4).begin_window(2, 0.0).step("a", 1, 8, 1.0).step("a", 2, 8, 2.23456)
    assert progress.message(2.3) == {
        "windows": 4,
        "finished": 0,
        "from_disk": 0,
        "window": 2,
        "step": 2,
        "steps": 8,
        "frame": 0,
        "frames": 0,
        "percent": round(90 * 0.25 / 4, 1),
        "step_seconds": 1.235,
        "seconds_left": round((4 - 0.25) * 8 * 1.23456, 1),
        "decode_follows": True,
    }


def test_percent_moves_in_the_second_pass_of_a_window():
    progress = RenderProgress(passes_expected=2).with_windows(4).begin_window(0, 0.0)
    percents = []
    for node in ("first", "second"):
        for step in range(1, 5):
            progress = progress.step(node, step, 4, float(step))
            percents.append(progress.percent)
    assert percents == sorted(set(percents))
    assert percents[3] == percents[-1] / 2


def test_a_second_stage_is_the_second_half_and_seconds_are_told_when_no_other_follows():
    progress = RenderProgress(saves=True, stages=2).with_windows(2)
    progress, now = sampled(progress, 0, began=0.0)
    assert (progress.percent, progress.seconds_left(now)) == (pytest.approx(90 / 4), None)
    assert (progress.message(now)["stage"], progress.message(now)["stages"]) == (1, 2)
    progress, now = sampled(progress, 1, began=now)
    assert progress.percent == pytest.approx(45)
    progress = progress.next_stage().with_windows(4)
    assert (progress.finished, progress.usual_seconds, progress.percent) == (frozenset(), None, pytest.approx(45))
    percents = []
    for index in range(4):
        progress, now = sampled(progress, index, began=now, step_seconds=10.0)
        percents.append(progress.percent)
        assert progress.seconds_left(now) == (pytest.approx((3 - index) * 80.0) if index < 3 else None)
    assert percents == [pytest.approx(45 + 45 * part / 4) for part in (1, 2, 3, 4)]
    assert (progress.message(now)["stage"], progress.message(now)["finished"]) == (2, 4)
    assert progress.write(100, 100, 0.0).percent == pytest.approx(100.0)


def test_a_stage_that_nobody_announced_counts_from_then_on():
    progress, now = sampled(RenderProgress().with_windows(1), 0, began=0.0)
    progress = progress.next_stage().with_windows(2)
    assert (progress.stage, progress.stages, progress.percent) == (1, 2, 100.0)
    assert sampled(progress, 0, began=now)[0].message(now)["finished"] == 1
