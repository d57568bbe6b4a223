"""SageAttention's own Triton kernels, interpreted on the CPU and launched the way a render launches them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "attention_interpreter.py"


def test_the_release_on_pypi_equals_exact_attention_within_its_tolerance():
    command = [sys.executable, str(BENCHMARK), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cases = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    assert {(case["head_dim"], case["dtype"], case["q"], case["kv"]) for case in cases} == {
        (width, dtype, q, kv)
        for width in (64, 128)
        for dtype in ("float32", "bfloat16")
        for q, kv in ((192, 192), (130, 64), (64, 256))
    }
    for case in cases:
        assert 0 < case["error"] < case["tolerance"], case
