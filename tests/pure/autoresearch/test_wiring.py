"""The preflight without a server: everything that is wrong is told in one go."""

from __future__ import annotations

import json

import pytest

from audio_loop.autoresearch.command import main
from audio_loop.autoresearch.tracker import Tracker
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.fixture import write_fixture
from audio_loop.demo.picture import write_picture

SMOKE = REPOSITORY / "example_workflows" / "api" / "audio-loop_smoke.json"
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def environment(monkeypatch):
    monkeypatch.setenv("COMFYUI_API_URL", NOBODY)
    for name in ("COMFYUI_OUTPUT_DIR", "RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def told_by(capsys, *command):
    assert main([*map(str, command), "--preflight"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(". ")[0] for line in lines] == [str(number) for number in range(1, len(lines) + 1)]
    return [line.split(". ", 1)[1] for line in lines]


def test_each_problem_of_a_broken_fixture_is_told(environment, tmp_path, capsys):
    environment.setenv("RUN_ID", "a/b")
    document = {"audio": "<TODO: a song>", "image": "song.txt", "colour": "red", "seed": "x", "workflow": "editor.json"}
    (tmp_path / "f.json").write_text(json.dumps(document), "utf-8")
    (tmp_path / "song.txt").write_text("no picture", "utf-8")
    (tmp_path / "editor.json").write_text('{"nodes": []}', "utf-8")
    told = told_by(capsys, "--fixture", tmp_path / "f.json")
    wanted = (
        "RUN_ID is 'a/b'",
        "the fixture lacks 'name'",
        "the fixture has the unknown key 'colour'",
        "seed is 'x'",
        "audio is still to be filled in",
        "cannot be read as a picture",
        "is in the editor's form",
        "no ComfyUI answers",
        "COMFYUI_OUTPUT_DIR is not set",
    )
    for part in wanted:
        assert sum(part in line for line in told) == 1, (part, told)
    assert len(told) == len(wanted)


def test_files_that_are_not_there_or_no_sound_are_told_and_so_is_a_tier_without_a_loop(environment, tmp_path, capsys):
    fixture = write_fixture(tmp_path / "fixture", SMOKE, 6.0)
    fixture.with_name("song.wav").write_bytes(b"no sound")
    fixture.with_name("picture.png").unlink()
    fixture.with_name("workflow.json").write_text('{"1": {"class_type": "LoadImage", "inputs": {"image": "x"}}}', "utf-8")
    environment.setenv("COMFYUI_OUTPUT_DIR", str(tmp_path / "none"))
    told = told_by(capsys, "--fixture", fixture, "--tier", "1")
    for part in ("cannot be read as a sound", "there is no file", "which is no folder", "no Audio Loop Planner"):
        assert any(part in line for line in told), (part, told)


def test_a_sound_fixture_lacks_only_what_the_environment_lacks(environment, tmp_path, capsys):
    fixture = write_fixture(tmp_path / "fixture", SMOKE, 6.0)
    told = told_by(capsys, "--fixture", fixture, "--tier", "1")
    assert [line.split()[0] for line in told] == ["no", "COMFYUI_OUTPUT_DIR"]


def test_what_the_packs_own_check_finds_is_told_with_what_mends_it(environment, tmp_path, capsys):
    fixture = write_fixture(tmp_path / "fixture", SMOKE, 6.0)
    told = told_by(capsys, "--fixture", fixture, "--set", "overlap_seconds=1.2")
    (line,) = [line for line in told if "[overlap_range]" in line and "AudioLoopPlanner" in line]
    assert "set overlap_seconds to 2" in line


def test_a_dry_run_asks_nobody_and_leaves_row_and_workflow(environment, tmp_path, capsys):
    environment.setenv("RUN_ID", "twice")
    fixture, data = write_fixture(tmp_path / "fixture", SMOKE, 6.0), tmp_path / "data"
    before = fixture.with_name("workflow.json").read_bytes()
    for _ in range(2):
        assert main(["--fixture", str(fixture), "--tier", "3", "--dry-run", "--data", str(data)]) == 0
    rows = Tracker(data / "runs.duckdb").rows()
    assert [(row.run_id, row.status, row.settings["tier"]) for row in rows] == [
        ("twice", "dry_run", 3),
        ("twice-2", "dry_run", 3),
    ]
    assert rows[0].judge_hash
    prompt = json.loads((data / "runs" / "twice" / "workflow.json").read_text("utf-8"))
    assert prompt["1560"]["inputs"]["max_iterations"] == 3
    assert prompt["1604"]["inputs"]["filename_prefix"] == "LTX-2_twice"
    assert fixture.with_name("workflow.json").read_bytes() == before


def test_what_cannot_be_used_ends_with_2_and_says_why(environment, tmp_path, capsys):
    fixture = write_fixture(tmp_path / "fixture", SMOKE, 6.0)
    write_picture(tmp_path / "picture.png")
    commands = {
        "still to be filled in": ["--fixture", REPOSITORY / "autoresearch" / "fixtures" / "fixture_man_guitar.json"],
        "COMFYUI_OUTPUT_DIR is not set": ["--fixture", fixture],
        "NAME=VALUE": ["--fixture", fixture, "--set", "seed"],
        "there is no setting 'sed'": ["--fixture", fixture, "--set", "sed=1", "--dry-run"],
        "is in the editor's form": ["--fixture", fixture, "--api-workflow", SMOKE.parent.parent / SMOKE.name],
    }
    for said, command in commands.items():
        assert main([*map(str, command), "--data", str(tmp_path / "data")]) == 2
        assert said in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
