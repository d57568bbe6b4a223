"""What mypy is asked: wrong types fail the suite, and what it is told to leave alone is there and says why."""

from __future__ import annotations

import importlib.util
import re

import pytest

from audio_loop.comfy_host.environment import REPOSITORY

SETTINGS = (REPOSITORY / "pyproject.toml").read_text("utf-8")
ROOM = "loop_control"


@pytest.fixture(scope="module")
def check_types():
    spec = importlib.util.spec_from_file_location("check_types_script", REPOSITORY / "scripts" / "check_types.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.check_types


@pytest.fixture
def checkout(tmp_path):
    """A checkout of another name, with an empty file in each of its folders."""
    root = tmp_path / "renamed-checkout"
    for folder in ("scripts", "benchmarks", ROOM):
        (root / folder).mkdir(parents=True)
        (root / folder / f"of_{folder}.py").touch()
    (root / "__init__.py").touch()
    (root / ROOM / "__init__.py").touch()
    (root / "pyproject.toml").write_text(SETTINGS, "utf-8")
    return root


@pytest.mark.parametrize(
    ("folder", "text", "error"),
    [
        (ROOM, "def half(of: int) -> int:\n    return of // 2\n", ""),
        (ROOM, "def half(of: int) -> int:\n    return of / 2\n", f"audio_loop/{ROOM}/of_{ROOM}.py:2: error"),
        (ROOM, "def half(of):\n    return of // 2\n", f"audio_loop/{ROOM}/of_{ROOM}.py:1: error"),
        ("scripts", "from audio_loop import nothing\n", "scripts/of_scripts.py:1: error"),
        ("benchmarks", f"import audio_loop.{ROOM}.of_{ROOM}\n\nlen(1)\n", "benchmarks/of_benchmarks.py:3: error"),
    ],
)
def test_a_wrong_type_is_found_and_named(check_types, checkout, capfd, folder, text, error):
    (checkout / folder / f"of_{folder}.py").write_text(text, "utf-8")
    status, said = check_types(checkout), capfd.readouterr()
    assert status == (1 if error else 0), said
    assert error in said.out


def test_every_room_that_mypy_is_lenient_with_is_there():
    rooms = re.findall(r'"audio_loop\.([\w.]+)\.\*"', SETTINGS)
    assert len(rooms) > 5
    assert [room for room in rooms if not (REPOSITORY / room.replace(".", "/")).is_dir()] == []


def test_every_ignored_type_says_its_code_and_the_reason():
    folders = (path for path in REPOSITORY.iterdir() if path.is_dir() and path.name != "tests")
    lines = [
        f"{path.relative_to(REPOSITORY)}: {line.strip()}"
        for folder in folders
        for path in folder.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if "type: ignore" in line
    ]
    assert [line for line in lines if not re.search(r"# type: ignore\[[\w, -]+\]  # \w+ \w+", line)] == []
