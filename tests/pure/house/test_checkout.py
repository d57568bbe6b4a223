"""A checkout holds the same bytes on every system, and the hooks of a commit use the tools of the suite."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def checkout(folder, *settings):
    options = [part for setting in settings for part in ("-c", setting)]
    command = ["git", "-C", str(REPOSITORY), *options, "checkout-index", "--all", f"--prefix={folder}/"]
    subprocess.run(command, check=True, capture_output=True)
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_windows_line_ends_come_into_no_file(tmp_path):
    ours = checkout(tmp_path / "as_stored", "core.autocrlf=false")
    assert len(ours) > 500
    windows = checkout(tmp_path / "on_windows", "core.autocrlf=true", "core.eol=crlf")
    assert [str(path) for path in ours if windows[path] != ours[path]] == []


def test_hooks_use_the_versions_of_the_dev_group():
    hooks = (REPOSITORY / ".pre-commit-config.yaml").read_text("utf-8")
    wanted = re.findall(r'additional_dependencies: \["([^"]+)"\]', hooks)
    group = (REPOSITORY / "pyproject.toml").read_text("utf-8").partition("\ndev = [")[2].partition("\n]")[0]
    assert len(wanted) == 2
    assert set(wanted) <= set(re.findall(r'"([^"]+)"', group))


def test_hooks_run_commands_that_are_there():
    hooks = (REPOSITORY / ".pre-commit-config.yaml").read_text("utf-8")
    scripts = re.findall(r"entry: python (\S+)", hooks)
    assert len(scripts) == 2
    assert all((REPOSITORY / script).is_file() for script in scripts)
