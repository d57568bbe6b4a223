"""Every file input of every node that ComfyUI registers: another content is noticed, another name costs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from audio_loop.comfy_host.environment import ensure_comfyui

FEWEST_INPUTS = 70
"""ComfyUI 0.33 has 66 inputs that take files, the pack beside it seven. A table of fewer has lost some."""


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    script = Path(__file__).parent / "resume" / "file_inputs.py"
    base = tmp_path_factory.mktemp("file_inputs")
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    command = [sys.executable, str(script), str(base), str(ensure_comfyui())]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("@@")]
    assert len(lines) == 1, done.stderr[-4000:]
    return json.loads(lines[0][2:])


def test_the_table_has_every_file_input(table, capsys):
    with capsys.disabled():
        counts = f"{len(table['inputs'])} inputs of {table['nodes']} nodes take files, {table['checked']} values flipped"
        print(f"\n{counts}: {len(table['stale'])} stale, {len(table['needless'])} needless")
    assert len(table["inputs"]) >= FEWEST_INPUTS
    for name in (
        "LoadImageMask.image",
        "LoadImageOutput.image",
        "ModelPatchLoader.name",
        "TripleCLIPLoader.clip_name3",
        "StyleModelLoader.style_model_name",
        "OtherModelName.model_name",
        "OtherUnregistered.weights",
        "OtherNewStyle.mode.control",
        "LoadTrainingDataset.folder_name",
        "Load3D.image",
    ):
        assert name in table["inputs"]


def test_another_content_is_always_noticed(table):
    assert table["stale"] == []


def test_nothing_else_is(table):
    assert table["needless"] == []
