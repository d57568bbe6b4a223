"""Every value in the shipped workflow, changed in turn: which windows are sampled again, counted by sampler runs.

The first render keeps the windows 0 (the initial render), 1 and 2 on disk. A value is in `FLIPS` with the windows that
its change samples, or in `WITHOUT_EFFECT`; a value that the shipped workflow has and this page does not is an error. Wherever
windows came from disk, the video is that of the same prompt with the checkpoints off, frame by frame.
"""

from __future__ import annotations

import json
import shutil
import wave
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.torch import save_file

from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME
from audio_loop.loop_engine.prompt_links import as_link

from ..shipped import shipped
from .resume.evidence import frames
from .resume.harness import Runner

# The first test waits for 70 renders.
pytestmark = pytest.mark.timeout(1200)

SEED = 42
SONG_SECONDS = 1.9
"""At a window of 1 s and a stride of 0.64 s: windows from 0, 0.64 and 1.28 s, seen from 0, 1.0 and 1.64 s."""
LATE_SECOND = 1.8
SCHEDULE = "0:00-0:01.6: a face is singing\n0:01.6+: a face is {}"
"""The second entry is what window 2 takes."""
EVERY, LOOP, LAST = [0, 1, 2], [1, 2], [2]

FLIPS = {
    # models
    "414 ckpt_name": ("other-checkpoint.safetensors", EVERY),
    "416 ckpt_name": ("other-checkpoint.safetensors", EVERY),
    "416 text_encoder": ("other-gemma.safetensors", EVERY),
    "1538 ckpt_name": ("other-checkpoint.safetensors", EVERY),
    "2014 lora_name": ("other-lora.safetensors", EVERY),
    "2014 strength_model": (0.4, EVERY),
    "268 mode": ("disabled", EVERY),
    "268 fallback_on_error": (False, EVERY),
    "268 skip_under_seq_len": (5, EVERY),
    # sampling
    "153 cfg": (2.0, EVERY),
    "154 sampler_name": ("heun", EVERY),
    "1421 sigmas": ("1.0, 0.6, 0.0", EVERY),
    "1527 value": (SEED + 100, [100, 101, 102]),
    "1560 seed_overrides": ("2: +7", [9]),
    "843:644 cfg": (2.0, LOOP),
    # prompts
    "169 current_iteration": (2, EVERY),
    "507 text": ("a cartoon of a game", EVERY),
    "1559 schedule": (SCHEDULE.format("weeping"), LAST),
    "1558 blend_seconds": (0.7, LAST),
    "1558 snap_to": ("window_start", LAST),
    # picture
    "444 image": ("one_pixel.png", EVERY),
    "445 resize_type.crop": ("disabled", EVERY),
    "445 scale_method": ("area", EVERY),
    "446 img_compression": (40, EVERY),
    "531 strength": (0.9, EVERY),
    "531 bypass": (True, EVERY),
    "1269 value": (0.5, LOOP),
    "843:1519 frame_offset": (0, LOOP),
    # song
    # the audio VAE hears a change a little before it comes: window 1 ends at 1.64 s
    "565 audio": ("late_sample.wav", LOOP),
    "567 start_index": (0.2, EVERY),
    "567 duration": (1.7, LOOP),
    "571 value": (1.0, EVERY),
    "601 current_iteration": (1, EVERY),
    # size and time; with a longer window or a shorter overlap there is one window less
    "526 value": (26.0, EVERY),
    "688 value": (1.4, [0, 1]),
    "2013 value": (0.04, [0, 1]),
    "1634 width": (96, EVERY),
    "1634 height": (96, EVERY),
    "1560 last_window": ("full", LAST),
    # what another run has is taken over from it
    "2204 value": ("another run", []),
    # they change nothing here, but only the node that reads them knows that; what follows an unchanged window is found
    "571 width": (256, [0]),
    "571 height": (256, [0]),
    "843:606 window_latents": (64, LOOP),
    "1634 multiple_of": ("64", LOOP),
    # last, so that the initial render before it came from disk and is not in ComfyUI's own cache
    "2203 value": (False, EVERY),
}

