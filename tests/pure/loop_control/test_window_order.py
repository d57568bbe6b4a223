from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.context_fits import require_in_turn
from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.report import plan_report
from audio_loop.loop_control.stored_plan import plan_from_json
from audio_loop.loop_control.units import latents_from_pixels
from audio_loop.loop_control.window_order import neighbours_before


def plan_of(seconds, **changes):
    values = {"window_seconds": 8, "overlap_seconds": 1, "fps": 25, "order": "anchors first", **changes}
    return make_plan(audio_samples=int(Fraction(str(seconds)) * 44100), sample_rate=44100, **values)


PLANS = st.builds(
    plan_of,
    st.integers(1, 120),
    window_seconds=st.sampled_from([1.64, 3, 8, 19.88]),
    overlap_seconds=st.sampled_from([0.36, 0.5, 0.68]),
    fps=st.sampled_from([23.976, 24, 25, 30]),
    max_iterations=st.sampled_from([0, 0, 1, 2, 3]),
    last_window=st.sampled_from(["fit", "full"]),
    order=st.sampled_from(["in turn", "anchors first"]),
)


def test_anchors_first_in_numbers():
    plan = plan_of(30, last_window="full")
    assert (plan.window_latents, plan.overlap_latents, plan.new_latents, plan.iterations) == (25, 4, 21, 4)
    assert plan.sequence == (0, 2, 4, 1, 3)
    rows = [(w.latents, w.added_latents, w.context_before_latents, w.context_after_latents) for w in plan.windows]
    assert rows == [
        ((0, 25), (0, 25), 0, 0),
        ((21, 46), (25, 43), 4, 3),
        ((42, 67), (43, 67), 0, 0),
        ((63, 88), (67, 85), 4, 3),
        ((84, 109), (85, 109), 0, 0),
    ]
    assert [plan.visible_from(k) for k in range(3)] == [0, Fraction(193, 25), Fraction(337, 25)]
    assert [plan.should_stop(k) for k in plan.sequence] == [False, False, False, False, True]


def test_in_turn_stays_as_it_was():
    plan = plan_of(30, order="in turn", last_window="full")
    assert plan.sequence == (0, 1, 2, 3, 4)
    rows = [(w.latents, w.added_latents, w.context_before_latents, w.context_after_latents) for w in plan.windows[:3]]
    assert rows == [((0, 25), (0, 25), 0, 0), ((21, 46), (25, 46), 4, 0), ((42, 67), (46, 67), 4, 0)]
    assert {"order", "only"}.isdisjoint(plan.to_json()["inputs"])


@pytest.mark.parametrize(
    ("seconds", "sequence", "added"),
    [
        (7, (0,), [(0, 23)]),  # fitted to the song: 177 of 193 frames
        (14, (0, 1), [(0, 25), (25, 45)]),  # the last is a gap: it sees nothing after it
        (20, (0, 2, 1), [(0, 25), (25, 43), (43, 64)]),  # the last is an anchor, shortened
    ],
)
def test_one_two_and_three_windows(seconds, sequence, added):
    plan = plan_of(seconds)
    assert plan.sequence == sequence
    assert [window.added_latents for window in plan.windows] == added
    assert plan.windows[-1].context_after_latents == 0


@given(PLANS)
def test_what_all_windows_add_is_the_whole_video_once(plan):
    ranges = [window.added_latents for window in plan.windows]
    assert [stop for _, stop in ranges[:-1]] == [start for start, _ in ranges[1:]]
    assert (ranges[0][0], ranges[-1][1]) == (0, latents_from_pixels(plan.frames_made))
    assert all(start < stop for start, stop in ranges)


@given(PLANS)
def test_what_a_window_sees_is_finished_and_the_rest_is_new(plan):
    finished: set[int] = set()
    assert sorted(plan.sequence) == list(range(plan.iterations + 1))
    for window in map(plan.nth_window, plan.sequence):
        (start, stop), (first, end) = window.latents, window.added_latents
        before = set(range(start, start + window.context_before_latents))
        after = set(range(stop - window.context_after_latents, stop))
        new = set(range(first, end))
        assert before | after <= finished
        assert not new & finished
        # Only the single picture that a window without a neighbour begins with is neither seen nor added.
        lone = {start} if window.index and not window.context_before_latents else set()
        assert before | new | after | lone == set(range(start, stop))
        finished |= new
    assert finished == set(range(latents_from_pixels(plan.frames_made)))


