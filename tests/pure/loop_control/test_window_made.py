from __future__ import annotations

import pytest

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.window_made import draft_window, window_made, window_report


def plan_of(seconds=60, window=19.88, overlap=2, **options):
    return make_plan(
        audio_samples=int(seconds * 1000),
        sample_rate=1000,
        window_seconds=window,
        overlap_seconds=overlap,
        fps=options.pop("fps", 25),
        **options,
    )


FINISH = plan_of(window=8, overlap=1, order="anchors first")


def test_passes_make_the_windows_in_the_order_of_the_plan():
    assert [window_made(FINISH, number).index for number in range(1, 10)] == [0, 2, 4, 6, 8, 1, 3, 5, 7]


@pytest.mark.parametrize("number", [0, 10])
def test_a_pass_beyond_the_plan_is_refused(number):
    with pytest.raises(PlanError, match=rf"current_iteration is {number}; the plan has 9 windows to make"):
        window_made(FINISH, number)


@pytest.mark.parametrize("draft", [plan_of(), plan_of(window=12), plan_of(order="anchors first"), plan_of(max_iterations=1)])
def test_the_draft_s_window_is_the_one_seen_in_the_middle(draft):
    for window in FINISH.windows:
        found = draft.nth_window(draft_window(FINISH, window.index, draft))
        middle_px = (window.new_start_px + min(window.new_stop_px, FINISH.frames_delivered)) // 2
        ends_before = middle_px >= draft.frames_made
        assert found.index == draft.iterations if ends_before else found.new_start_px <= middle_px < found.new_stop_px


def test_a_plan_is_its_own_draft():
    assert [draft_window(FINISH, index, FINISH) for index in range(9)] == list(range(9))


def test_plans_of_different_songs_or_rates_are_refused():
    with pytest.raises(PlanError, match="draft_plan has 24 fps, plan has 25"):
        draft_window(FINISH, 0, plan_of(fps=24))
    with pytest.raises(PlanError, match=r"draft_plan is for a song of 61\.0 s, plan for one of 60\.0 s"):
        draft_window(FINISH, 0, plan_of(seconds=61))


def test_the_report_says_what_is_seen_and_added():
    assert window_report(FINISH.nth_window(1), FINISH.fps) == (
        "window 1: 25 latents from 6.72 s; sees 4 latents before and 3 after (mask 0); adds 18 latents, 7.72 s to 13.48 s"
    )
    assert window_report(FINISH.nth_window(0), FINISH.fps) == (
        "window 0: 25 latents from 0.0 s; sees no neighbour; adds 25 latents, 0.0 s to 7.72 s"
    )
