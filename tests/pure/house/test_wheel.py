"""What `pip install` of the pack gives: every file that its modules point at, and commands that find them."""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .import_graph import REPOSITORY


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what setuptools would put into the wheel, by `packages` and `package-data`."""
    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    folder = tmp_path_factory.mktemp("site-packages").resolve()
    for package in settings["packages"]:
        source = REPOSITORY.joinpath(*package.split(".")[1:])
        patterns = ["*.py", *settings["package-data"].get(package, ())]
        for path in (path for pattern in patterns for path in source.glob(pattern)):
            target = folder / "audio_loop" / path.relative_to(REPOSITORY)
            if path.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return folder


def run(installed, *command):
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"}
    call = [sys.executable, "-m", "audio_loop.workflow_graph", *command]
    return subprocess.run(call, check=False, capture_output=True, encoding="utf-8", cwd="/", env=environment)


def places(installed):
    """(file, path) of every module variable that is made from the place of the module itself."""
    for file in sorted(installed.rglob("*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and "__file__" in ast.unparse(node.value):
                code = compile(ast.Expression(node.value), str(file), "eval")
                yield file.relative_to(installed), eval(code, {"Path": Path, "__file__": str(file)})


def test_what_modules_point_at_is_there(installed):
    found = dict(places(installed))
    assert len(found) >= 3
    assert {file: path for file, path in found.items() if not (path.exists() and installed in path.parents)} == {}


def test_the_pages_that_comfyui_is_told_of_are_there(installed):
    root = installed / "audio_loop"
    (web,) = (node.value.value for node in ast.parse((root / "__init__.py").read_text("utf-8")).body if is_web(node))
    ours = {path.relative_to(REPOSITORY) for path in (REPOSITORY / web).rglob("*") if path.is_file()}
    assert ours == {path.relative_to(root) for path in (root / web).rglob("*") if path.is_file()} != set()


def is_web(node):
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WEB_DIRECTORY"


def test_commands_find_the_shipped_workflows_from_any_folder(installed):
    audit = run(installed, "audit")
    assert audit.returncode == 0, audit.stderr
    assert audit.stdout.count(" rules, 0 ERR, ") == len(list(REPOSITORY.glob("example_workflows/*.json"))) + 1
    assert str(REPOSITORY) not in audit.stdout
    show = run(installed, "show", installed / "audio_loop" / "example_workflows" / "audio-loop_smoke.json")
    assert (show.returncode, show.stderr) == (0, "")


def test_without_workflows_they_say_what_is_missing(installed):
    shutil.rmtree(installed / "audio_loop" / "example_workflows")
    audit = run(installed, "audit")
    assert (audit.returncode, audit.stdout) == (2, "")
    assert "no workflows came with this installation; name one" in audit.stderr