@given(PLANS, st.sets(st.integers(0, 200), max_size=4))
def test_only_makes_what_it_names_and_what_that_is_made_from(plan, wanted):
    wanted = {index % (plan.iterations + 1) for index in wanted}
    whole = {window.index: window for window in plan.windows}
    only = plan_from_json({**plan.to_json(), "inputs": {**plan.to_json()["inputs"], "only": sorted(wanted)}})
    assert only.only == tuple(sorted(wanted))
    assert {window.index: window for window in only.windows} == whole
    assert [index for index in plan.sequence if index in only.sequence] == list(only.sequence)
    assert wanted <= set(only.sequence)
    finished: set[int] = set()
    for index in only.sequence:
        window = whole[index]
        (start, stop), _ = window.latents, window.added_latents
        seen = {*range(start, start + window.context_before_latents), *range(stop - window.context_after_latents, stop)}
        assert seen <= finished
        finished.update(range(*window.added_latents))
    if wanted and plan.order == "anchors first":
        needed = {near for gap in wanted if gap % 2 for near in (gap - 1, gap + 1) if near <= plan.iterations}
        assert set(only.sequence) == wanted | needed
    assert plan_from_json(json.loads(json.dumps(only.to_json()))) == only
    assert [only.should_stop(k) for k in only.sequence] == [False] * (len(only.sequence) - 1) + [True]


@pytest.mark.parametrize("fps", [24, 25, 30, "24000/1001"])
def test_an_overlap_of_one_latent_is_refused_and_the_named_one_works(fps):
    with pytest.raises(PlanError, match="1 latent; with anchors first") as refused:
        plan_of(30, overlap_seconds=0.2, fps=fps)
    named = re.search(r"([0-9.]+) s$", str(refused.value))[1]
    assert plan_of(30, overlap_seconds=named, fps=fps).overlap_latents == 2


def test_an_overlap_that_leaves_a_gap_nothing_is_refused_and_the_named_one_works():
    with pytest.raises(PlanError, match="nothing new in a window between two others") as refused:
        plan_of(30, overlap_seconds=5)
    named = re.search(r"([0-9.]+) s$", str(refused.value))[1]
    assert plan_of(30, overlap_seconds=named).nth_window(1).added_latents == (25, 27)
    assert plan_of(10, overlap_seconds=5).sequence == (0, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"only": (3, 7, 8, 12)}, r"windows names 7 to 8, 12; this plan has windows 0 \(initial render\) to 4"),
        ({"order": "backwards"}, "order is 'backwards'; it is 'in turn' or 'anchors first'"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(changes, message):
    with pytest.raises(PlanError, match=message):
        plan_of(30, **changes)


def test_a_loop_that_knows_only_the_window_before_refuses_other_orders():
    require_in_turn(plan_of(30, order="in turn"))
    with pytest.raises(PlanError, match=r"order of the planner is 'anchors first'.*set it to 'in turn'.*Window of Canvas"):
        require_in_turn(plan_of(30))


def test_no_window_lies_past_the_last_of_a_plan_with_anchors_first():
    with pytest.raises(PlanError, match="no window 5"):
        plan_of(30).nth_window(5)


def test_the_report_says_which_windows_come_first_and_which_are_made():
    lines = plan_report(plan_of(60, only=(3, 6))).splitlines()
    assert lines[2] == "Order: first 2, 4, 6, each by itself; then 3, between finished neighbours."
    assert lines[3] == "Made now: 4 of 9 windows: 3, 6, and 2, 4, which they are made from."
    assert lines[lines.index("Seams (where a window's new frames begin)") + 1].startswith("  0:07.72, 0:13.48, 0:21.16")
    assert "    3     0:20.16     0:27.88     0:21.16     0:26.92        529..672         4 + 3  3" in lines
    assert "    4     0:26.88     0:34.60     0:26.92     0:34.60        673..864         0 + 0  4" in lines
    assert "Order" not in plan_report(plan_of(60, order="in turn"))


@pytest.mark.parametrize(
    ("order", "index", "neighbours"),
    [("in turn", 5, (4,)), ("anchors first", 5, (4, 6)), ("anchors first", 4, ()), ("anchors first", 7, (6,))],
)
def test_a_window_goes_on_from_what_is_finished_beside_it(order, index, neighbours):
    assert neighbours_before(order, index, 7) == neighbours
