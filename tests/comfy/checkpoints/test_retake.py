"""A part of a finished run is sampled again on the real server: one sampler run, the rest kept, the render goes on with it."""

from __future__ import annotations

import json

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.workflow_patch import STAND_INS, TINY_MODEL, patched, song_and_picture
from audio_loop.video.preview import PREVIEW_FRAMES, PREVIEW_SIDE_PX

from ..shipped import refused, shipped, video_facts, video_of, write_picture, write_song

SECONDS = 8.0
WINDOWS = 5
FRAMES = 200


@pytest.fixture(scope="module")
def run(comfy, tmp_path_factory):
    """The prompt of a finished run, named `retaken`, with its sampler runs written down."""
    folder = tmp_path_factory.mktemp("retake")
    song, picture = write_song(folder / "retake_song.wav", SECONDS), write_picture(folder / "retake.png")
    prompt = shipped(comfy.add_input(song), comfy.add_input(picture), n1527_value=11, n2204_value="retaken")
    prompt["1421"]["inputs"]["sigmas"] = "1.0, 0.7, 0.0"
    prompt = comfy.with_counting_sampler(prompt, "retake.jsonl")
    comfy.run(prompt, timeout=300)
    assert len(sampled(comfy)) == WINDOWS
    return prompt


def sampled(comfy):
    """Seeds of the sampler runs since the last question."""
    path = comfy.output_folder / "retake.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [json.loads(line)["seed"] for line in lines]


def chosen(comfy):
    """Of every window: prompt and seed of its chosen take, how many takes there are, and the latent."""
    folder = comfy.output_folder / "audio_loop" / "retaken"
    found = []
    for window in json.loads((folder / "manifest.json").read_text())["segments"]:
        (stored,) = [each for each in window["takes"] if each["take"]["fingerprint"] == window["chosen"]]
        samples = load_file(folder / stored["file"])["samples"]
        found.append((stored["take"]["prompt"], stored["take"]["seed"], len(window["takes"]), samples))
    return found


def retake(comfy, run, seed, part, prompt="", fade_latents=1):
    """The shipped workflow that makes `part` of the run again."""
    shipped_form = json.loads((REPOSITORY / "example_workflows" / "api" / "audio-loop-music-video_retake.json").read_text())
    shipped_form["2206"]["inputs"].update(prompt=prompt, fade_latents=fade_latents, **part)
    shipped_form["2205"]["inputs"]["run_name"] = "retaken"
    shipped_form["1527"]["inputs"]["value"] = seed
    shipped_form["1421"]["inputs"]["sigmas"] = run["1421"]["inputs"]["sigmas"]
    files = song_and_picture(run["444"]["inputs"]["image"], run["565"]["inputs"]["audio"])
    return comfy.with_counting_sampler(patched(shipped_form, (*TINY_MODEL, *files), STAND_INS), "retake.jsonl")


def window(number):
    return {"window": number}


def seconds(start, end):
    return {"window": -1, "start_seconds": start, "end_seconds": end}


def test_only_this_one_and_keep_the_rest(comfy, run):
    before = chosen(comfy)
    result = comfy.run(retake(comfy, run, 99, window(2), "a face is weeping", 0), timeout=300)
    assert sampled(comfy) == [99]
    assert result.outputs["1564"]["text"][0] == "run retaken: window 2: take 2, chosen; the rest is kept"
    assert video_facts(video_of(comfy, result))["frames"] == FRAMES
    after = chosen(comfy)
    assert after[2][:3] == ("a face is weeping", 99, 2)
    assert not torch.equal(after[2][3], before[2][3])
    for index in (0, 1, 3, 4):
        assert after[index][:3] == before[index][:3]
        assert torch.equal(after[index][3], before[index][3])

    # The render's own workflow takes the retake, and no window behind it is sampled: they stand for what they followed.
    comfy.run(with_another_name(run), timeout=300)
    assert sampled(comfy) == []
    assert [each[:3] for each in chosen(comfy)] == [each[:3] for each in after]

    # A changed seed of window 3 is sampled behind the retake, and 4 behind that; the retake stays.
    changed = with_another_name(run)
    changed["1560"]["inputs"]["seed_overrides"] = "3: +100"
    comfy.run(changed, timeout=300)
    assert sampled(comfy) == [11 + 3 + 100, 11 + 4]
    assert chosen(comfy)[2][:3] == after[2][:3]


def test_a_part_in_the_middle_of_a_window_fades_into_what_is_kept(comfy, run):
    before = chosen(comfy)
    comfy.run(retake(comfy, run, 5, seconds(0.6, 0.9)), timeout=300)
    assert sampled(comfy) == [5]
    after = chosen(comfy)
    assert after[0][0] == before[0][0]
    changed = (after[0][3] != before[0][3]).flatten(3).any(3)[0].any(0).tolist()
    # Frames 15 to 22 lie in latents 2 and 3; one latent on either side fades.
    assert changed == [False, True, True, True, True, False, False]


def test_what_cannot_be_made_again_is_refused_before_anything_is_sampled(comfy, run):
    nodes = retake(comfy, run, 5, seconds(1.0, 4.0))
    assert "at most" in refused(comfy, nodes, ["2207", 3])
    nodes = retake(comfy, run, 5, window(9))
    assert "windows 0 to 4 on disk" in refused(comfy, nodes, ["2207", 3])
    assert sampled(comfy) == []


def with_another_name(prompt):
    """The prompt as ComfyUI has not seen it: nothing of it is in the server's cache, all of it is on disk."""
    changed = json.loads(json.dumps(prompt))
    changed["1604"]["inputs"]["filename_prefix"] = "video/again"
    changed["2204"]["inputs"]["value"] = "retaken "
    return changed


def test_each_window_shows_a_few_small_frames_on_its_checkpoint(comfy, run):
    prompt = with_another_name(run)
    prompt["1604"]["inputs"]["filename_prefix"] = "video/shown"
    prompt["1527"]["inputs"]["value"] = 23
    prompt["2204"]["inputs"]["value"] = "shown"
    result = comfy.run(prompt, timeout=300)
    sampled(comfy)
    # ComfyUI's history names the copies of a node in the loop; in the browser they show on the node itself.
    for checkpoint, windows in (("2201", 1), ("2202", WINDOWS - 1)):
        pictures = [comfy.path_of(file) for file in result.files() if checkpoint in file.node_id]
        assert len(pictures) == PREVIEW_FRAMES * windows
        for path in pictures:
            with Image.open(path) as picture:
                assert picture.size == (PREVIEW_SIDE_PX, PREVIEW_SIDE_PX // 2)
                assert len(picture.getcolors(1 << 20)) > 1
    prompt["2201"]["inputs"]["preview"] = False
    prompt["2201"]["inputs"]["keep_takes"] = prompt["2202"]["inputs"]["keep_takes"] = 1
    prompt["1421"]["inputs"]["sigmas"] = "1.0, 0.5, 0.0"
    result = comfy.run(prompt, timeout=300)
    assert result.files("2201") == ()
    # One take of each window is kept, as the node was told: that of the second render.
    assert len(sampled(comfy)) == WINDOWS
    assert len(list((comfy.output_folder / "audio_loop" / "shown").glob("segment_*"))) == WINDOWS
