"""Normalised attention guidance in the shipped loop: each window is guided like the first, wherever the model was."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file

from audio_loop.comfy_host.errors import ComfyError

from ..shipped import shipped, without_checkpoints, write_picture, write_song

GUIDERS = ("153", "843:644")
WINDOWS, STEPS, BLOCKS = 3, 8, 2
PATCH, SPY = "nag", "nag_spy"
CUTS = ((0, 7), (7, 12), (12, 17))
"""Latent frames that each window adds: 7, then a stride of 40 frames, 5 latents, each."""


@pytest.fixture(scope="module")
def prompt_of(comfy, tmp_path_factory):
    """`prompt_of(guided, ...)`: the shipped loop of three windows that ends in a file of latents, guided or not."""
    folder = tmp_path_factory.mktemp("guided")
    song = comfy.add_input(write_song(folder / "guided_song.wav", 4.8))
    picture = comfy.add_input(write_picture(folder / "guided.png"))

    def make(name, *, guided=True, unload=False, elsewhere=False, captured=False):
        prompt = without_checkpoints(shipped(song, picture, n1527_value=11))
        for shown in ("1604", "1563", "1564"):
            del prompt[shown]
        prompt["latents"] = {"class_type": "SaveLatent", "inputs": {"samples": ["1605", 0], "filename_prefix": name}}
        model, negative = prompt["153"]["inputs"]["model"], ["507", 0]
        if elsewhere:
            prompt["elsewhere"] = {"class_type": "TestElsewhere", "inputs": {"conditioning": negative}}
            negative = ["elsewhere", 0]
        if guided:
            inputs = {"model": model, "negative": negative, "nag_scale": 11.0, "nag_alpha": 0.25, "nag_tau": 2.5}
            prompt[PATCH] = {"class_type": "LTXNormalizedAttentionGuidance", "inputs": inputs}
            model = [PATCH, 0]
        if captured:
            inputs = {"model": model, "negative": ["507", 0]}
            prompt["captured"] = {"class_type": "TestCapturedGuidance", "inputs": inputs}
            model = ["captured", 0]
        prompt[SPY] = {"class_type": "TestGuidanceSpy", "inputs": {"model": model, "log_name": f"{name}.jsonl"}}
        for guider in GUIDERS:
            prompt[guider]["inputs"]["model"] = [SPY, 0]
        if unload:
            prompt["unload"] = {"class_type": "TestUnloadModels", "inputs": {"latent": prompt["2202"]["inputs"]["latent"]}}
            prompt["2202"]["inputs"]["latent"] = ["unload", 0]
            prompt["unload_first"] = {"class_type": "TestUnloadModels", "inputs": {"latent": ["1606", 0]}}
            prompt["2201"]["inputs"]["latent"] = ["unload_first", 0]
        return prompt

    return make


def run(comfy, prompt):
    """The latent of the whole video, (1, C, 17, H, W), and one row per sampling run."""
    log = comfy.output_folder / prompt[SPY]["inputs"]["log_name"]
    log.unlink(missing_ok=True)
    result = comfy.run(prompt, timeout=300)
    (file,) = result.files("latents")
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return load_file(comfy.path_of(file))["latent_tensor"], rows


@pytest.fixture(scope="module")
def guided(comfy, prompt_of):
    return run(comfy, prompt_of("guided"))


def test_every_window_is_guided_like_the_initial_render(comfy, prompt_of, guided):
    latents, rows = guided
    assert len(rows) == WINDOWS
    for row in rows:
        assert row["passes"] == STEPS
        assert len(row["video"]) == len(row["audio"]) == STEPS * BLOCKS
        assert min(row["video"] + row["audio"]) > 1e-4, "a guided call gave what the positive prompt alone gives"
    assert rows[0]["settings"] == [[11.0, 0.25, 2.5, True, True]]
    for row in rows[1:]:
        assert (row["negative"], row["settings"]) == (rows[0]["negative"], rows[0]["settings"])
    assert len(rows[0]["negative"]) == 1

    plain, plain_rows = run(comfy, prompt_of("unguided", guided=False))
    assert [len(row["video"]) for row in plain_rows] == [0] * WINDOWS
    for first, end in CUTS:
        assert (latents[:, :, first:end] - plain[:, :, first:end]).abs().max() > 1e-3


def test_a_model_unloaded_after_every_window_is_guided_the_same(comfy, prompt_of, guided):
    """The encoded negative prompt lies on another device than the model computes on."""
    latents, rows = run(comfy, prompt_of("unloaded", unload=True, elsewhere=True))
    torch.testing.assert_close(latents, guided[0], atol=1e-5, rtol=0)
    assert rows == guided[1]


def test_a_context_captured_on_another_device_fails(comfy, prompt_of):
    with pytest.raises(ComfyError, match="Expected all tensors to be on the same device"):
        run(comfy, prompt_of("captured", unload=True, captured=True))