WITHOUT_EFFECT = {
    "416 device": "cpu",
    # a plan is wired, which says where the window lies
    "601 start_seconds": 0.5,
    "601 duration_seconds": 3.0,
    "2012 start_seconds": 0.5,
    "2012 duration_seconds": 3.0,
    # every window that is still made is as it was
    "1560 max_iterations": 2,
    "1560 windows": "0-2",
    "1539 mode.iterations": 7,
    "1558 snap_boundaries": False,
    "1540 accumulate": False,
    # after the last checkpoint
    "1604 filename_prefix": "video/other",
    "1604 format": "vp9-webm",
    "1604 crf": 30,
    "1604 audio_kbps": 128,
    "2600 enabled": True,
    # about the checkpoints themselves
    "2201 stop_on_nan": False,
    "2202 stop_on_nan": False,
    "2201 locked": "",
    "2202 locked": "1",
    "2201 takes": "",
    "2202 takes": "1: 1",
    "2201 preview": False,
    "2202 preview": False,
    "2201 keep_takes": 50,
    "2202 keep_takes": 50,
    "2201 limit_gb": 5.0,
    "2202 limit_gb": 5.0,
    "2201 after_update": "make again",
    "2202 after_update": "make again",
}

# There is one choice only, or another would be another workflow.
NOT_FLIPPED = {
    "344 batch_size",
    "445 resize_type",
    "1539 mode",
    "1540 overlap",
    "1560 order",
    "1605 dim",
    "2201 current_iteration",
}


def render():
    """The shipped workflow, small, with its sampler runs written down."""
    values = {"n1421_sigmas": "1.0, 0.7, 0.0", "n2204_value": "flips", "n1559_schedule": SCHEDULE.format("laughing")}
    prompt = shipped("song.wav", "face.png", width=64, height=64, window=1.0, overlap=0.36, n1527_value=SEED, **values)
    for node in prompt.values():
        for name, value in node["inputs"].items():
            if value == ["154", 0]:
                node["inputs"][name] = ["counting", 0]
    prompt["counting"] = {
        "class_type": "TestCountingSampler",
        "inputs": {"sampler": ["154", 0], "log_name": "samplers.jsonl"},
    }
    return prompt


def flipped(prompt, values):
    """The prompt with some values changed."""
    changed = json.loads(json.dumps(prompt))
    for key, value in values.items():
        node_id, name = key.split(" ")
        assert changed[node_id]["inputs"][name] != value or value == "", f"{key} has this value already"
        changed[node_id]["inputs"][name] = value
    return changed


def literals(prompt):
    """Every value that a user can change in the shipped file."""
    return {
        f"{node_id} {name}"
        for node_id, node in prompt.items()
        if node_id != "counting"
        for name, value in node["inputs"].items()
        if as_link(value) is None
    }


