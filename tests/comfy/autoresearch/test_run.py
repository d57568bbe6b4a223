"""The guide's smoke test on the tiny model: preflight, then tier 1, on a real ComfyUI."""

from __future__ import annotations

import json

import pytest

from audio_loop.autoresearch.command import main
from audio_loop.autoresearch.filling import WORKFLOWS
from audio_loop.autoresearch.tracker import Tracker
from audio_loop.demo.fixture import write_fixture

SMOKE = WORKFLOWS / "audio-loop_smoke.json"


@pytest.fixture(scope="module")
def fixture(tmp_path_factory):
    return write_fixture(tmp_path_factory.mktemp("fixture"), SMOKE, 6.0)


@pytest.fixture
def server(comfy, monkeypatch):
    """The environment as the guide's recipe sets it."""
    monkeypatch.setenv("COMFYUI_API_URL", comfy.url)
    monkeypatch.setenv("COMFYUI_OUTPUT_DIR", str(comfy.output_folder))
    monkeypatch.delenv("RUN_ID", raising=False)
    return monkeypatch


def test_a_sound_fixture_passes_the_preflight(server, fixture, capsys):
    assert main(["--fixture", str(fixture), "--preflight", "--tier", "1"]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out == "Preflight OK.\n"


def test_the_preflight_names_what_the_server_lacks_and_another_servers_folder(server, fixture, tmp_path, capsys):
    document = json.loads(fixture.with_name("workflow.json").read_text("utf-8"))
    document["414"]["inputs"]["ckpt_name"] = "none.safetensors"
    document["9"] = {"class_type": "NoSuchNode", "inputs": {}}
    workflow = tmp_path / "workflow.json"
    workflow.write_text(json.dumps(document), "utf-8")
    server.setenv("COMFYUI_OUTPUT_DIR", str(tmp_path))
    command = ["--fixture", str(fixture), "--preflight", "--api-workflow", str(workflow)]
    assert main(command) == 1
    told = capsys.readouterr().out
    assert "has no nodes NoSuchNode" in told
    assert "is not where the ComfyUI" in told
    assert not list(tmp_path.glob("*.txt")), "the file that was looked for is gone"
    del document["9"]
    workflow.write_text(json.dumps(document), "utf-8")
    assert main(command) == 1
    assert "'none.safetensors', which is not there" in capsys.readouterr().out


def test_tier_1_writes_a_complete_row_and_a_folder_with_the_video(server, comfy, fixture, tmp_path, capsys):
    server.setenv("RUN_ID", "smoke")
    data = tmp_path / "data"
    command = ["--fixture", str(fixture), "--tier", "1", "--description", "tier-1 smoke test", "--data", str(data)]
    assert main(command) == 0, capsys.readouterr()
    (row,) = Tracker(data / "runs.duckdb").rows()
    assert (row.run_id, row.status, row.description) == ("smoke", "complete", "tier-1 smoke test")
    assert row.settings["tier"] == 1
    assert row.primary_metric_value == row.metrics[row.primary_metric] is not None
    assert row.metrics["frames"] > 0
    assert row.metrics["seconds_per_window"] > 0
    assert row.metrics["sage_summary_status"] == "ok"
    assert sum(kernel["calls"] for kernel in row.metrics["sage_summary"].values()) > 0
    statuses = {name: status for name, status in row.metrics.items() if name.endswith("_status")}
    assert all(status.split(":")[0] in {"ok", "not_measured", "model_unavailable"} for status in statuses.values())
    for name in row.metrics.keys() & {status.removesuffix("_status") for status in statuses}:
        assert (row.metrics[name] is None) == (statuses[f"{name}_status"] != "ok")
    models = ("subject_consistency", "av_consistency", "syncnet", "lpips")
    assert {statuses[f"{model}_status"].split(":")[0] for model in models} == {"model_unavailable"}
    folder = data / "runs" / "smoke"
    assert {path.name for path in folder.iterdir()} >= {"workflow.json", "fixture.json", "attention.jsonl", "metrics.json"}
    assert (folder / "video.mp4").resolve().parent == comfy.output_folder.resolve()
    assert (folder / "video.mp4").resolve().name.startswith("LTX-2_smoke_")
    assert json.loads((folder / "metrics.json").read_text("utf-8"))["metrics"] == row.metrics
    planner = json.loads((folder / "workflow.json").read_text("utf-8"))["1560"]
    assert planner["inputs"]["max_iterations"] == 1
    again = [*command[:-1], str(tmp_path / "other"), "--set", "seed=7"]
    assert main(again) == 0
    second = tmp_path / "other" / "runs" / "smoke" / "video.mp4"
    assert second.resolve() != (folder / "video.mp4").resolve(), "a name that somebody chose says nothing of what was rendered"


def test_another_output_folder_is_a_missing_video_and_a_refusal_is_a_failed_run(server, fixture, tmp_path):
    server.setenv("COMFYUI_OUTPUT_DIR", str(tmp_path))
    command = ["--fixture", str(fixture), "--tier", "1", "--data", str(tmp_path / "data"), "--no-trace"]
    assert main(command) == 1
    assert main([*command, "--set", "CheckpointLoaderSimple.ckpt_name=none.safetensors"]) == 1
    missing, failed = Tracker(tmp_path / "data" / "runs.duckdb").rows()
    assert missing.status == "video_missing"
    assert failed.status == "failed"
    assert "none.safetensors" in failed.metrics["error"]
    assert missing.primary_metric_value is None
