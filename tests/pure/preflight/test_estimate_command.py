"""The command line of the cost: what a graph samples is read, and the song decides how much of it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from audio_loop.cost.cards import card_named
from audio_loop.cost.recipe import WindowPart
from audio_loop.cost.reference_table import as_text
from audio_loop.cost.weights import PUBLISHED_FP8
from audio_loop.loop_control.errors import PlanError
from audio_loop.preflight import song as song_module
from audio_loop.preflight.estimate_command import _lines, main
from audio_loop.preflight.model_file import KnownWeights
from audio_loop.preflight.sampled import sampled
from audio_loop.preflight.song import read_song
from audio_loop.workflow_graph.document import load
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.reading.flow import Flow
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.shipped.models import CHECKPOINT

from .conftest import DEFAULT, FOUR_MINUTES
from .test_command import MODERN, write_song

STG = DEFAULT.with_name("audio-loop-music-video_latent_stg.json")
TWO = DEFAULT.with_name("audio-loop-music-video.json")
RETAKE = DEFAULT.with_name("audio-loop-music-video_retake.json")


def read(path, change=None, song=FOUR_MINUTES):
    prompt = to_api(load(path))
    if change is not None:
        change(prompt)
    return sampled(Flow(prompt, Schemas.load()), song, None, frozenset())


def node(prompt, class_type):
    (found,) = [each for each in prompt.values() if each["class_type"] == class_type]
    return found["inputs"]


def test_the_samplings_of_the_default_workflow():
    first, later = read(DEFAULT).recipe.samplings
    assert (first.part, first.windows, first.stage.guide_latents) == (WindowPart.FIRST, (0,), 0)
    assert (later.part, later.windows, later.stage.guide_latents) == (WindowPart.LATER, tuple(range(1, 14)), 1)
    for each in (first, later):
        assert (each.stage.width_px, each.stage.height_px, each.stage.steps) == (832, 448, 8)
        assert (each.stage.guidance.calls, each.stage.guidance.prompts) == (1, 2)
        assert each.plan.requested_window == Fraction("19.88")


def chosen(prompt, stage):
    for each in prompt.values():
        if isinstance(each["inputs"].get("stage"), str):
            each["inputs"]["stage"] = stage


def test_the_samplings_of_draft_and_finish():
    draft = read(TWO).recipe.samplings
    assert [(each.stage.width_px, each.part) for each in draft] == [(640, WindowPart.FIRST), (640, WindowPart.LATER)]
    for stage in ("finish", "both"):
        *first, finish = read(TWO, lambda prompt, stage=stage: chosen(prompt, stage)).recipe.samplings
        assert tuple(first) == draft
        assert (finish.stage.width_px, finish.stage.height_px, finish.stage.steps) == (1280, 704, 3)
        assert (finish.part, finish.is_enlarged, finish.stage.guide_latents) == (WindowPart.ALL, True, 1)
        assert (finish.plan.requested_window, finish.windows[:3]) == (8, (0, 2, 4))


def test_guidance_and_samplers_that_ask_the_model_more_often():
    assert [each.stage.guidance.calls for each in read(STG).recipe.samplings] == [2, 2]
    off = read(STG, lambda prompt: node(prompt, "LTXVSpatioTemporalGuidance").update(scale=0.0))
    assert [each.stage.guidance.calls for each in off.recipe.samplings] == [1, 1]

    def heun_with_cfg(prompt):
        node(prompt, "KSamplerSelect")["sampler_name"] = "heun"
        for each in prompt.values():
            if each["class_type"] == "CFGGuider":
                each["inputs"]["cfg"] = 3.0

    twice = read(DEFAULT, heun_with_cfg).recipe.samplings
    assert [(each.stage.steps, each.stage.guidance.calls) for each in twice] == [(16, 2), (16, 2)]


def test_steps_that_are_chosen():
    def chosen(prompt):
        for each in prompt.values():
            if each["class_type"] == "ManualSigmas":
                each.update(class_type="AudioLoopSigmas", inputs={"steps": "5 steps, quality unproven"})

    assert [each.stage.steps for each in read(DEFAULT, chosen).recipe.samplings] == [5, 5]


def test_modality_guidance_and_several_guides_of_one_node():
    def more(prompt):
        model = node(prompt, "AudioLoopHelperSageAttention")["model"]
        prompt["apart"] = {"class_type": "LTXVModalityGuidance", "inputs": {"model": model, "modality_scale": 3.0}}
        node(prompt, "AudioLoopHelperSageAttention")["model"] = ["apart", 0]
        node(prompt, "LatentGuide")["num_guides"] = 3

    first, later = read(DEFAULT, more).recipe.samplings
    assert (first.stage.guidance.calls, first.stage.guide_latents, later.stage.guide_latents) == (2, 0, 3)


NOT_KNOWN = {"audio-loop-music-video_retake", "audio-loop_finish-from-checkpoint"}


@pytest.mark.parametrize("path", MODERN, ids=lambda path: path.stem)
def test_every_shipped_workflow_says_what_it_samples(path):
    assert (read(path).recipe is None) is (path.stem in NOT_KNOWN)


def test_what_a_graph_does_not_say_is_named():
    assert "are not known" in read(RETAKE).unknown
    assert "windows" in read(DEFAULT, song=None).unknown
    assert "steps" in read(DEFAULT, lambda prompt: node(prompt, "ManualSigmas").update(sigmas="")).unknown
    assert read(DEFAULT.with_name("audio-loop_finish-from-checkpoint.json")).unknown == "no node samples"


@pytest.fixture
def song(tmp_path):
    return str(write_song(tmp_path / "song.wav", 180))


def test_an_estimate_of_a_song(song, capfdbinary):
    assert main([str(DEFAULT), "--audio", song, "--card", "RTX 4090"]) == 0
    page = capfdbinary.readouterr().out.decode()
    assert "Sampling: 84.9 PFLOP, 0.472 for each of 180.0 s of video" in page
    assert "21.4 GiB with all weights on the card, 4.5 GiB with" in page
    (line,) = [line for line in page.splitlines() if line.startswith("RTX")]
    assert line.split() == ["RTX", "4090", "13.6", "9.5", "compute"]
    assert page.endswith(
        "Cheaper:\n  windows of 12 s                  x0.93\n  two stages                       x0.50\n"
        "  the draft alone                  x0.18\n"
    )
    assert f"{CHECKPOINT} is not at hand" in page


def test_the_header_of_the_model_counts_if_it_is_there(song, tmp_path, capfdbinary):
    folder = tmp_path / "ComfyUI" / "models" / "checkpoints"
    folder.mkdir(parents=True)
    config = {"transformer": {"num_layers": 2, "num_attention_heads": 2, "attention_head_dim": 32}}
    entries = {
        "__metadata__": {"config": json.dumps(config)},
        "model.diffusion_model.transformer_blocks.0.audio_attn1.to_q.weight": {"dtype": "BF16", "data_offsets": [0, 8]},
    }
    text = json.dumps(entries).encode()
    (folder / CHECKPOINT).write_bytes(len(text).to_bytes(8, "little") + text)
    assert main([str(DEFAULT), "--audio", song, "--comfyui", str(tmp_path / "ComfyUI")]) == 0
    page = capfdbinary.readouterr().out.decode()
    assert f"Model: {CHECKPOINT}: configuration, size and numbers from its header (0.0 GiB, bf16)" in page
    assert "84.9 PFLOP" not in page
    assert len([line for line in page.splitlines() if line.startswith(("RTX", "A100", "H100", "L40S"))]) == 16


def test_the_table(capfdbinary):
    assert main(["--table"]) == 0
    assert capfdbinary.readouterr().out.decode() == as_text()


def test_what_cannot_be_told_has_its_own_status(song, capfdbinary):
    assert main([str(RETAKE), "--audio", song]) == 1
    assert main([str(DEFAULT)]) == 2
    assert main([str(DEFAULT), "--audio", song, "--card", "RTX 9999"]) == 2
    assert b"RTX 9999 is not in the table" in capfdbinary.readouterr().err


def test_a_size_that_comes_from_a_picture_is_named():
    found = read(DEFAULT, lambda prompt: node(prompt, "EmptyLTXVLatentVideo").update(width=["444", 0]))
    assert found.unknown.startswith("width and height of ")
    assert found.unknown.endswith(" come from nodes that have to run first")


def test_a_card_on_which_nothing_fits_has_no_minutes():
    recipe = read(DEFAULT).recipe
    tiny = replace(card_named("RTX 3070"), memory_gib=1)
    known = KnownWeights(PUBLISHED_FP8, "published")
    for card, cells in ((tiny, 2), (card_named("RTX 4090"), 0)):
        (line,) = [line for line in _lines(known, recipe, [card]) if line.startswith("RTX")]
        assert line.split().count("-") == cells


def test_a_header_without_a_configuration_says_size_and_numbers_alone(song, tmp_path, capfdbinary):
    folder = tmp_path / "ComfyUI" / "models" / "checkpoints"
    folder.mkdir(parents=True)
    entries = {"model.diffusion_model.transformer_blocks.0.audio_attn1.to_q.weight": {"dtype": "BF16", "data_offsets": [0, 8]}}
    text = json.dumps(entries).encode()
    (folder / CHECKPOINT).write_bytes(len(text).to_bytes(8, "little") + text)
    assert main([str(DEFAULT), "--audio", song, "--comfyui", str(tmp_path / "ComfyUI")]) == 0
    page = capfdbinary.readouterr().out.decode()
    assert "size and numbers from its header, which has no configuration; 22B is counted with" in page
    assert "84.9 PFLOP" in page


def test_a_song_that_takes_too_long_to_count_is_refused(song, monkeypatch):
    monkeypatch.setattr(song_module, "MOST_SECONDS", -1.0)
    with pytest.raises(PlanError, match=r"song\.wav is too long to be counted in -1 s"):
        read_song(Path(song))
