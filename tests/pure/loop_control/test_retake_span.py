"""Which latents a retake makes new, sees and fades."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import added_latents, span_asked_for, span_of_seconds, span_of_window
from audio_loop.loop_control.units import first_pixel_of_latent, latent_of_pixel, pixels_from_latents, round_half_up


def plan_of(seconds=180, window=19.88, overlap=2, fps=25, order="in turn"):
    return make_plan(
        audio_samples=seconds * 44100,
        sample_rate=44100,
        window_seconds=window,
        overlap_seconds=overlap,
        fps=fps,
        last_window="full",
        order=order,
    )


PLAN = plan_of()
TOTAL = 63 + 9 * 56


def test_windows_lie_side_by_side():
    bounds = [added_latents(PLAN, index) for index in range(PLAN.iterations + 1)]
    assert bounds[:3] == [(0, 63), (63, 119), (119, 175)]
    assert bounds[-1][1] == TOTAL
    assert pixels_from_latents(TOTAL) == PLAN.frames_made


@pytest.mark.parametrize(("px", "latent"), [(0, 0), (1, 1), (8, 1), (9, 2), (496, 62), (497, 63)])
def test_the_latent_of_a_pixel_frame(px, latent):
    assert latent_of_pixel(px) == latent
    assert first_pixel_of_latent(latent) <= px


def test_a_whole_window_sees_as_much_of_both_neighbours_as_fits():
    span = span_of_window(PLAN, TOTAL, 7)
    assert (span.start, span.stop) == added_latents(PLAN, 7)
    assert (span.before, span.after) == (4, 3)
    assert span.window_px == PLAN.window_px
    assert (span.fade_before, span.fade_after) == (1, 1)


def test_the_first_and_the_last_window():
    first, last = span_of_window(PLAN, TOTAL, 0), span_of_window(PLAN, TOTAL, 9)
    # Latent 0 is the picture and latent 62 stays, so that the window has something to lead into.
    assert (first.start, first.stop, first.after) == (1, 62, 1)
    assert (last.stop, last.after, last.fade_after) == (TOTAL, 0, 0)
    assert (first.start, first.before, first.fade_before) == (1, 1, 0)


def test_a_part_by_seconds_is_widened_to_whole_latents():
    span = span_of_seconds(PLAN, TOTAL, 30, 35)
    assert (span.start, span.stop) == (94, 111)
    assert (span.before, span.after) == (7, 7)
    start, stop = span.seconds
    assert start <= 30 < 35 <= stop
    assert span.report().startswith("new from ")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (5, 5, "no stretch"),
        (-1, 5, "no stretch"),
        (9, 5, "no stretch"),
        (0, 0.04, "your picture"),
        (30, 60, "at most"),
        (170, 500, "ends at"),
        (500, 501, "ends at"),
    ],
)
def test_what_is_no_part_of_the_video_is_refused(start, end, words):
    with pytest.raises(PlanError, match=words):
        span_of_seconds(PLAN, TOTAL, start, end)


def test_the_longest_part_that_the_message_names_fits():
    with pytest.raises(PlanError, match=r"at most (0:)?19\.52"):
        span_of_seconds(PLAN, TOTAL, 30, 60)
    span = span_of_seconds(PLAN, TOTAL, Fraction(94 * 8 - 7, 25), Fraction(94 * 8 - 7 + 61 * 8, 25))
    assert (span.stop - span.start, span.before, span.after) == (61, 1, 1)


def test_a_window_that_is_not_there_is_refused():
    with pytest.raises(PlanError, match="windows 0 to 4 on disk"):
        span_of_window(PLAN, 63 + 4 * 56, 5)
    with pytest.raises(PlanError, match="fade_latents is -1"):
        span_of_window(PLAN, TOTAL, 5, -1)


def test_a_window_or_seconds_but_not_both():
    assert span_asked_for(PLAN, TOTAL, 7, 0.0, 0.0, 1) == span_of_window(PLAN, TOTAL, 7)
    assert span_asked_for(PLAN, TOTAL, -1, 30.0, 35.0, 1) == span_of_seconds(PLAN, TOTAL, 30, 35)
    with pytest.raises(PlanError, match="set window to -1"):
        span_asked_for(PLAN, TOTAL, 7, 30.0, 35.0, 1)


@given(start=st.integers(0, 4600), length=st.integers(1, 480), fade=st.integers(0, 9), windows=st.integers(0, 9))
def test_a_span_holds_what_was_asked_for_and_never_outgrows_a_window(start, length, fade, windows):
    total = 63 + windows * 56
    end = Fraction(start + length, 25)
    try:
        span = span_of_seconds(PLAN, total, Fraction(start, 25), end, fade)
    except PlanError:
        return
    assert first_pixel_of_latent(span.start) <= max(start, 1)
    assert first_pixel_of_latent(span.stop) >= start + length
    assert 0 <= span.window_start < span.start < span.stop <= span.window_stop <= total
    assert span.window_px <= PLAN.window_px
    assert span.before - span.fade_before >= 1
    assert span.after == 0 if span.stop == total else span.after - span.fade_after >= 1
    first, stop = span.changed
    assert stop - first == span.stop - span.start + span.fade_before + span.fade_after
    audio_start, audio_stop = span.audio_latents
    assert 0 <= audio_start < audio_stop <= PLAN.windows[-1].audio_latents[1]


@pytest.mark.parametrize("window", range(10))
def test_every_window_of_a_plan_with_anchors_first_can_be_made_again(window):
    """An anchor adds one latent less than a window has, so that its last ones stay beside a neighbour."""
    plan = plan_of(order="anchors first")
    start, stop = added_latents(plan, window)
    span = span_of_window(plan, TOTAL, window)
    assert span.start == max(start, 1)
    assert span.window_stop - span.window_start <= 63
    assert span.before >= 1
    assert span.after >= (window < 9)
    assert stop - span.stop == (1 if window % 2 == 0 else 0)


def test_a_part_that_is_too_long_is_told_with_its_length_and_the_longest_that_fits():
    with pytest.raises(PlanError, match=r"^22\.4 s are .*one window holds 63 latents.*at most 19\.52 s at once"):
        span_of_seconds(PLAN, TOTAL, 40.36, 62.6)


@pytest.mark.parametrize(("start", "words"), [(181.16, "where the run on disk ends"), (182, "ends at 181.16 s")])
def test_a_part_behind_what_is_on_disk_is_refused(start, words):
    with pytest.raises(PlanError, match="start_seconds is") as refusal:
        span_of_seconds(PLAN, TOTAL, start, 190)
    assert words in str(refusal.value)


def test_window_0_is_a_window_and_minus_1_asks_for_seconds():
    assert span_asked_for(PLAN, TOTAL, 0, 0, 0, 1) == span_of_window(PLAN, TOTAL, 0)
    assert span_asked_for(PLAN, TOTAL, -1, 30, 35, 1) == span_of_seconds(PLAN, TOTAL, 30, 35)


def test_of_a_run_that_ends_within_a_window_the_whole_ones_can_be_made_again():
    assert span_of_window(PLAN, 63 + 56 + 10, 1).start == 63
    with pytest.raises(PlanError, match="windows 0 to 1 on disk"):
        span_of_window(PLAN, 63 + 56 + 10, 2)


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_the_sound_beside_a_retake_is_where_its_window_lies(fps):
    plan = plan_of(fps=fps)
    span = span_of_window(plan, 10**6, 4)
    start, stop = span.audio_latents
    # 25 audio latents a second, whatever the frame rate.
    assert start == round_half_up(Fraction(8 * span.window_start * 25, fps))
    assert stop - start == plan.nth_window(0).audio_latents[1]
