"""The starter for experiments: the ComfyUI it starts, and what it tells the harness's shell."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from audio_loop import start_experiment


@pytest.fixture
def comfyui(tmp_path, monkeypatch):
    """The folder of a ComfyUI that is never started."""
    folder = tmp_path / "ComfyUI"
    (folder / "comfy").mkdir(parents=True)
    for name in ("main.py", "comfy/sd.py"):
        (folder / name).touch()
    monkeypatch.setenv("COMFYUI_PATH", str(folder))
    for name in ("RUN_ID", "PYTHON"):
        monkeypatch.delenv(name, raising=False)
    return folder.resolve()


@pytest.fixture
def started(monkeypatch):
    """Commands that were to be started, each with its folder and RUN_ID."""
    calls = []

    def run(command, *, cwd, env, check):
        assert not check
        calls.append((command, cwd, env["RUN_ID"]))
        return SimpleNamespace(returncode=7)

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def exports(said):
    return dict(line.strip().removeprefix("export ").split("=", 1) for line in said.splitlines() if "export" in line)


def test_comfyui_gets_the_arguments_and_its_exit_status_is_handed_on(comfyui, started, monkeypatch, capsys):
    monkeypatch.setenv("RUN_ID", "e1")
    monkeypatch.setenv("PYTHON", "another-python")
    assert start_experiment.main(["--listen", "0.0.0.0", "--port=8190"]) == 7
    command = ["another-python", str(comfyui / "main.py"), "--listen", "0.0.0.0", "--port=8190"]
    assert started == [(command, comfyui, "e1")]
    assert exports(capsys.readouterr().out) == {
        "RUN_ID": "e1",
        "COMFYUI_OUTPUT_DIR": str(comfyui / "output"),
        "COMFYUI_API_URL": "http://0.0.0.0:8190",
    }


@pytest.mark.usefixtures("comfyui")
def test_without_arguments_it_is_comfyuis_own_address_and_a_new_run(started, capsys):
    start_experiment.main([])
    told = exports(capsys.readouterr().out)
    ((command, _, run_id),) = started
    assert command[0] == sys.executable
    assert told["COMFYUI_API_URL"] == "http://127.0.0.1:8188"
    assert told["RUN_ID"] == run_id
    assert run_id[:8].isdigit(), "a date and a time"


@pytest.mark.usefixtures("comfyui")
def test_an_interrupt_is_the_status_of_one(monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupted)
    assert start_experiment.main([]) == 130


def test_without_comfyui_nothing_is_started(started, monkeypatch, capsys):
    monkeypatch.setattr(start_experiment, "find_comfyui", lambda: None)
    assert start_experiment.main([]) == 2
    assert "no ComfyUI found; set COMFYUI_PATH" in capsys.readouterr().err
    assert started == []


def test_a_wrong_path_of_comfyui_is_refused(started, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COMFYUI_PATH", str(tmp_path))
    assert start_experiment.main([]) == 2
    assert "there is no ComfyUI in it" in capsys.readouterr().err
    assert started == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "comfy/output"),
        (["--output-directory", "videos", "--base-directory", "base"], "videos"),
        (["--base-directory=base"], "base/output"),
    ],
)
def test_the_output_folder_is_the_one_that_comfyui_writes_to(arguments, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = start_experiment.output_folder(arguments, Path("comfy").resolve())
    assert found == (tmp_path / expected).resolve()


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["--cpu", "--port", "8190"], "8190"),
        (["--port=81=90"], "81=90"),
        (["--portable", "1"], None),
        (["--cpu", "--port"], None),
        (["--port", "--cpu"], None),
    ],
    ids=["after it", "behind =", "another option", "the last", "an option follows"],
)
def test_the_value_of_an_option(arguments, value):
    assert start_experiment.option(arguments, "--port") == value


def test_as_a_program_it_ends_with_the_status(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COMFYUI_PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["start_experiment.py"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(start_experiment.__file__, run_name="__main__")
    assert ended.value.code == 2
    assert "there is no ComfyUI in it" in capsys.readouterr().err
