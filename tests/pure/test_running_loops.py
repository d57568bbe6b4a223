from __future__ import annotations

from dataclasses import dataclass

from audio_loop.loop_control.running_loops import RunningLoops


@dataclass
class Loop:
    display_id: str = "1539"
    done: int = 3
    ended: bool = False


def test_a_running_loop_can_be_asked_to_stop():
    loops, loop = RunningLoops(), Loop()
    loops.start(loop)
    assert not loops.should_stop(loop)
    assert loops.ask_to_stop() == (loop,)
    assert loops.should_stop(loop)


def test_a_loop_that_is_over_is_not_asked():
    loops, over, running = RunningLoops(), Loop(ended=True), Loop()
    loops.start(over)
    loops.start(running)
    assert loops.ask_to_stop() == (running,)
    assert not loops.should_stop(over)


def test_a_finished_loop_leaves_nothing_behind():
    loops, loop = RunningLoops(), Loop()
    loops.start(loop)
    loops.ask_to_stop()
    loops.finish(loop)
    assert not loops.should_stop(loop)
    assert loops.ask_to_stop() == ()


def test_what_starts_after_the_question_goes_on():
    loops = RunningLoops()
    loops.ask_to_stop()
    later = Loop()
    loops.start(later)
    assert not loops.should_stop(later)
