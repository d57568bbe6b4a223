"""The starters hand ComfyUI its arguments, and tell the harness's shell where it is."""

from __future__ import annotations

import os
import subprocess
import sys

from audio_loop.comfy_host.environment import REPOSITORY, ensure_comfyui


def started(*arguments, program=("sh", str(REPOSITORY / "start_experiment.sh")), **variables):
    environment = {**os.environ, "COMFYUI_PATH": str(ensure_comfyui()), "PYTHON": sys.executable, **variables}
    return subprocess.run([*program, *arguments], capture_output=True, text=True, check=False, env=environment, timeout=120)


def test_comfyui_gets_its_arguments_and_the_harness_its_variables(tmp_path):
    done = started("--base-directory", str(tmp_path), "--port", "8199", "--help", RUN_ID="e1")
    assert done.returncode == 0, done.stderr
    assert "--cache-none" in done.stdout, "ComfyUI's own help"
    exports = [line.strip() for line in done.stdout.splitlines() if line.strip().startswith("export ")]
    assert exports == [
        "export RUN_ID=e1",
        f"export COMFYUI_OUTPUT_DIR={tmp_path.resolve() / 'output'}",
        "export COMFYUI_API_URL=http://127.0.0.1:8199",
    ]


def test_a_folder_without_comfyui_is_refused(tmp_path):
    done = started(program=(sys.executable, str(REPOSITORY / "start_experiment.py")), COMFYUI_PATH=str(tmp_path))
    assert done.returncode == 2
    assert "no ComfyUI in it" in done.stderr
