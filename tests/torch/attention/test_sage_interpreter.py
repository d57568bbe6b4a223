"""SageAttention's own Triton kernels, interpreted on the CPU and launched the way a render launches them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
RENDER_TOLERANCE = 0.005
"""Attention's own error reaches a step's result through gates and output layers, which leave a fraction of it."""


def cases_of(benchmark):
    command = [sys.executable, str(BENCHMARKS / benchmark), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_the_release_on_pypi_equals_exact_attention_within_its_tolerance():
    cases = cases_of("attention_interpreter.py")

    assert {(case["head_dim"], case["dtype"], case["q"], case["kv"]) for case in cases} == {
        (width, dtype, q, kv)
        for width in (64, 128)
        for dtype in ("float32", "bfloat16")
        for q, kv in ((192, 192), (130, 64), (64, 256))
    }
    for case in cases:
        assert 0 < case["error"] < case["tolerance"], case


def test_a_render_of_the_tiny_model_through_the_dispatcher_equals_comfyuis_within_the_tolerance():
    free, masked = cases_of("attention_interpreted_render.py")
    assert free["calls"] == {"sage_fp16_triton, auto": 12}
    # The release has no masks: the text attention of both streams in both blocks is ComfyUI's.
    assert masked["calls"] == {"sage_fp16_triton, auto": 8, "comfy, mask": 4}
    for case in (free, masked):
        assert 0 < case["error"] < RENDER_TOLERANCE
        assert case["error"] < case["mask_effect"] / 3, "a dropped mask would not show"
