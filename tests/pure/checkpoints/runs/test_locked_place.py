"""Windows and takes that a person names: those that the song does not have are refused, and so is a take of another time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audio_loop.checkpoints.errors import CheckpointError
from audio_loop.checkpoints.runs.locked_place import check_place, kept_windows, plan_of
from audio_loop.checkpoints.segments.codec import Found
from audio_loop.checkpoints.take import Take
from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan

SONG = {"audio_samples": 20 * 44_100, "sample_rate": 44_100, "window_seconds": "4", "overlap_seconds": "1", "fps": "25"}
PLAN = make_plan(**SONG)
LAST = PLAN.iterations


def test_windows_and_takes_are_read_as_a_person_writes_them():
    assert kept_windows(PLAN, "1, 3-4", "2: 3") == (frozenset({1, 3, 4}), {2: 3})
    assert kept_windows(PLAN, "", "") == (frozenset(), {})
    assert kept_windows(PLAN, f"{LAST}", f"{LAST}: 1") == (frozenset({LAST}), {LAST: 1})


@pytest.mark.parametrize(
    ("locked", "takes", "words"),
    [
        (f"1-{LAST + 2}", "", f"locked is '1-{LAST + 2}', but there is no window {LAST + 2}"),
        ("1", f"{LAST + 1}: 2", f"takes is '{LAST + 1}: 2', but there is no window {LAST + 1}"),
    ],
)
def test_a_window_that_the_song_does_not_have_is_refused(locked, takes, words):
    with pytest.raises(CheckpointError) as refused:
        kept_windows(PLAN, locked, takes)
    assert words in str(refused.value)
    assert f"the last one of this song is window {LAST}. Write {LAST} or lower" in str(refused.value)


def test_a_text_that_cannot_be_read_is_refused():
    with pytest.raises(PlanError):
        kept_windows(PLAN, "first", "")


def test_a_render_that_is_cut_short_may_name_windows_of_the_whole_song():
    short = make_plan(**SONG, max_iterations=1)
    assert (short.iterations, short.needed_iterations) == (1, LAST)
    assert kept_windows(short, f"{LAST}", "")[0] == {LAST}


def found(plan):
    return Found({}, Take("0" * 64), True, plan)


@pytest.mark.parametrize("plan", [None, {}, {"fps": "soon"}])
def test_of_a_take_whose_plan_is_not_known_nothing_is_refused(plan):
    assert plan_of(found(plan), 1) is None
    assert check_place(PLAN, 1, found(plan)) is None


def test_a_take_of_a_window_that_its_own_plan_does_not_have_is_let_pass():
    short = make_plan(**SONG | {"audio_samples": 8 * 44_100})
    assert plan_of(found(short.to_json()), LAST) is None
    assert plan_of(found(short.to_json()), 1) == short


def test_a_take_of_the_same_place_is_taken_and_one_of_another_frame_rate_is_not():
    assert check_place(PLAN, 1, found(PLAN.to_json())) is None
    other = make_plan(**SONG | {"fps": "24"})
    with pytest.raises(CheckpointError, match=r"window 1 was made at 24 fps for .*this render has 25 fps"):
        check_place(PLAN, 1, found(other.to_json()))


def test_a_song_of_another_length_is_another_song_unless_it_is_known_to_be_the_same():
    longer = found(make_plan(**SONG | {"audio_samples": 30 * 44_100}).to_json())
    with pytest.raises(CheckpointError, match="it is another song or another cut of it"):
        check_place(PLAN, 1, longer)
    assert check_place(PLAN, 1, longer, is_same_song=True) is None
    assert check_place(PLAN, 1, replace(longer, plan=PLAN.to_json())) is None
