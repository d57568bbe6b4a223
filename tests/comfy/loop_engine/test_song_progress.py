"""How far the whole song is, as the browser is told while a loop runs."""

from __future__ import annotations

import itertools
import time

import pytest

from audio_loop.comfy_host.in_process import PromptFailed

STEPS = 4


def sampled(graph, iterations, before_end=None, seconds=0.05, **close):
    """A loop whose body samples, after a window that is sampled outside it."""
    steps = {"steps": STEPS, "seconds": seconds, "sampler": "euler"}
    initial = graph.add("TestSteps", value=graph.frames(0), **steps)
    flow = graph.open(iterations, initial)
    body = graph.plus(graph.add("TestSteps", value=graph.previous(flow), **steps), 1)
    if before_end:
        body = graph.add(before_end, value=body, number=graph.iteration(flow), at=2)
    graph.sink(graph.close(flow, body, **{name: make(flow) for name, make in close.items()}))
    return flow[0]


def told(sent):
    """The messages on progress, what is over told as None."""
    return [data["progress"] for event, data in sent if event == "audio_loop.progress"]


def test_the_browser_is_told_of_windows_and_steps(default_engine, graph):
    node = sampled(graph, 3)
    began = time.monotonic()
    *running, end = told(default_engine.start(graph.prompt).sent)
    seconds = time.monotonic() - began
    assert end is None
    assert {message["node"] for message in running} == {node}
    percents = [message["percent"] for message in running]
    assert percents == sorted(percents)
    last = running[-1]
    assert (last["windows"], last["finished"], last["percent"], last["decode_follows"]) == (4, 4, 100.0, False)
    # Twice a second and at the end, however many nodes and steps there are.
    assert len(running) <= 2 * seconds + 2


def test_the_bar_of_the_loop_moves_within_a_window_and_never_back(default_engine, graph):
    node = sampled(graph, 3)
    sent = default_engine.start(graph.prompt).sent
    bars = [data["value"] for event, data in sent if event == "progress" and data["node"] == node]
    assert all(before <= after for before, after in itertools.pairwise(bars))
    assert bars[-1] == 3


def test_loops_that_hand_a_whole_video_on_are_stages_each_with_all_its_windows(default_engine, graph):
    steps = {"steps": STEPS, "seconds": 0.02, "sampler": "euler"}
    video, loops = graph.frames(0), []
    for iterations in (2, 3):
        flow = graph.open(iterations, video)
        body = graph.plus(graph.add("TestSteps", value=graph.previous(flow), **steps), 1)
        video = graph.close(flow, body, accumulate=False)
        loops.append(flow[0])
    graph.sink(video)
    *running, end = told(default_engine.start(graph.prompt).sent)
    assert end is None
    assert [node for node, _ in itertools.groupby(message["node"] for message in running)] == loops
    counts = [(each.get("stage", 1), each["windows"], each["finished"]) for each in running]
    assert max(finished for stage, _, finished in counts if stage == 1) <= 2
    assert counts[-1] == (2, 3, 3)


def test_a_loop_that_stops_early_is_done_then(default_engine, graph):
    sampled(graph, 9, stop=lambda flow: graph.add("TestEqual", a=graph.iteration(flow), b=2))
    *running, end = told(default_engine.start(graph.prompt).sent)
    # How many there will be is not known while the first is sampled.
    windows = [message["windows"] for message in running]
    assert (windows[0], max(filter(None, windows)), windows[-1], running[-1]["percent"], end) == (None, 10, 3, 100.0, None)


@pytest.mark.parametrize("ends", ["TestFail", "TestInterrupt"])
def test_a_render_that_fails_or_is_cancelled_shows_no_progress_any_more(default_engine, graph, ends):
    sampled(graph, 9, before_end=ends, seconds=0.1)
    with pytest.raises(PromptFailed):
        default_engine.start(graph.prompt)
    *running, end = told(default_engine.comfy.browser.sent)
    assert end is None
    assert 0 < running[-1]["percent"] < 50
