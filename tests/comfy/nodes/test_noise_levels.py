"""The node of noise levels on a real server."""

from __future__ import annotations

import pytest

from audio_loop.loop_control.noise_levels import ROWS

from ..demo.test_tiny_ltx import one_window


def test_the_sampler_gets_the_levels_that_are_chosen(comfy):
    choice = "4 steps, quality unproven"
    prompt = one_window("chosen-levels", frames=9)
    prompt["13"] = {"class_type": "AudioLoopSigmas", "inputs": {"steps": choice}}
    comfy.run(comfy.with_counting_sampler(prompt, "chosen-levels.jsonl"))
    (run,) = comfy.sampler_runs("chosen-levels.jsonl")
    assert run["steps"] == 4
    assert run["sigmas"] == pytest.approx(ROWS[choice])
