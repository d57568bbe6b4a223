"""The default workflow on the tiny model: a draft, then what is finished from it, window by window and only what changed."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.comfy_host.errors import ServerError
from audio_loop.comfy_host.events import ProgressText
from audio_loop.demo.launch import tiny_server
from audio_loop.demo.workflow_patch import STAND_INS, TINY_MODEL, patched, song_and_picture
from audio_loop.loop_control.plan import make_plan

from ..conftest import Comfy, painted_numbers
from ..loop_server.test_stop_button import ask
from ..shipped import painted, shipped, video_facts, without_checkpoints, write_picture, write_song

SECONDS = 4.8
FRAMES = 120
DRAFT_STEPS, FINISH_STEPS = 8, 3
FINISHED = 2048
"""What `test_nodes/two_stages.py` adds to the number of a latent that the finish samples."""
WINDOW, OVERLAP = 1.32, 0.36
"""Of the finish: 33 frames are 5 latents, of which neighbours share 2."""


def plan(window, overlap, order):
    return make_plan(
        audio_samples=round(SECONDS * 44100),
        sample_rate=44100,
        window_seconds=window,
        overlap_seconds=overlap,
        fps=25,
        order=order,
    )


DRAFT, FINISH = plan(1.96, 0.36, "in turn"), plan(WINDOW, OVERLAP, "anchors first")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages")
    return write_song(folder / "stages.wav", SECONDS), write_picture(folder / "stages.png")


def small(comfy, files, stage, seed=1, width=128, height=64, **settings):
    """The prompt, small, with song and picture there."""
    song, picture = (comfy.add_input(path) for path in files)
    values = {"n2500_stage": stage, "n1527_value": seed, "n2502_value": WINDOW, "n2503_value": OVERLAP}
    return shipped(song, picture, name="audio-loop-music-video", width=width, height=height, **values, **settings)


@pytest.fixture
def workflow(comfy, files):
    """`workflow(stage, seed=1)`: the prompt, small."""
    return partial(small, comfy, files)


@pytest.fixture
def render(comfy):
    """`render(prompt, log)`: the result, and the windows sampled of draft and finish in the order in which they were made."""

    def run(prompt, log, on_event=None):
        before = len(comfy.sampler_runs(log))
        result = comfy.run(comfy.with_counting_sampler(prompt, log), on_event=on_event, timeout=300)
        return result, made(comfy.sampler_runs(log)[before:], int(prompt["1527"]["inputs"]["value"]))

    return run


def made(runs, seed, draft_steps=DRAFT_STEPS):
    """Windows of the draft and of the finish, in the order in which they were sampled; every one with all its steps."""
    assert {run["steps"] for run in runs} <= {draft_steps, FINISH_STEPS}
    draft, finish = ([run["seed"] - seed for run in runs if run["steps"] == steps] for steps in (draft_steps, FINISH_STEPS))
    return draft, finish


def videos(comfy, result):
    """Facts of the draft's and of the finished video; None for one that was not made."""
    found = [[file for file in result.files(node) if file.filename.endswith(".mp4")] for node in ("1604", "2504")]
    return [video_facts(comfy.path_of(files[0])) if files else None for files in found]


def to_finish(changed, prompts=()):
    """Windows of the finish that have to be made again.

    Args:
        changed: Latents [start, stop) of the draft that are others.
        prompts: Windows of the draft whose prompt is another.
    """

    def differs(index):
        start, stop = FINISH.nth_window(index).latents
        return (start < changed[1] and changed[0] < stop) or draft_window(index) in prompts

    anchors = {index for index in FINISH.sequence if index % 2 == 0 and differs(index)}
    gaps = {i for i in FINISH.sequence if i % 2 and (differs(i) or anchors & {i - 1, i + 1})}
    return [index for index in FINISH.sequence if index in anchors | gaps]


def draft_window(index):
    """The draft's window that is seen in the middle of what a window of the finish adds, worked out anew here."""
    window = FINISH.nth_window(index)
    middle = Fraction(window.new_start_px + window.new_stop_px, 2)
    return next(each.index for each in DRAFT.windows if middle < each.new_stop_px)


def test_draft_and_finish_have_every_frame_in_order_and_sample_each_window_once(comfy, workflow, render):
    prompt = without_checkpoints(workflow("both", width=256, height=128))
    prompt = with_finishing_sampler(painted(prompt))
    prompt["2501"].update(class_type="TestNearestUpscaler", inputs={})
    result = comfy.run(prompt, timeout=300)
    draft, finished = (comfy.path_of(result.files(node)[0]) for node in ("1604", "2504"))
    assert painted_numbers(draft) == list(range(FRAMES))
    shown = painted_numbers(finished)
    assert [number - 8 * FINISHED for number in shown] == list(range(FRAMES))


def with_finishing_sampler(prompt):
    """The prompt with the sampler that refuses a window whose finished latents are not those with a mask of 0."""
    prompt["finishing"] = {"class_type": "TestFinishingSampler", "inputs": {}}
    prompt["2517:2525"]["inputs"]["sampler"] = ["finishing", 0]
    return prompt


