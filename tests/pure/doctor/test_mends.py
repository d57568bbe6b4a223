"""Every cure names what exists: scripts, workflows, widgets, nodes."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.doctor.clues import RETAKE_WORKFLOW, retake_words
from audio_loop.doctor.diagnosis import PartToRetake
from audio_loop.doctor.find_causes import all_causes
from audio_loop.workflow_graph.schemas import Schemas

CAUSES = {each.name: each for each in all_causes()}
SCHEMAS = Schemas.load()
NODES = (
    "Iteration Checkpoint",
    "Latent Context Extract",
    "LTXV Preprocess",
    "Streaming Video Save",
    "Trim Audio Duration",
)
"""Nodes as menus name them."""

COMFYUI_FLAGS = {"--bf16-unet", "--fp32-unet"}
PARTS = (None, PartToRetake(3, 1.0, 2.0), PartToRetake(None, 1.0, 2.0))
TEXTS = {**{name: each.mend for name, each in CAUSES.items()}, **{f"retake {k}": retake_words(p) for k, p in enumerate(PARTS)}}


def widgets():
    """Names of the inputs of all known nodes."""
    return {spec.name for name in SCHEMAS.types for spec in SCHEMAS[name].inputs}


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_cure_names_exists(name):
    text = TEXTS[name]
    for script in re.findall(r"scripts/\w+\.py", text):
        assert (REPOSITORY / script).is_file()
    for workflow in re.findall(r"audio-loop[-\w]*", text):
        assert (REPOSITORY / "example_workflows" / f"{workflow}.json").is_file()
    words = re.sub(r"scripts/\w+\.py|audio-loop[-\w]*", "", text)
    assert not set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", words)) - widgets()
    titles = {SCHEMAS[each].title for each in SCHEMAS.types}
    assert not [node for node in NODES if node in words and node not in titles]
    known = COMFYUI_FLAGS | {"--audio"}
    for script, flag in re.findall(r"(scripts/\w+\.py) (--[a-z][\w-]+)", text):
        shown = subprocess.run([sys.executable, str(REPOSITORY / script), "--help"], capture_output=True, text=True, check=True)
        assert f"{flag} " in shown.stdout
        known = known | {flag}
    assert not set(re.findall(r"--[a-z][\w-]+", words)) - known


def test_nodes_and_flags_are_asked_about_somewhere():
    told = " ".join(TEXTS.values())
    assert all(node in told for node in NODES)
    assert all(flag in told for flag in COMFYUI_FLAGS)


def test_flags_exist():
    """ComfyUI's are those that the refusal of such a window names; the other one is asked of the check of schedules."""
    refusal = (REPOSITORY / "checkpoints" / "service" / "finite_windows.py").read_text("utf-8")
    assert all(flag in refusal for flag in COMFYUI_FLAGS)
    assert '"--audio"' in (REPOSITORY / "analysis_report" / "check_command.py").read_text("utf-8")


def test_the_retake_is_filled_in_with_its_own_widgets():
    inputs = {spec.name for spec in SCHEMAS["LoopRetakeWindow"].inputs}
    assert {"window", "start_seconds", "end_seconds"} <= inputs
    assert RETAKE_WORKFLOW in retake_words(PARTS[1])
