"""The shipped workflow, whole, on the tiny model: every window sampled once, every frame in its place, the song's length."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

from ..shipped import painted, shipped, video_facts, video_of, video_samples, without_checkpoints, write_picture, write_song

SECONDS = 8.0
ITERATIONS = 4
FRAMES = 200
FLAGS = [(), ("--cache-none",), ("--cache-lru", "10"), ("--cache-classic",)]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    return write_song(folder / "eight_seconds.wav", SECONDS), write_picture(folder / "shipped.png")


@pytest.fixture
def workflow(files):
    """`workflow(comfy, seed=1)` puts song and picture there and gives the prompt."""

    def make(comfy, seed=1, seconds=None, **settings):
        song, picture = (comfy.add_input(path) for path in files)
        prompt = shipped(song, picture, n1527_value=seed, **settings)
        if seconds is not None:
            prompt["567"]["inputs"]["duration"] = seconds
        return prompt

    return make


def test_frames_play_in_order_without_gap_or_repeat(comfy, workflow):
    prompt = comfy.with_counting_sampler(without_checkpoints(workflow(comfy)), "painted.jsonl")
    result = comfy.run(painted(prompt), timeout=300)
    assert len(comfy.sampler_runs("painted.jsonl")) == ITERATIONS + 1
    assert comfy.painted_numbers(result) == list(range(FRAMES))
    facts = video_facts(video_of(comfy, result))
    assert facts["rate"] == 25
    assert facts["frames"] == FRAMES
    assert facts["audio_seconds"] == pytest.approx(SECONDS, abs=0.04)


@pytest.mark.parametrize(
    ("overlap", "fps", "frames", "rate"),
    [(0.04, 25.0, 120, Fraction(25)), (0.6, 25.0, 120, Fraction(25)), (0.36, 23.976, 115, Fraction(24000, 1001))],
)
def test_frames_play_in_order_at_other_overlaps_and_rates(comfy, workflow, overlap, fps, frames, rate):
    prompt = without_checkpoints(workflow(comfy, seconds=4.8, overlap=overlap, n526_value=fps))
    result = comfy.run(painted(prompt), timeout=300)
    assert comfy.painted_numbers(result) == list(range(frames))
    assert video_facts(video_of(comfy, result))["rate"] == rate


def test_a_fitted_last_window_gives_the_same_frames(comfy, workflow):
    prompt = without_checkpoints(workflow(comfy, n1560_last_window="fit", seconds=4.8))
    prompt = comfy.with_counting_sampler(prompt, "fitted.jsonl")
    result = comfy.run(painted(prompt), timeout=300)
    assert comfy.painted_numbers(result) == list(range(120))
    lengths = [run["latent_shapes"][0][2] for run in comfy.sampler_runs("fitted.jsonl")]
    # 120 frames: windows end at 49, 89 and 129; 40 frames are still needed of the last, and 41 is the next 8k + 1.
    assert lengths == [7, 7 + 1, 6 + 1]


def test_the_video_has_the_song_as_it_was(comfy, workflow):
    result = comfy.run(painted(without_checkpoints(workflow(comfy))), timeout=300)
    heard = video_samples(video_of(comfy, result))[0, : 44100 * 7]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * 44100 / len(heard) == pytest.approx(220, abs=1)


@pytest.mark.parametrize("flags", FLAGS, ids=lambda flags: " ".join(flags) or "default")
def test_every_window_is_sampled_once_under(comfy_with, workflow, flags):
    comfy = comfy_with(*flags)
    log, small = "whole.jsonl", {"seconds": 4.8, "width": 64, "height": 64}

    def runs_of(seed):
        before = len(comfy.sampler_runs(log))
        result = comfy.run(comfy.with_counting_sampler(workflow(comfy, seed=seed, **small), log), timeout=300)
        return [run["seed"] for run in comfy.sampler_runs(log)[before:]], result

    seeds, result = runs_of(seed=5)
    assert seeds == [5, 6, 7]
    facts = video_facts(video_of(comfy, result))
    assert (facts["frames"], facts["size"]) == (120, (64, 64))
    seeds, _ = runs_of(seed=5)
    assert seeds == []
    seeds, result = runs_of(seed=9)
    assert seeds == [9, 10, 11]
    assert video_facts(video_of(comfy, result))["frames"] == 120


@pytest.mark.parametrize(("flags", "again"), [((), 0), (("--cache-none",), 3)], ids=["default", "--cache-none"])
def test_without_checkpoints_only_comfyuis_cache_saves_a_run(comfy_with, workflow, flags, again):
    comfy = comfy_with(*flags)
    prompt = comfy.with_counting_sampler(without_checkpoints(workflow(comfy, seed=21, seconds=4.8)), "uncached.jsonl")
    comfy.run(prompt, timeout=300)
    assert len(comfy.sampler_runs("uncached.jsonl")) == 3
    comfy.run(prompt, timeout=300)
    assert len(comfy.sampler_runs("uncached.jsonl")) == 3 + again


def test_a_changed_last_prompt_samples_only_the_last_window(comfy, workflow):
    def run(schedule):
        before = len(comfy.sampler_runs("prompts.jsonl"))
        prompt = workflow(comfy, seed=31, seconds=4.8, n1559_schedule=schedule)
        comfy.run(comfy.with_counting_sampler(prompt, "prompts.jsonl"), timeout=300)
        return [run["seed"] for run in comfy.sampler_runs("prompts.jsonl")[before:]]

    assert run("0:00: she sings\n0:03.2: she waves") == [31, 32, 33]
    assert run("0:00: she sings\n0:03.2: she bows") == [33]


def test_ten_seconds_are_one_window(comfy, files, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "ten_seconds.wav", 10.0))
    prompt = shipped(song, comfy.add_input(files[1]), width=64, height=64, window=19.88, overlap=2.0, n1527_value=3)
    result = comfy.run(comfy.with_counting_sampler(prompt, "ten.jsonl"), timeout=300)
    runs = comfy.sampler_runs("ten.jsonl")
    assert [run["latent_shapes"][0][2] for run in runs] == [33]  # 250 frames, fitted to 257
    facts = video_facts(video_of(comfy, result))
    assert facts["frames"] / facts["rate"] == 10
    assert facts["audio_seconds"] == pytest.approx(10.0, abs=0.04)
    assert "the loop does not run" in result.outputs["1563"]["text"][0]


def test_two_things_that_people_look_at_are_shown(comfy, workflow):
    result = comfy.run(painted(without_checkpoints(workflow(comfy, seconds=4.8))), timeout=300)
    assert "2 iterations" in result.outputs["1563"]["text"][0]
    (timeline,) = [file for file in result.files("1564") if file.filename.endswith(".png")]
    assert comfy.path_of(timeline).stat().st_size > 0


def test_the_run_on_disk_tells_prompts_and_seeds(comfy, workflow):
    schedule = "0:00: she sings\n0:03.2: she waves"
    prompt = workflow(comfy, seed=60, seconds=4.8, n1559_schedule=schedule, n2204_value="told", n1558_blend_seconds=1.6)
    comfy.run(painted(prompt), timeout=300)
    manifest = json.loads((comfy.output_folder / "audio_loop" / "told" / "manifest.json").read_text("utf-8"))
    takes = [window["takes"][0]["take"] for window in manifest["segments"]]
    assert [take["prompt"] for take in takes] == ["she sings", "she sings", "she sings | she waves (50%)"]
    assert [take["seed"] for take in takes] == [60, 61, 62]


def finishing(song, run, first, last):
    """The workflow that makes a video of what is on disk, with painted frames shown."""
    path = REPOSITORY / "example_workflows" / "api" / "audio-loop_finish-from-checkpoint.json"
    prompt = json.loads(path.read_text("utf-8"))
    prompt["414"]["inputs"]["ckpt_name"] = CHECKPOINT_NAME
    prompt["565"]["inputs"]["audio"] = song
    prompt["2205"]["inputs"].update(run_name=run, first=first, last=last)
    return painted(prompt)


@pytest.mark.parametrize(
    ("first", "last", "frames"),
    [
        (0, -1, range(120)),
        (0, 1, range(89)),
        # The first latent of a part is decoded as the first of a video: one frame instead of eight.
        (1, 2, range(56, 120)),
        (2, 2, range(96, 120)),
    ],
)
def test_a_video_from_what_is_on_disk(comfy, workflow, files, first, last, frames):
    comfy.run(painted(workflow(comfy, seed=70, seconds=4.8, n2204_value="to finish")), timeout=300)
    result = comfy.run(finishing(comfy.add_input(files[0]), "to finish", first, last))
    assert comfy.painted_numbers(result) == list(frames)
    facts = video_facts(video_of(comfy, result))
    assert facts["audio_seconds"] == pytest.approx(len(frames) / 25, abs=0.05)


def test_the_smoke_workflow_makes_two_windows(comfy, files, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "twelve_seconds.wav", 12.0))
    prompt = shipped(song, comfy.add_input(files[1]), name="audio-loop_smoke", window=4.84, overlap=0.96)
    prompt = comfy.with_counting_sampler(without_checkpoints(prompt), "smoke.jsonl")
    result = comfy.run(painted(prompt), timeout=300)
    assert len(comfy.sampler_runs("smoke.jsonl")) == 2
    assert comfy.painted_numbers(result) == list(range(121 + 104))
    assert video_facts(video_of(comfy, result))["audio_seconds"] == pytest.approx(9.0, abs=0.05)
    assert "max_iterations 1 stops the video at 0:09.00" in result.outputs["1563"]["text"][0]
