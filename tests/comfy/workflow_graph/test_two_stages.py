"""The default workflow on the tiny model: a draft, then what is finished from it, window by window and only what changed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from audio_loop.loop_control.plan import make_plan

from ..conftest import painted_numbers
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


@pytest.fixture
def workflow(comfy, files):
    """`workflow(stage, seed=1)`: the prompt, small."""

    def make(stage, seed=1, width=128, height=64, **settings):
        song, picture = (comfy.add_input(path) for path in files)
        values = {"n2500_stage": stage, "n1527_value": seed, "n2502_value": WINDOW, "n2503_value": OVERLAP}
        return shipped(song, picture, name="audio-loop-music-video", width=width, height=height, **values, **settings)

    return make


@pytest.fixture
def render(comfy):
    """`render(prompt, log)`: the result, and the windows sampled of draft and finish in the order in which they were made."""

    def run(prompt, log, on_event=None):
        before = len(comfy.sampler_runs(log))
        result = comfy.run(comfy.with_counting_sampler(prompt, log), on_event=on_event, timeout=300)
        return result, made(comfy.sampler_runs(log)[before:], int(prompt["1527"]["inputs"]["value"]))

    return run


def made(runs, seed):
    """Windows of the draft and of the finish, in the order in which they were sampled; every one with all its steps."""
    draft = [run["seed"] - seed for run in runs if len(run["sigmas"]) == DRAFT_STEPS + 1]
    finish = [run["seed"] - seed for run in runs if len(run["sigmas"]) == FINISH_STEPS + 1]
    assert len(draft) + len(finish) == len(runs)
    assert all(run["steps"] == len(run["sigmas"]) - 1 for run in runs)
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
    prompt = painted(prompt)
    prompt["finishing"] = {"class_type": "TestFinishingSampler", "inputs": {}}
    prompt["2501"].update(class_type="TestNearestUpscaler", inputs={})
    (sampled,) = [node for node in prompt if node.startswith("2517:") and prompt[node]["class_type"] == "SamplerCustomAdvanced"]
    prompt[sampled]["inputs"]["sampler"] = ["finishing", 0]
    result = comfy.run(prompt, timeout=300)
    draft, finished = (comfy.path_of(result.files(node)[0]) for node in ("1604", "2504"))
    assert painted_numbers(draft) == list(range(FRAMES))
    shown = painted_numbers(finished)
    assert [number - 8 * FINISHED for number in shown] == list(range(FRAMES))


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

    _, made = render(workflow("both", **rolled), log)
    assert made == ([], [])
