"""Traces written by the nodes in a real render, and what the two summary scripts make of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY

from ..shipped import shipped, without_checkpoints, write_picture, write_song

RUN = "watched"
STEPS = 8
CALLS = [8 * 12, 8 * 14, 8 * 14]
"""In each iteration: a guide of less than full strength makes ComfyUI attend to the video in two parts, in both blocks."""


@pytest.fixture(scope="module")
def output(comfy, tmp_path_factory):
    """ComfyUI's output folder after a render of three windows, profiled and traced."""
    folder = tmp_path_factory.mktemp("traced")
    song = comfy.add_input(write_song(folder / "traced_song.wav", 4.8))
    picture = comfy.add_input(write_picture(folder / "traced.png"))
    prompt = without_checkpoints(shipped(song, picture, n1527_value=31, n1560_last_window="full"))
    for shown in ("1604", "1563", "1564"):
        del prompt[shown]
    prompt["shown"] = {"class_type": "PreviewAny", "inputs": {"source": ["end", 1]}}
    begin = {"latent": prompt["1539"]["inputs"]["initial_value"], "run_name": RUN}
    prompt["begin"] = {"class_type": "ProfileBegin", "inputs": {**begin, "warmup_iterations": 1, "active_iterations": 1}}
    prompt["1539"]["inputs"]["initial_value"] = ["begin", 0]
    step = {"latent": prompt["1540"]["inputs"]["processed"], "profile": ["begin", 1]}
    prompt["step"] = {"class_type": "ProfileIterStep", "inputs": step}
    prompt["1540"]["inputs"]["processed"] = ["step", 0]
    prompt["end"] = {"class_type": "ProfileEnd", "inputs": {"latent": ["1540", 0], "profile": ["begin", 1]}}
    for guider, iteration in (("153", 0), ("843:644", ["1539", 3])):
        stamp = {"model": prompt[guider]["inputs"]["model"], "current_iteration": iteration}
        prompt[f"stamp_{guider}"] = {"class_type": "LoopIterationStamp", "inputs": {**stamp, "trace": True, "run_name": RUN}}
        prompt[guider]["inputs"]["model"] = [f"stamp_{guider}", 0]
    result = comfy.run(prompt, timeout=120)
    assert result.outputs["shown"]["text"][0].startswith("1 of 2 iterations recorded")
    return comfy.output_folder


def summary(script, *arguments):
    command = [sys.executable, str(REPOSITORY / "scripts" / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def section(text, title):
    """The rows of the table that begins with this title, split into cells at double spaces."""
    lines = text[text.index(title) :].split("\n\n")[0].splitlines()[3:]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


def test_attention_by_kernel_reason_iteration_and_shape(output):
    done = summary("sage_summary.py", "--output", output)
    assert (done.returncode, done.stderr) == (0, "")
    total = sum(CALLS)
    assert section(done.stdout, "Attention by kernel")[0][:2] == ["comfy", str(total)]
    assert section(done.stdout, "Attention by reason")[0][:2] == ["no dispatcher (comfy)", str(total)]
    assert [int(row[1]) for row in section(done.stdout, "Attention by iteration")] == CALLS
    shapes = section(done.stdout, "Attention by shape")
    assert sum(int(row[1]) for row in shapes) == total
    assert "56 x 56, 2 of 32, float32" in {row[0] for row in shapes}, "7 latent frames of 4 x 2 tokens"


def test_operators_nodes_and_memory(output):
    folder = output / "audio_loop" / RUN
    done = summary("profile_summary.py", folder)
    assert (done.returncode, done.stderr) == (0, "")
    operators = {row[0]: int(row[1].replace(",", "")) for row in section(done.stdout, "Operators on the processor")}
    assert operators["aten::addmm"] > STEPS
    assert "(outside operators)" in operators
    nodes = {row[0]: int(row[1]) for row in section(done.stdout, "Nodes")}
    assert nodes["SamplerCustomAdvanced #843:573"] == 2
    memory = section(done.stdout, "Memory, MiB")
    assert [row[0] for row in memory] == ["0", "1", "2"]
    assert all(float(row[1].replace(",", "")) > 100 for row in memory)


@pytest.mark.parametrize("script", ["sage_summary.py", "profile_summary.py"])
def test_what_is_no_trace_is_refused(script, tmp_path):
    missing = summary(script, "--output", tmp_path)
    assert missing.returncode == 2
    assert "apply_profiling_nodes.py" in missing.stderr
    (tmp_path / "attention.jsonl").write_text('{"kernel": "comfy"}\n', encoding="utf-8")
    (tmp_path / "memory_timeline.json").write_text("[3]", encoding="utf-8")
    damaged = summary(script, tmp_path)
    assert damaged.returncode == 2
    assert damaged.stderr.startswith("error: ")
    assert "Traceback" not in damaged.stderr
