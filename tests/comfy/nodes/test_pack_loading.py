"""ComfyUI loads the pack from a folder of any name, and finds nothing of it anywhere else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY, ensure_comfyui

LEFT_OUT = shutil.ignore_patterns(".*", "tests", "docs", "benchmarks", "demo", "example_workflows", "scripts", "__pycache__")

LOAD = """
import asyncio, json, sys
import comfy.options
comfy.options.enable_args_parsing(False)
from comfy.cli_args import args
args.cpu = True
import nodes
before = set(nodes.NODE_CLASS_MAPPINGS)
own = nodes.__file__
loaded = asyncio.run(nodes.load_custom_node(sys.argv[1]))
files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
print("ANSWER" + json.dumps({
    "loaded": loaded,
    "nodes": sorted(set(nodes.NODE_CLASS_MAPPINGS) - before),
    "modules": sorted(name for name, file in files.items() if file and file.startswith(sys.argv[1])),
    "strays": sorted(name for name, file in files.items() if file and file.startswith(sys.argv[2] + "/")),
    "nodes_is_comfyuis": sys.modules["nodes"].__file__ == own,
    "web": list(nodes.EXTENSION_WEB_DIRS.values()),
}))
"""


@pytest.fixture(scope="module", params=["Some-Other.Name v2", "nodes", "audio_loop"])
def loaded(request, tmp_path_factory):
    """What a fresh process says after ComfyUI's own loader has loaded a copy of the pack."""
    folder = tmp_path_factory.mktemp("custom_nodes") / request.param
    shutil.copytree(REPOSITORY, folder, ignore=LEFT_OUT)
    environment = {**os.environ, "PYTHONPATH": str(ensure_comfyui())}
    command = [sys.executable, "-P", "-c", LOAD, str(folder), str(REPOSITORY)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder.parent, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answer = json.loads(done.stdout.rpartition("ANSWER")[2])
    return {**answer, "folder": str(folder), "log": done.stderr}


def test_it_loads(loaded):
    assert loaded["loaded"] is True, loaded["log"][-3000:]
    assert {"TensorLoopOpen", "TensorLoopClose", "AudioLoopController"} <= set(loaded["nodes"])
    assert loaded["web"] == [f"{loaded['folder']}/web"]


def test_comfyuis_own_modules_stay(loaded):
    assert loaded["nodes_is_comfyuis"]


def test_all_of_it_comes_from_that_folder(loaded):
    assert loaded["strays"] == []
    package = loaded["folder"].replace(".", "_x_")
    assert [name for name in loaded["modules"] if name != package and not name.startswith(package + ".")] == []
