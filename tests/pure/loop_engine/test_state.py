"""The memory of a loop between its iterations: what it takes, gives, refuses and forgets."""

from __future__ import annotations

import pytest

from audio_loop.loop_engine.state import LoopRunError, LoopSettings, LoopState, refuse_target

from .loop_graphs import simple

JOINS = LoopSettings(accumulate=True, overlap_mode="disabled", overlap_frames=0, stop=False)
PASSES_ON = LoopSettings(accumulate=False, overlap_mode="disabled", overlap_frames=0, stop=False)


def state(settings=JOINS, **more):
    """A loop whose values are strings, a frame each letter."""
    graph = simple()
    return LoopState(graph.body(), settings, "open", len, graph.get_node, str, **more)


def begun(settings=JOINS, iterations=3, total_frames=0, initial=None, **more):
    made = state(settings, **more)
    made.begin(iterations, total_frames, initial)
    return made


def test_a_loop_says_how_far_it_is():
    loop = state()
    assert (repr(loop), loop.close_id) == ("<loop run 0 / ?>", "close")
    loop.begin(2, 0, None)
    loop.finish(1, ["ab"], False)
    assert repr(loop) == "<loop run 1 / 2>"


@pytest.mark.parametrize(
    ("iterations", "total_frames", "initial", "expected"),
    [
        (3, None, None, (3, 0, False)),
        (0, None, ["a"], (0, 0, True)),
        (None, 97, None, (None, 97, False)),
    ],
    ids=["iterations", "nothing to do", "frames"],
)
def test_a_loop_begins_with_the_number_that_decides_its_end(iterations, total_frames, initial, expected):
    loop = begun(iterations=iterations, total_frames=total_frames, initial=initial)
    assert (loop.total, loop.total_frames, loop.ended) == expected
    assert loop.begun
    assert loop.initial == initial


def test_a_refused_number_begins_nothing():
    loop = state()
    with pytest.raises(LoopRunError, match="total_frames of TensorLoopOpen is 0"):
        loop.begin(None, 0, None)
    with pytest.raises(LoopRunError, match="iterations of TensorLoopOpen is -1"):
        loop.begin(-1, 0, None)
    assert not loop.begun


@pytest.mark.parametrize(
    ("name", "value", "settings", "has_initial", "words"),
    [
        ("iterations", True, JOINS, True, "iterations of TensorLoopOpen is True; it must be a whole number from 0 up"),
        ("iterations", 2.0, JOINS, True, "iterations of TensorLoopOpen is 2.0;"),
        ("iterations", 0, JOINS, False, "0 iterations and no initial_value"),
        ("total_frames", 0, JOINS, True, "total_frames of TensorLoopOpen is 0; it must be a whole number from 1 up"),
        ("total_frames", 97, PASSES_ON, True, "needs 'accumulate' on in TensorLoopClose"),
        ("total_frames", 97, LoopSettings(True, "end", 2, False), True, "cannot be used with overlap 'end'"),
    ],
)
def test_a_loop_that_has_no_way_to_its_end_is_refused(name, value, settings, has_initial, words):
    with pytest.raises(LoopRunError) as refused:
        refuse_target(settings, name, value, has_initial)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "settings", "has_initial"),
    [
        ("iterations", 0, JOINS, True),
        ("iterations", 1, JOINS, False),
        ("iterations", 1, PASSES_ON, False),
        ("iterations", 1, LoopSettings(True, "end", 2, False), False),
        ("total_frames", 1, LoopSettings(True, "start", 2, False), False),
    ],
)
def test_a_loop_that_has_a_way_to_its_end_is_not_refused(name, value, settings, has_initial):
    assert refuse_target(settings, name, value, has_initial) is None


def test_an_iteration_reads_what_the_one_before_gave_and_what_is_outside():
    loop = begun(initial=["first"])
    loop.captured[0] = (["song"],)
    assert loop.outputs(1, 0) == [["first"], [0], [1], ["song"]]
    loop.finish(1, ["abc"], False)
    assert loop.outputs(2, 0) == [["abc"], [3], [2], ["song"]]
    loop.tapped[2, 0], loop.tapped[2, 1] = (["picture"],), (["sound"],)
    assert loop.outputs(2, -1)[3:] == [["picture"]]
    assert loop.outputs(2, -2)[3:] == [["sound"]]


