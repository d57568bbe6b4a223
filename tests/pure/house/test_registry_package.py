"""What users get from the registry: all that the pack, its commands and its demo need, and no tests, benchmarks or CI.

`comfy node pack` takes what git tracks and `.comfyignore` (patterns as in `.gitignore`) does not name.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ... import registry_files
from ...registry_files import IGNORE, REPOSITORY

FOR_DEVELOPERS = {".ci", ".comfyignore", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml"}
FOR_DEVELOPERS |= {"CONTRIBUTING.md", "benchmarks", "tests"}


@pytest.fixture(scope="module")
def tracked():
    return registry_files.tracked()


@pytest.fixture(scope="module")
def packed():
    return registry_files.packed()


def test_folders_of_developers_are_left_out_and_all_others_are_there(tracked, packed):
    assert {path.parts[0] for path in tracked} - {path.parts[0] for path in packed} == FOR_DEVELOPERS
    for folder in ("nodes", "web", "example_workflows", "docs", "demo"):
        assert {path for path in tracked if path.parts[0] == folder} <= packed


def test_every_pattern_names_something(tracked):
    lines = IGNORE.read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert len(patterns) >= len(FOR_DEVELOPERS)
    for pattern in patterns:
        assert (REPOSITORY / pattern.strip("/")).exists(), pattern


def test_nothing_that_is_packed_imports_what_is_not(packed):
    missing = [
        f"{path}:{line}: {name}"
        for path in sorted(packed)
        if path.suffix == ".py"
        for line, name in imports(path)
        if not is_module(name, packed)
    ]
    assert missing == []


def is_module(name, packed):
    """True if the dotted name is a module, or something in one."""
    parts = name.split(".")
    return any(
        Path(*parts[:end]).with_suffix(".py") in packed or Path(*parts[:end], "__init__.py") in packed
        for end in (len(parts), len(parts) - 1)
        if end
    )


def imports(path):
    """Line and dotted name, from the repository's root, of everything of the pack that a file imports."""
    for node in ast.walk(ast.parse((REPOSITORY / path).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = [*path.parts[: len(path.parts) - node.level]] if node.level else []
            module = (node.module or "").split(".") if node.module else []
            if node.level == 0:
                if module[:1] != ["audio_loop"]:
                    continue
                module = module[1:]
            for alias in node.names:
                yield node.lineno, ".".join([*base, *module, alias.name])
