"""The clean-up beside ComfyUI's dynamic VRAM patchers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROCESS = Path(__file__).with_name("dynamic_vram_process.py")


@pytest.fixture(scope="module")
def found():
    done = subprocess.run([sys.executable, str(PROCESS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("clean", ["purge", "always", "gpu_only"])
def test_dead_entries_go_and_the_crash_with_them_while_live_weights_stay(found, clean):
    assert found[clean] == {
        "dynamic": True,
        "crash": "TypeError: 'NoneType' object is not callable",
        "crash with the orphan alone": "AttributeError: 'NoneType' object has no attribute 'model_size'",
        "dropped": [1, 1],
        "failures": [],
        "crash afterwards": None,
        "live entry stays": True,
        "live weights stay": True,
    }