def test_anchors_come_first_in_one_stage_and_a_change_costs_a_window_and_its_neighbours(comfy, files, render):
    song, picture = (comfy.add_input(path) for path in files)
    make = partial(shipped, song, picture, name="audio-loop-music-video_anchors")
    result = comfy.run(with_finishing_sampler(painted(without_checkpoints(make(n1527_value=300)))), timeout=300)
    shown = painted_numbers(comfy.path_of(result.files("1604")[0]))
    # The canvas is empty, so every latent has the same number once it is made.
    assert (len(shown), min(shown) >= 8 * FINISHED - 7) == (FRAMES, True)

    log, changed = "anchors.jsonl", {"n1560_seed_overrides": "2: +50"}
    for settings, wanted in (({}, [0, 2, 1]), (changed, [2 + 50, 1])):
        result, (made, _) = render(make(n1527_value=300, **settings), log)
        assert made == wanted
    assert video_facts(comfy.path_of(result.files("1604")[0]))["frames"] == FRAMES


SCHEDULE = "0:00: she sings\n0:03.2: she waves"


def test_a_draft_is_finished_and_after_an_edit_only_what_had_to_be_is_made_again(comfy, workflow, render):
    log, settings = "stages.jsonl", {"seed": 100, "n2204_value": "staged"}

    result, made = render(workflow("draft", n1559_schedule=SCHEDULE, **settings), log)
    assert made == ([0, 1, 2], [])
    draft, finished = videos(comfy, result)
    assert (draft["frames"], draft["size"], finished) == (FRAMES, (64, 32), None)

    result, made = render(workflow("finish", n1559_schedule=SCHEDULE, **settings), log)
    assert made == ([], list(FINISH.sequence))
    draft, finished = videos(comfy, result)
    assert (draft, finished["frames"], finished["size"]) == (None, FRAMES, (128, 64))
    assert finished["audio_seconds"] == pytest.approx(SECONDS, abs=0.04)

    bows = SCHEDULE.replace("waves", "bows")
    _, made = render(workflow("finish", n1559_schedule=bows, **settings), log)
    assert made == ([2], to_finish(DRAFT.nth_window(2).added_latents, prompts={2}))
    assert made[1] == [4, 3]

    rolled = {"n1559_schedule": bows, "n1560_seed_overrides": "1: +50", **settings}
    _, made = render(workflow("finish", **rolled), log)
    assert made == ([1 + 50, 2], to_finish((DRAFT.nth_window(1).added_latents[0], 16)))
    assert made[1] == [2, 4, 1, 3]

    # A part of the draft is made again by the workflow for that: the draft is not sampled, the finish where it lies over it.
    comfy.run(retake_of("staged", workflow("draft", **rolled), window=1), timeout=300)
    _, made = render(workflow("both", **rolled), log)
    assert made == ([], to_finish(DRAFT.nth_window(1).added_latents))
    assert made[1] == [2, 1, 3]


def retake_of(run, prompt, window):
    """The shipped workflow that makes a window of a run again, and what that adds ends sharply."""
    retake = json.loads((REPOSITORY / "example_workflows" / "api" / "audio-loop-music-video_retake.json").read_text("utf-8"))
    retake["2205"]["inputs"]["run_name"] = run
    retake["2206"]["inputs"].update(window=window, fade_latents=0)
    files = song_and_picture(prompt["444"]["inputs"]["image"], prompt["565"]["inputs"]["audio"])
    return patched(retake, (*TINY_MODEL, *files), STAND_INS)


@pytest.fixture
def own_server(tiny_models, tmp_path):
    """`own_server()`: a session with a ComfyUI that may be killed; another one goes on in its folder."""

    def start():
        nodes = {"audio-loop-tests": Path(__file__).resolve().parents[1] / "test_nodes"}
        return Comfy(tiny_server(tmp_path / "comfyui", tiny_models, custom_nodes=nodes))

    return start


def test_a_finish_that_is_killed_then_stopped_goes_on_with_what_is_left_and_its_video_is_whole_at_any_time(own_server, files):
    log, seed = "killed.jsonl", 200

    def at(text, action):
        return lambda event: action() if isinstance(event, ProgressText) and event.text == text else None

    def run(comfy, prompt, on_event=None):
        before = len(comfy.sampler_runs(log))
        try:
            slowed = comfy.with_counting_sampler(comfy.with_slow_sampler(prompt, 0.2), log)
            result = comfy.run(slowed, on_event=on_event, timeout=300)
        except ServerError:
            result = None
        return result, made(comfy.sampler_runs(log)[before:], seed, draft_steps=1)

    with own_server() as comfy:
        prompt = small(comfy, files, "finish", seed, n1421_sigmas="1.0, 0.0")
        result, (draft, first) = run(comfy, prompt, at("2 / 5", comfy.server.kill))
        assert (result, draft) == (None, [0, 1, 2])
    with own_server() as comfy:
        result, (draft, second) = run(comfy, prompt, at("3 / 5", lambda: ask(comfy.url)))
        assert (draft, first + second) == ([], [0, 2, 4])
        assert videos(comfy, result)[1]["frames"] == FRAMES
        result, (draft, third) = run(comfy, prompt)
        assert (draft, third) == ([], [1, 3])
        undisturbed = comfy.run(without_checkpoints(prompt), timeout=300)
        assert frames(comfy, result) == frames(comfy, undisturbed)


def frames(comfy, result):
    """The pictures of the finished video."""
    (file,) = [file for file in result.files("2504") if file.filename.endswith(".mp4")]
    with av.open(str(comfy.path_of(file))) as container:
        return [frame.to_ndarray(format="rgb24").tobytes() for frame in container.decode(video=0)]
