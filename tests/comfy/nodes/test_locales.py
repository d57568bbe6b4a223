"""The locale files against the nodes that a real ComfyUI has, and as it hands them to the browser."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request

import pytest

from audio_loop.comfy_host.environment import REPOSITORY

from .test_api import PACK


def test_english_is_what_the_schemas_say(comfy):
    command = [sys.executable, "scripts/make_locales.py", "--url", comfy.url, "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()[0]) == (0, "fresh"), done.stdout + done.stderr


@pytest.mark.parametrize("language", ["en", "zh"])
def test_comfyui_hands_them_out(comfy, language):
    with urllib.request.urlopen(f"{comfy.url}/i18n", timeout=60) as response:
        given = json.load(response)[language]
    folder = REPOSITORY / "locales" / language
    ours = json.loads((folder / "nodeDefs.json").read_text("utf-8"))
    assert {node: given["nodeDefs"].get(node) for node in ours} == ours
    menus = json.loads((folder / "main.json").read_text("utf-8"))["nodeCategories"]
    infos = comfy.client.object_info().values()
    public = [info for info in infos if info["python_module"] == PACK and not info.get("dev_only")]
    assert {part for info in public for part in info["category"].split("/")} == set(menus)
    assert {part: given["nodeCategories"].get(part) for part in menus} == menus
