"""A node's other display name reaches every page that names the node."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY

SNAPSHOT = "workflow_graph/schemas/audio-loop.json"
RENAMED = {
    "AudioLoopPlanner": "Audio Loop Planner (song)",
    "TimestampPromptSchedule": "Timestamp Prompt Schedule (Batch Encode)",
    "TimestampPromptScheduleBatchEncode": "Prompts of all Windows",
}


@pytest.fixture
def checkout(tmp_path):
    """A checkout with pages, README and a snapshot in which some nodes have other names, one of them that of another."""
    modules = ("__init__.py", "workflow_graph/__init__.py", "workflow_graph/console.py", "scripts/_bootstrap.py")
    for name in (*modules, "scripts/name_help_pages.py", "README.md", SNAPSHOT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / name, tmp_path / name)
    shutil.copytree(REPOSITORY / "web" / "docs", tmp_path / "web" / "docs")
    snapshot = json.loads((tmp_path / SNAPSHOT).read_text("utf-8"))
    old = {node: snapshot["nodes"][node]["display_name"] for node in RENAMED}
    for node, name in RENAMED.items():
        snapshot["nodes"][node]["display_name"] = name
    (tmp_path / SNAPSHOT).write_text(json.dumps(snapshot), "utf-8")
    return tmp_path, old


def run(checkout):
    call = [sys.executable, str(checkout / "scripts" / "name_help_pages.py")]
    return subprocess.run(call, check=True, capture_output=True, encoding="utf-8").stdout.split()


def test_pages_take_the_new_names_once(checkout):
    folder, old = checkout
    changed = run(folder)
    assert {"README.md", "web/docs/AudioLoopPlanner.md", "web/docs/TensorLoopOpen/zh.md"} <= set(changed)
    assert run(folder) == []
    docs = folder / "web" / "docs"
    for node, name in RENAMED.items():
        assert (docs / f"{node}.md").read_text("utf-8").startswith(f"# {name}\n")
    pairs = {old[node]: name for node, name in RENAMED.items()}
    for path in docs.rglob("*.md"):
        was = (REPOSITORY / "web" / "docs" / path.relative_to(docs)).read_text("utf-8")
        now = path.read_text("utf-8")
        marked = was
        for number, name in enumerate(sorted(pairs, key=len, reverse=True)):
            marked = marked.replace(name, f"\0{number}\0")
        for number, name in enumerate(sorted(pairs, key=len, reverse=True)):
            marked = marked.replace(f"\0{number}\0", pairs[name])
        assert now == marked, path.name
