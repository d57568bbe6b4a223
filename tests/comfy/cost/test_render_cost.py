"""A render's steps and operations, counted while it is made, are those that were foreseen from the checkpoint's own header."""

from __future__ import annotations

from collections import Counter

import pytest

from audio_loop.cost.stage import step_flops
from audio_loop.cost.weights import read_weights
from audio_loop.demo.tiny_names import CHECKPOINT_NAME
from audio_loop.loop_control.audio_facts import AudioFacts
from audio_loop.preflight.sampled import sampled
from audio_loop.workflow_graph.reading.flow import Flow
from audio_loop.workflow_graph.schemas import Schemas

from ..shipped import shipped, without_checkpoints, write_picture, write_song

SECONDS = 3.4


@pytest.fixture
def files(comfy, tmp_path):
    written = write_song(tmp_path / "cost.wav", SECONDS), write_picture(tmp_path / "cost.png")
    return [comfy.add_input(path) for path in written]


def test_draft_and_finish_cost_what_was_foreseen(comfy, files, tiny_models):
    settings = {"n2500_stage": "both", "n2502_value": 1.32, "n2503_value": 0.36}
    prompt = without_checkpoints(shipped(*files, name="audio-loop-music-video", **settings))
    song = AudioFacts(1, 1, round(SECONDS * 44_100), 44_100)
    recipe = sampled(Flow(prompt, Schemas.load()), song, None, frozenset()).recipe
    model = read_weights(tiny_models / "checkpoints" / CHECKPOINT_NAME).architecture
    assert [(each.stage.width_px, each.stage.steps) for each in recipe.samplings] == [(64, 8), (64, 8), (128, 3)]
    foreseen = Counter()
    for sampling in recipe.samplings:
        for window_px in sampling.lengths_px:
            step = step_flops(model, sampling.stage, window_px, sampling.plan.fps)
            foreseen[sampling.stage.steps, step.total * sampling.stage.steps] += 1
    comfy.run(comfy.with_counting_sampler(prompt, "cost.jsonl", counts_operations=True), timeout=300)
    runs = comfy.sampler_runs("cost.jsonl")
    assert Counter((run["steps"], run["operations"]) for run in runs) == foreseen
    assert len(runs) == sum(len(sampling.windows) for sampling in recipe.samplings)
