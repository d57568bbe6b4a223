"""The workflow of the hosted tests, which no test can run: that it is YAML, calls `.ci/run`, and names only what is there."""

from __future__ import annotations

import importlib
import os
import re
import sys

import yaml

from audio_loop.comfy_host.environment import COMFYUI_PINNED_TAG, COMFYUI_URL, find_comfyui

from .import_graph import REPOSITORY

FILE = REPOSITORY / ".github" / "workflows" / "tests.yml"
WORKFLOW = yaml.safe_load(FILE.read_text("utf-8"))
(JOB,) = WORKFLOW["jobs"].values()
STEPS = JOB["steps"]
CHECKOUTS = {step["with"]["path"]: step["with"] for step in STEPS if step.get("uses", "").startswith("actions/checkout@")}


def test_it_runs_what_ci_runs_on_three_systems_in_the_checkout_of_the_pack():
    assert JOB["strategy"]["matrix"]["system"] == ["ubuntu-latest", "windows-latest", "macos-latest"]
    (run,) = [step for step in STEPS if "run" in step]
    assert (run["shell"], "repository" in CHECKOUTS[run["working-directory"]]) == ("bash", False)
    # Every tier: a tier that is left out would be an argument.
    assert run["run"] == ".ci/run"
    assert os.access(REPOSITORY / run["run"], os.X_OK)


def test_the_comfyui_that_it_checks_out_is_the_one_that_the_tests_find(tmp_path):
    (path,) = [path for path, settings in CHECKOUTS.items() if "repository" in settings]
    assert f"https://github.com/{CHECKOUTS[path]['repository']}.git" == COMFYUI_URL
    assert CHECKOUTS[path]["ref"] == "${{ matrix.comfyui }}"
    named = JOB["env"]["COMFYUI_PATH"].replace("${{ github.workspace }}", str(tmp_path))
    for file in ("main.py", "comfy/sd.py"):
        (tmp_path / path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path / file).touch()
    assert find_comfyui({"COMFYUI_PATH": named}) == (tmp_path / path).resolve()


def test_the_oldest_comfyui_is_the_one_that_the_registry_is_told():
    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    needs = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["comfy"]["requires-comfyui"]
    assert JOB["strategy"]["matrix"]["comfyui"] == [needs.replace(">=", "v"), "master"] == [COMFYUI_PINNED_TAG, "master"]


def test_actions_are_pinned_and_can_change_nothing():
    uses = [step["uses"] for step in STEPS if "uses" in step]
    assert uses
    assert [name for name in uses if not re.fullmatch(r"actions/[a-z-]+@v\d+\.\d+\.\d+", name)] == []
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "secrets." not in FILE.read_text("utf-8")


def test_it_runs_for_every_proposal():
    # YAML 1.1 takes the word `on` for True.
    assert {"push", "pull_request"} <= WORKFLOW[True].keys()
