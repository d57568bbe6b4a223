"""The other shipped loops on the tiny model: every window sampled once, every frame in its place, the song's length."""

from __future__ import annotations

import hashlib
import json

import av
import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

from ..shipped import DEFAULT, painted, shipped, video_facts, video_of, without_checkpoints, write_picture, write_song

SECONDS = 4.8
FRAMES = 120
STG = f"{DEFAULT}_stg"
CROSSFADE = f"{DEFAULT}_crossfade"
REANCHOR = f"{DEFAULT}_reanchor"

KEYFRAME = f"{DEFAULT}_keyframe"
IMAGE = "audio-loop-music-video_image"
IMAGE_ADAIN = "audio-loop-music-video_image_adain_perstep"

# What only makes sense for a window of the usual length, set for the tiny one of 49 frames and 2 shared latents.
FOR_A_TINY_WINDOW = {
    STG: {"n2301_blocks": "1"},
    CROSSFADE: {"n843:2304_amount": 1},
    REANCHOR: {"n843:2311_frame_offset": 9, "n843:2312_frame_offset": 25, "n843:2313_frame_offset": 41},
    KEYFRAME: {"n2344_schedule": "0:00: 0\n0:03.2: 1"},
}
# Numbers are painted as colours, so nothing may correct those.
AS_PAINTED = {REANCHOR: {"n843:2006_factor": 0.0}}
PICTURE_LOOPS = [IMAGE, IMAGE_ADAIN]
VARIANTS = [*FOR_A_TINY_WINDOW, *PICTURE_LOOPS]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("variants")
    second = write_picture(folder / "second.png", (200, 300))
    return write_song(folder / "variants.wav", SECONDS), write_picture(folder / "variants.png"), second


@pytest.fixture
def prompt_of(comfy, files):
    """`prompt_of(name)` puts song and picture there and gives the prompt, set for a tiny window."""

    def make(name, **settings):
        song, picture, second = (comfy.add_input(path) for path in files)
        values = FOR_A_TINY_WINDOW.get(name, {}) | ({"n2341_image": second} if name == KEYFRAME else {})
        return shipped(song, picture, name=name, **values, **settings)

    return make


def numbers_painted(prompt, name):
    """The prompt with frame numbers painted; a loop in pictures decodes and encodes them on its way."""
    prompt = without_checkpoints(prompt)
    if name not in PICTURE_LOOPS:
        return painted(prompt)
    changed = painted(prompt)
    loader = next(i for i, node in prompt.items() if node["class_type"] == "CheckpointLoaderSimple")
    for node_id in ("2321", "2324", "2326"):
        changed[node_id]["inputs"]["vae"] = ["painted", 0]
    changed["painted"] = {"class_type": "TestPaintedVae", "inputs": {"vae": [loader, 2]}}
    return changed


@pytest.mark.parametrize("name", VARIANTS)
def test_it_makes_the_video_and_keeps_its_windows(comfy, prompt_of, name):
    log = f"{name}.jsonl"

    def run(seed):
        before = len(comfy.sampler_runs(log))
        result = comfy.run(comfy.with_counting_sampler(prompt_of(name, n1527_value=seed), log), timeout=300)
        facts = video_facts(video_of(comfy, result))
        assert (facts["frames"], facts["rate"], facts["size"]) == (FRAMES, 25, (128, 64))
        assert facts["audio_seconds"] == pytest.approx(SECONDS, abs=0.04)
        return [run["seed"] for run in comfy.sampler_runs(log)[before:]]

    assert run(seed=80) == [80, 81, 82]
    # ComfyUI's own cache forgets the first run over the second, so the third has its windows from disk.
    assert run(seed=90) == [90, 91, 92]
    assert run(seed=80) == []


@pytest.mark.parametrize("name", VARIANTS)
def test_frames_play_in_order(comfy, prompt_of, name):
    result = comfy.run(numbers_painted(prompt_of(name, **AS_PAINTED.get(name, {})), name), timeout=300)
    assert comfy.painted_numbers(result) == list(range(FRAMES))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_song_of_one_window_is_the_initial_render(comfy, prompt_of, name):
    result = comfy.run(numbers_painted(prompt_of(name, n567_duration=1.9), name), timeout=300)
    assert comfy.painted_numbers(result) == list(range(47))


def sampled(comfy, prompt, log):
    """Means of the sampled frames of each window."""
    comfy.run(comfy.with_counting_sampler(without_checkpoints(prompt), log), timeout=300)
    return [run["sampled_video_means"] for run in comfy.sampler_runs(log)]


