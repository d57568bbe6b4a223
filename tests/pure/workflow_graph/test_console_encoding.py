"""Every command line works even if the console cannot show all characters, as on Windows with cp1252."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents

SCRIPTS = REPOSITORY / "scripts"
CLASSIC = REPOSITORY / "example_workflows" / "classic"
CIRCLED = "①"


def run(*arguments, encoding="cp1252"):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, env=environment, timeout=120, check=False
    )


@pytest.fixture
def graph(tmp_path):
    """A graph whose titles, texts and file name hold characters that cp1252 does not have."""
    document = documents.load_workflow(min(CLASSIC.glob("*.json")))
    for node in document["nodes"]:
        node["title"] = f"{CIRCLED} {node.get('title') or node['type']} ♪"
        if node["type"] == "LTXVPreprocess":
            node["widgets_values"] = [0]
    path = tmp_path / f"{CIRCLED}.json"
    documents.save(document, path)
    return path


COMMANDS = {
    "show": lambda path: [SCRIPTS / "workflow.py", "show", path],
    "audit": lambda path: [SCRIPTS / "workflow.py", "audit", "-v", path],
    "audit --json": lambda path: [SCRIPTS / "audit_workflows.py", "--json", path],
    "repair": lambda path: [SCRIPTS / "workflow.py", "repair", path],
    "check": lambda path: [SCRIPTS / "workflow.py", "check", path],
    "migrate": lambda path: [SCRIPTS / "workflow.py", "migrate", "--dry-run", path],
    "to-api": lambda path: [SCRIPTS / "workflow.py", "to-api", path],
    "diff": lambda path: [SCRIPTS / "workflow.py", "diff", path, min(CLASSIC.glob("*.json"))],
    "modernize": lambda path: [SCRIPTS / "modernize_workflow.py", path],
    "a missing file": lambda path: [SCRIPTS / "workflow.py", "show", f"{path}.♪"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_the_console_can_show_and_numbers_the_rest(graph, name):
    narrow, wide = run(*COMMANDS[name](graph)), run(*COMMANDS[name](graph), encoding="utf-8")
    assert b"Traceback" not in narrow.stderr, narrow.stderr.decode("cp1252")[-500:]
    assert narrow.returncode == wide.returncode
    if name in ("to-api", "audit --json"):
        assert json.loads(narrow.stdout) == json.loads(wide.stdout)
    else:
        said, whole = (narrow.stdout + narrow.stderr).decode("cp1252"), (wide.stdout + wide.stderr).decode()
        assert said.replace("\r\n", "\n").encode("cp1252") == whole.encode("cp1252", errors="backslashreplace")
        assert CIRCLED not in said


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("[!_]*.py")), ids=lambda path: path.name)
def test_every_script_prints_its_help(path):
    done = run(path, "--help")
    assert done.returncode == 0, done.stderr.decode("cp1252")[-500:]


def test_the_module_as_a_command(tmp_path, graph):
    code = (
        f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import _bootstrap, runpy; sys.argv = ['x', 'show', {str(graph)!r}]"
    )
    code += "; import audio_loop; runpy.run_module('audio_loop.workflow_graph', run_name='__main__')"
    done = run("-c", code)
    assert done.returncode == 0, done.stderr.decode("cp1252")[-500:]
    assert b"\\u2460" in done.stdout
