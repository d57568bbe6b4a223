"""Nothing is lost: renders killed with SIGKILL at seeded moments, restarted and queued again, end like undisturbed ones.

And what changed is sampled, nothing else: counted by sampler runs, in one process, across restarts and under every cache.
"""

from __future__ import annotations

import random

import pytest

from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song

from .resume.evidence import SONG_SECONDS, WINDOWS, check_kills, render, result, sampled, windows_on_disk
from .resume.harness import Runner

KILLS = 20
SEED = 20261122


@pytest.fixture(scope="module")
def runner(tiny_models, tmp_path_factory):
    base = tmp_path_factory.mktemp("resume")
    started = Runner(base, tiny_models)
    write_song(base / "input" / "song.wav", SONG_SECONDS)
    write_picture(base / "input" / "face.png")
    yield started
    started.close()


@pytest.fixture(scope="module")
def undisturbed(runner, tmp_path_factory):
    """A render that nobody disturbed: its latents, frames and number of moments."""
    output = tmp_path_factory.mktemp("undisturbed")
    outcome = runner.run(output, [render()], ["1604"])
    assert [answer["ok"] for answer in outcome.answers] == [True], outcome.answers
    assert sampled(output) == list(range(WINDOWS))
    return *result(output), outcome


def test_a_render_killed_at_any_moment_goes_on_where_it_was(runner, undisturbed, tmp_path):
    latents, pictures, calm = undisturbed
    chance = random.Random(SEED)

    def attempt(output, may_be_killed):
        moment = chance.randrange(1, calm.total_instants) if may_be_killed else None
        outcome = runner.run(output, [render()], ["1604"], moment)
        assert outcome.killed or [answer["ok"] for answer in outcome.answers] == [True], outcome.answers
        return outcome.killed

    check_kills(KILLS, tmp_path, attempt, latents, pictures)


def test_the_moments_cover_sampling_keeping_decoding_and_muxing(undisturbed):
    _, _, calm = undisturbed
    for kind in ("progress", "executing", "before fsync", "after replace", "before video write"):
        assert calm.instants.get(kind, 0) > 0, calm.instants


LONG_SONG_SECONDS = 5.3
"""The initial render and seven iterations."""
SCHEDULE = "0:00+: a face is singing\n0:02.28-0:04.2: {words}\n0:04.2+: a face is singing"
"""The entry in the middle is what windows 3 to 5 take: those of 3 and 6 are first seen 0.36 s behind 3 and 6 strides."""


@pytest.mark.parametrize("cache", ["default", "none"])
def test_only_what_changed_is_sampled(runner, tmp_path, cache):
    write_song(runner.base / "input" / "long.wav", LONG_SONG_SECONDS)

    def long(words):
        return render(n565_audio="long.wav", n1559_schedule=SCHEDULE.format(words=words))

    first, same = long("a face is laughing"), long("a face is laughing")
    moved = {("9" + key if key == "1563" else key): node for key, node in reversed(first.items())}
    other_words, other_seed = long("a face is weeping"), long("a face is weeping")
    other_seed["1560"]["inputs"]["seed_overrides"] = "4: +100"
    runs = []
    for prompt in (first, same, moved, other_words, other_seed, first):
        # One process for two queues and a new one for the next: neither may sample what is on disk.
        outcome = runner.run(tmp_path, [prompt, prompt], ["1604"], cache=cache)
        assert [answer["ok"] for answer in outcome.answers] == [True, True], outcome.answers
        runs.append([number if number < 50 else number - 100 for number in sampled(tmp_path)])
    assert runs == [list(range(8)), [], [], [3, 4, 5, 6, 7], [4, 5, 6, 7], []]


@pytest.mark.parametrize("moment", [("before fsync", 5), ("before video write", 3)], ids=["window", "video"])
def test_a_disk_that_fills_up_costs_nothing_that_was_finished(runner, undisturbed, tmp_path, moment):
    latents, pictures, _ = undisturbed
    outcome = runner.run(tmp_path, [render()], ["1604"], full_after=moment)
    (answer,) = outcome.answers
    assert not answer["ok"]
    assert "disk is full" in answer["message"] or "no space" in answer["message"].lower(), answer["message"]
    before = windows_on_disk(tmp_path)
    done = sampled(tmp_path)
    outcome = runner.run(tmp_path, [render()], ["1604"])
    assert [answer["ok"] for answer in outcome.answers] == [True], outcome.answers
    assert not before & set(sampled(tmp_path))
    assert before < set(range(WINDOWS)) or done == list(range(WINDOWS))
    assert result(tmp_path) == (latents, pictures)


def test_one_value_in_one_model_call_that_is_nan_costs_no_window(runner, undisturbed, tmp_path):
    """Window 2 of five is spoilt in the first of its two steps. It is named, not kept, and made well by the next queue."""
    latents, pictures, _ = undisturbed
    spoilt = render()
    spoilt["nan"] = {"class_type": "TestNanCall", "inputs": {"sampler": ["154", 0], "call": 5}}
    spoilt["counting"]["inputs"]["sampler"] = ["nan", 0]
    (answer,) = runner.run(tmp_path, [spoilt], ["1604"]).answers
    assert not answer["ok"]
    assert "window 2 is not finite" in answer["message"]
    assert "first seen at " in answer["message"]
    assert "SamplerCustomAdvanced" in answer["message"]
    assert sampled(tmp_path) == [0, 1, 2]
    assert windows_on_disk(tmp_path) == {0, 1}
    # Its calls are counted on, so none is spoilt any more.
    outcome = runner.run(tmp_path, [spoilt], ["1604"])
    assert [answer["ok"] for answer in outcome.answers] == [True], outcome.answers
    assert sampled(tmp_path) == [2, 3, 4]
    assert result(tmp_path) == (latents, pictures)