def test_stg_acts_on_every_window(comfy, prompt_of):
    plain = sampled(comfy, prompt_of(STG, n2301_scale=0.0), "stg_off.jsonl")
    everywhere = sampled(comfy, prompt_of(STG), "stg_on.jsonl")
    loop_only = prompt_of(STG)
    loop_only["153"]["inputs"]["model"] = loop_only["2301"]["inputs"]["model"]
    in_the_loop = sampled(comfy, loop_only, "stg_loop.jsonl")
    assert everywhere[0] != plain[0]
    assert in_the_loop[0] == plain[0]
    assert in_the_loop[1] != plain[1]
    assert in_the_loop[2] != plain[2]


def test_the_initial_renders_statistics_are_held_in_the_loop_only(comfy, prompt_of):
    free = sampled(comfy, prompt_of(IMAGE_ADAIN, n2331_factor=0.0), "adain_off.jsonl")
    held = sampled(comfy, prompt_of(IMAGE_ADAIN), "adain_on.jsonl")
    assert held[0] == free[0]
    assert held[1] != free[1]
    assert held[2] != free[2]


def test_each_section_has_its_picture(comfy, prompt_of):
    one = prompt_of(KEYFRAME)
    one["2344"]["inputs"]["schedule"] = "0:00: 0"
    same = sampled(comfy, one, "one_picture.jsonl")
    changed = sampled(comfy, prompt_of(KEYFRAME), "two_pictures.jsonl")
    assert changed[:2] == same[:2]
    assert changed[2] != same[2]


def test_another_picture_or_time_costs_the_windows_that_it_changes(comfy, prompt_of, tmp_path):
    log = "keyframe_changes.jsonl"

    def windows_sampled(picture=None, times="0:00: 0\n0:03.2: 1"):
        prompt = prompt_of(KEYFRAME, n1527_value=700)
        prompt["2344"]["inputs"]["schedule"] = times
        if picture is not None:
            prompt["2341"]["inputs"]["image"] = picture
        before = len(comfy.sampler_runs(log))
        comfy.run(comfy.with_counting_sampler(prompt, log), timeout=300)
        return [run["seed"] - 700 for run in comfy.sampler_runs(log)[before:]]

    assert windows_sampled() == [0, 1, 2]
    third = comfy.add_input(write_picture(tmp_path / "third.png", (220, 260)))
    assert windows_sampled(third) == [2]
    assert windows_sampled(third, "0:00: 0\n0:01.6: 1") == [1, 2]
    assert windows_sampled(times="0:00: 0") == [2]
    assert windows_sampled() == []


def test_pictures_are_handed_on_in_matched_colours(comfy, prompt_of):
    as_they_are = sampled(comfy, prompt_of(IMAGE, n2327_strength=0.0), "colours_off.jsonl")
    matched = sampled(comfy, prompt_of(IMAGE), "colours_on.jsonl")
    assert matched[:2] == as_they_are[:2]
    assert matched[2] != as_they_are[2]


@pytest.mark.parametrize("name", [DEFAULT, CROSSFADE, IMAGE])
def test_what_is_on_disk_gives_the_same_video_without_sampling(comfy, prompt_of, name):
    """Windows that hold their overlap are not repeated, and all windows are known to belong together."""
    prompt = prompt_of(name, n1527_value=77, n2204_value=f"finished {name}")
    made = video_of(comfy, comfy.run(prompt, timeout=300))
    finish = json.loads((REPOSITORY / "example_workflows" / "api" / "audio-loop_finish-from-checkpoint.json").read_text())
    finish["414"]["inputs"]["ckpt_name"] = CHECKPOINT_NAME
    finish["565"]["inputs"]["audio"] = prompt["565"]["inputs"]["audio"]
    finish["2205"]["inputs"]["run_name"] = f"finished {name}"
    result = comfy.run(finish, timeout=300)
    lines = result.outputs["1563"]["text"][0].splitlines()
    assert lines[0] == f"run finished {name}: windows 0 to 2 of 2"
    assert len(lines) == (2 if name == CROSSFADE else 1)
    finished = video_of(comfy, result)
    assert video_facts(finished)["frames"] == video_facts(made)["frames"] == FRAMES
    if name != IMAGE:  # which decodes each window by itself
        assert pictures(finished) == pictures(made)


def pictures(path):
    """Hashes of the frames of a video."""
    with av.open(str(path)) as container:
        return [hashlib.sha256(frame.to_ndarray(format="rgb24").tobytes()).digest() for frame in container.decode(video=0)]