def test_without_an_initial_value_the_first_iteration_reads_none():
    loop = begun()
    loop.captured[0] = ()
    assert loop.outputs(1, 0) == [[None], [0], [1]]


@pytest.mark.parametrize("asked", [1, 3])
def test_an_iteration_that_is_not_due_gets_nothing(asked):
    loop = begun()
    loop.finish(1, ["a"], False)
    with pytest.raises(LoopRunError, match=f"iteration {asked} was asked for while iteration 2 is due"):
        loop.outputs(asked, 0)


def test_parts_are_joined_without_what_they_share():
    checked = []
    loop = begun(
        LoopSettings(True, "start", 2, False), check_part=lambda run, part: checked.append((run.done, part)), iterations=2
    )
    loop.tapped[1, 0] = (["picture"],)
    loop.finish(1, ["abcde"], False)
    assert (loop.parts, loop.frames, loop.ended, loop.tapped) == (["abcde"], 5, False, {})
    assert checked == [], "there is nothing yet that the first part could be held against"
    loop.finish(2, ["defg"], False)
    assert (loop.parts, loop.frames, loop.ended, loop.previous) == (["abcde", "defg"], 7, True, ["defg"])
    assert checked == [(1, "defg")]


def test_a_part_that_does_not_fit_is_not_taken():
    def refuse(_run, part):
        raise LoopRunError(f"{part} is of another size")

    loop = begun(check_part=refuse)
    loop.finish(1, ["abc"], False)
    with pytest.raises(LoopRunError, match="xyz is of another size"):
        loop.finish(2, ["xyz"], False)
    assert (loop.parts, loop.done) == (["abc"], 1)


def test_a_loop_that_joins_nothing_keeps_only_the_last_value():
    loop = begun(PASSES_ON)
    loop.finish(1, ["abc"], False)
    loop.finish(2, ["de"], False)
    assert (loop.parts, loop.frames, loop.previous) == ([], 2, ["de"])


@pytest.mark.parametrize("values", [[], ["a", "b"]])
def test_a_result_is_one_value(values):
    loop = begun()
    with pytest.raises(LoopRunError, match=f"iteration 1 gave a list of {len(values)} values at 'processed'"):
        loop.finish(1, values, False)
    assert loop.done == 0


def test_a_part_that_adds_no_frame_is_refused():
    loop = begun(LoopSettings(True, "start", 3, False))
    with pytest.raises(LoopRunError, match="iteration 1 gave 0 frames, of which 0 overlap"):
        loop.finish(1, [""], False)
    loop.finish(1, ["a"], False)
    with pytest.raises(LoopRunError, match=r"iteration 2 gave 3 frames, of which 3 overlap.*Use overlap_frames below 3"):
        loop.finish(2, ["abc"], False)


@pytest.mark.parametrize(
    ("settings", "iterations", "total_frames", "stop", "ended"),
    [
        (JOINS, 3, 0, False, False),
        (JOINS, 3, 0, True, True),
        (LoopSettings(True, "disabled", 0, stop=True), 3, 0, False, True),
        (JOINS, 1, 0, False, True),
        (JOINS, None, 4, False, False),
        (JOINS, None, 3, False, True),
    ],
    ids=["goes on", "its body stops it", "its widget stops it", "all iterations", "too few frames", "frames enough"],
)
def test_the_end_of_a_loop(settings, iterations, total_frames, stop, ended):
    loop = begun(settings, iterations, total_frames)
    loop.finish(1, ["abc"], stop)
    assert loop.ended is ended


def test_a_finished_loop_holds_no_value():
    loop = begun(initial=["first"])
    loop.captured[0], loop.copies[1] = (["song"],), ("node",)
    loop.finish(1, ["abc"], False)
    loop.tapped[2, 0] = (["picture"],)
    loop.release()
    assert (loop.captured, loop.tapped, loop.copies, loop.parts) == ({}, {}, {}, [])
    assert (loop.previous, loop.initial) == (None, None)
