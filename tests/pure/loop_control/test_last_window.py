"""The last window: fitted to what the song still needs, and none for what lies behind its last whole frame."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.plan_notes import plan_notes
from audio_loop.loop_control.stored_plan import plan_from_json

from .test_plan import plan_of


@pytest.mark.parametrize(
    ("seconds", "last_px", "made"),
    [(180, 473, 4505), (20, 57, 505), (10, 257, 257), (2, 57, 57), (19.88, 497, 497), (37.8, 497, 945)],
)
def test_fitting_the_last_window(seconds, last_px, made):
    plan = plan_of(seconds, last_window="fit")
    assert plan.windows[-1].window_px == plan.last_window_px == last_px
    assert plan.frames_made == made
    assert any("shortened" in note for note in plan_notes(plan)) == (last_px < 497)


def test_the_last_window_is_fitted_unless_asked_otherwise():
    plan = make_plan(audio_samples=60 * 44100, sample_rate=44100, window_seconds=19.88, overlap_seconds=2, fps=25)
    assert plan.last_window == "fit"
    assert (plan.frames_made, plan.frames_delivered) == (1505, 1500)  # 1841 with four full windows
    short = make_plan(audio_samples=22050, sample_rate=44100, window_seconds=19.88, overlap_seconds=2, fps=25)
    assert (short.nth_window(0).window_px, short.frames_delivered) == (17, 12)


@pytest.mark.parametrize("window_end", [497, 945])
@pytest.mark.parametrize("last_window", ["fit", "full"])
def test_a_song_that_ends_within_a_frame_behind_a_window_takes_no_further_one(window_end, last_window):
    """One sample to one frame minus a sample past the window's end: no frame of a further window would be delivered."""
    end = window_end * 1764  # samples at 44 100 Hz and 25 fps
    for past in (0, 1, 1763):
        plan = plan_of(Fraction(end + past, 44100), last_window=last_window)
        assert plan.frames_made == plan.frames_delivered == window_end
        assert plan.should_stop(plan.iterations)
    more = make_plan(audio_samples=end + 1764, sample_rate=44100, window_seconds=19.88, overlap_seconds=2, fps=25)
    assert more.iterations == plan.iterations + 1
    assert more.frames_delivered == window_end + 1


def test_a_plan_stored_when_such_a_song_took_a_window_more_is_still_read():
    plan = plan_of(Fraction(497 * 1764 + 1, 44100), last_window="fit")
    stored = plan.to_json()
    stored["outcome"] |= {"iterations": 1, "frames_made": 505}
    older = plan_from_json(stored)
    assert (older.iterations, older.last_window_px, older.should_stop(1)) == (1, 57, True)
    assert plan_from_json(json.loads(json.dumps(older.to_json()))) == older


def test_a_capped_plan_is_not_fitted():
    assert plan_of(180, max_iterations=3, last_window="fit").last_window_px == 497


def test_the_fitted_window_takes_fewer_audio_latents():
    window = plan_of(20, last_window="fit").windows[-1]
    assert window.audio_latents == (448, 448 + 57)
    assert window.audio_samples == (790272, 890820)  # 17.92 s, and 57 frames later


@pytest.mark.parametrize(("limit", "held"), [(0, True), (3, True), (2, False)])
def test_a_longer_plan_of_earlier_is_read_with_as_many_windows_as_its_limit_allows(limit, held):
    plan = plan_of(2 * 17.92 + 19.88 + 0.02, max_iterations=limit)
    assert plan.iterations == 2
    stored = plan.to_json()
    stored["outcome"] |= replace(plan, iterations=3).outcome()
    if held:
        assert plan_from_json(stored).iterations == 3
    else:
        with pytest.raises(PlanError, match="iterations is 3"):
            plan_from_json(stored)
