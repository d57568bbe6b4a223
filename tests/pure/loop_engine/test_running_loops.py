from __future__ import annotations

from dataclasses import dataclass

from audio_loop.loop_engine.running_loops import RunningLoops


@dataclass
class Loop:
    prompt_id: str = "render"
    close_id: str = "1540"
    display_id: str = "1539"
    nested: bool = False
    total: int | None = 10
    done: int = 3
    begun: bool = True
    ended: bool = False


def test_a_running_loop_can_be_asked_to_stop():
    loops, loop = RunningLoops(), Loop()
    loops.expect(loop)
    assert not loops.should_stop(loop)
    assert loops.ask_to_stop("render") == (loop,)
    assert loops.should_stop(loop)


def test_a_render_that_was_asked_to_stop_is_known_and_no_other():
    loops = RunningLoops()
    assert not loops.is_stopping("render")
    loops.ask_to_stop("render")
    assert (loops.is_stopping("render"), loops.is_stopping("other"), loops.is_stopping("")) == (True, False, False)


def test_a_loop_that_is_over_is_not_asked():
    loops, over, running = RunningLoops(), Loop(ended=True), Loop()
    loops.expect(over)
    loops.expect(running)
    assert loops.ask_to_stop("render") == (running,)


def test_a_render_that_is_over_leaves_nothing_behind():
    loops, loop = RunningLoops(), Loop()
    loops.expect(loop)
    loops.ask_to_stop("render")
    loops.forget(loop)
    assert loops.ask_to_stop("render") == ()
    assert loops.known("render") == ()


def test_the_next_render_goes_on():
    loops = RunningLoops()
    loops.ask_to_stop("render")
    later = Loop(prompt_id="next")
    loops.expect(later)
    assert not loops.should_stop(later)


def test_a_loop_that_begins_later_in_the_same_render_is_stopped_too():
    loops = RunningLoops()
    loops.ask_to_stop("render")
    later = Loop(begun=False)
    loops.expect(later)
    assert loops.should_stop(later)


def test_a_loop_inside_another_runs_whole():
    loops, outer, inner = RunningLoops(), Loop(), Loop(close_id="inner", nested=True)
    loops.expect(outer)
    loops.expect(inner)
    assert loops.ask_to_stop("render") == (outer,)
    assert not loops.should_stop(inner)


def test_a_loop_outside_any_render_is_never_stopped():
    loops, loop = RunningLoops(), Loop(prompt_id="")
    loops.expect(loop)
    loops.ask_to_stop("")
    assert not loops.should_stop(loop)


def test_stops_are_counted_by_close_node():
    loops = RunningLoops()
    loops.note_stop(Loop())
    assert (loops.stops("1540"), loops.stops("other")) == (1, 0)