def write_other_files(base: Path, models: Path) -> None:
    """The files that the flips name: each differs from the first render's in what is named."""
    song, picture = base / "input" / "song.wav", base / "input" / "face.png"
    write_song(song, SONG_SECONDS)
    write_picture(picture)
    with wave.open(str(song)) as file:
        parameters, samples = file.getparams(), bytearray(file.readframes(file.getnframes()))
    at = round(LATE_SECOND * parameters.framerate) * parameters.nchannels * parameters.sampwidth
    samples[at : at + 2] = (30_000).to_bytes(2, "little")
    with wave.open(str(base / "input" / "late_sample.wav"), "wb") as file:
        file.setparams(parameters)
        file.writeframes(bytes(samples))

    from PIL import Image

    with Image.open(picture) as image:
        pixels = image.convert("RGB")
    centre = (pixels.width // 2, pixels.height // 2)
    pixels.putpixel(centre, tuple(255 - value for value in pixels.getpixel(centre)))
    pixels.save(base / "input" / "one_pixel.png")

    for folder, name, other in (
        ("checkpoints", CHECKPOINT_NAME, "other-checkpoint.safetensors"),
        ("loras", LORA_NAME, "other-lora.safetensors"),
        ("text_encoders", TEXT_ENCODER_NAME, "other-gemma.safetensors"),
    ):
        with safe_open(models / folder / name, "pt") as file:
            weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  a safe_open is no mapping
            metadata = file.metadata()
        changed = {key: value * 1.01 if value.is_floating_point() else value for key, value in weights.items()}
        save_file(changed, models / folder / other, metadata=metadata)


def video_of(base: Path, answer) -> list[str]:
    """The frames and the length of the sound that a render made."""
    files = [file for shown in answer["outputs"]["1604"].values() for file in shown if isinstance(file, dict)]
    (video,) = {(file["subfolder"], file["filename"]) for file in files if file["filename"].endswith((".mp4", ".webm"))}
    return frames(base / "output" / video[0] / video[1])


REUSING = ["first", "nothing", *(name for name, (_, windows) in FLIPS.items() if len(windows) < len(EVERY))]
"""Renders of which something may have come from disk; in the others there was nothing to be found."""


@pytest.fixture(scope="module")
def flips(tiny_models, tmp_path_factory):
    """Windows that each flip sampled, by the flip's name; "nothing" is all that is without effect at once.

    And the videos of those that found something, as they came and as they come without checkpoints.
    """
    base, models = tmp_path_factory.mktemp("flips"), tmp_path_factory.mktemp("flip_models")
    shutil.copytree(tiny_models, models, dirs_exist_ok=True)
    runner = Runner(base, models)
    try:
        write_other_files(base, models)
        first = render()
        names = ["first", "again", "nothing", *FLIPS]
        values = [{}, {}, WITHOUT_EFFECT, *({key: value} for key, (value, _) in FLIPS.items())]
        outcome = runner.run(base, [flipped(first, each) for each in values], ["1604"])
        changes = dict(zip(names, values, strict=True))
        off = [flipped(first, changes[name] | {"2203 value": False}) for name in REUSING]
        without = tmp_path_factory.mktemp("without")
        calm = runner.run(without, off, ["1604"])
    finally:
        runner.close()
    answers = dict(zip(names, outcome.answers, strict=True))
    failed = {name: answer["message"] for name, answer in answers.items() if not answer["ok"]}
    assert failed == {}
    assert [answer["message"] for answer in calm.answers if not answer["ok"]] == []
    came = {name: video_of(base, answers[name]) for name in REUSING}
    right = {name: video_of(without, answer) for name, answer in zip(REUSING, calm.answers, strict=True)}
    lines = (base / "output" / "samplers.jsonl").read_text().splitlines()
    seeds = iter([json.loads(line)["seed"] - SEED for line in lines])
    runs = {}
    for name, answer in zip(names, outcome.answers, strict=True):
        samplers = sum(node.rpartition(":")[2] == "573" or node == "161" for node in answer["started"])
        runs[name] = [next(seeds) for _ in range(samplers)]
    assert list(seeds) == []
    return runs, came, right


@pytest.fixture(scope="module")
def counted(flips):
    return flips[0]


def test_every_value_of_the_shipped_workflow_is_on_this_page():
    assert literals(render()) == FLIPS.keys() | WITHOUT_EFFECT.keys() | NOT_FLIPPED


def test_the_first_render_samples_all_and_the_second_nothing(counted):
    assert counted["first"] == EVERY
    assert counted["again"] == []


def test_values_without_effect_sample_nothing(counted):
    assert counted["nothing"] == []


@pytest.mark.parametrize("name", REUSING)
def test_what_came_from_disk_makes_the_video_that_a_fresh_render_makes(flips, name):
    _, came, right = flips
    assert came[name] == right[name]


@pytest.mark.parametrize("name", FLIPS)
def test_what_changes_the_result_is_sampled_again_and_nothing_else(counted, name):
    assert counted[name] == FLIPS[name][1]
