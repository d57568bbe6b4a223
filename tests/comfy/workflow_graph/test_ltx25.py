"""The shipped LTX 2.5 loop on the tiny model: frames in order, the lead-in, resume after a kill, the decode."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from audio_loop.workflow_graph.shipped.ltx25 import NAME

from ..checkpoints.resume.evidence import finished_videos, frames, kept, sampled, windows_on_disk
from ..checkpoints.resume.harness import Runner
from ..shipped import painted, shipped, with_sampler_wrapped, without_checkpoints, write_picture, write_song

SECONDS = 5.2
FRAMES = 124
"""At 24 fps a window of 1.96 s is 6 latents; 0.36 s are two, of which one is seen; so each window adds 32 frames."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ltx25")
    return write_song(folder / "ltx25.wav", SECONDS), write_picture(folder / "ltx25.png")


@pytest.fixture
def prompt(comfy, files):
    song, picture = (comfy.add_input(path) for path in files)
    return shipped(song, picture, name=NAME)


def test_frames_play_in_order(comfy, prompt):
    result = comfy.run(painted(without_checkpoints(prompt)), timeout=300)
    assert comfy.painted_numbers(result) == list(range(FRAMES))


def test_a_window_goes_on_behind_a_lead_in_and_the_video_is_that_of_one_decode(comfy, prompt):
    prompt["1634"]["inputs"].update(width=64)
    prompt["1604"]["inputs"]["format"] = "png-16bit"
    prompt["whole"] = {"class_type": "VAEDecode", "inputs": {"samples": prompt["1604"]["inputs"]["latent"], "vae": ["2503", 0]}}
    prompt["pictures"] = {"class_type": "SaveImage", "inputs": {"images": ["whole", 0], "filename_prefix": "ltx25_whole"}}
    result = comfy.run(comfy.with_counting_sampler(prompt, "ltx25.jsonl"), timeout=300)
    runs = comfy.sampler_runs("ltx25.jsonl")
    assert [run["seed"] for run in runs] == [42, 43, 44, 45]
    assert [run["steps"] for run in runs] == [8] * 4
    first, second = runs[:2]
    assert first["video_mask_max"] == [0.0] + [1.0] * 5
    assert second["video_mask_max"] == second["video_mask_min"] == [1.0, 0.0] + [1.0] * 4
    assert second["audio_mask_max"] == 0.0
    assert second["guide_positions"] == []
    # Of two shared latents the later one is seen, as it was, and behind it all is new.
    assert second["latent_video_means"][1] == first["sampled_video_means"][-1] == second["sampled_video_means"][1]
    assert second["latent_video_means"][0] == 0.0
    assert second["latent_shapes"] == [[1, 128, 6, 2, 2], [1, 8, 43, 16]]
    whole = [np.asarray(Image.open(comfy.path_of(file))) for file in result.files("pictures")]
    streamed = [np.asarray(Image.open(path)) for path in sorted(comfy.output_folder.glob("video/audio_loop*/*.png"))]
    assert len(streamed) == FRAMES
    assert max(int(np.abs(a.astype(int) - b).max()) for a, b in zip(streamed, whole, strict=False)) <= 1


@pytest.fixture(scope="module")
def runner(tiny_models, tmp_path_factory):
    base = tmp_path_factory.mktemp("resume25")
    started = Runner(base, tiny_models)
    write_song(base / "input" / "song.wav", 3.0)
    write_picture(base / "input" / "face.png")
    yield started
    started.close()


def test_killed_in_the_middle_it_samples_what_is_missing_and_ends_the_same(runner, tmp_path):
    small = {"width": 64, "height": 64, "window": 1.5, "overlap": 0.36, "n1421_sigmas": "1.0, 0.7, 0.0"}
    prompt = with_sampler_wrapped(shipped("song.wav", "face.png", name=NAME, **small), "TestCountingSampler")
    prompt["154_wrapped"]["inputs"]["log_name"] = "samplers.jsonl"

    def run(folder, kill_at=None):
        outcome = runner.run(tmp_path / folder, [prompt], ["1604"], kill_at)
        assert outcome.killed or [answer["ok"] for answer in outcome.answers] == [True], outcome.answers
        return outcome

    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    moments = run(calm.name).total_instants
    assert sampled(calm) == [0, 1, 2]
    assert run(disturbed.name, moments // 2).killed
    on_disk = windows_on_disk(disturbed)
    assert 0 < len(on_disk) < 3
    sampled(disturbed)
    assert not run(disturbed.name).killed
    assert set(sampled(disturbed)) == {0, 1, 2} - on_disk
    assert kept(disturbed) == kept(calm)
    assert [frames(video) for video in finished_videos(disturbed)] == [frames(video) for video in finished_videos(calm)]
