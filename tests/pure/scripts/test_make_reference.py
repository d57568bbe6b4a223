"""The generated pages of the reference are those of the schemas and files."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from audio_loop.comfy_host.environment import REPOSITORY

SCRIPT = REPOSITORY / "scripts" / "make_reference.py"
PAGES = REPOSITORY / "docs" / "reference"


def test_pages_are_current():
    result = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, f"{result.stdout}{result.stderr}\nrun python scripts/make_reference.py"


def test_every_node_has_its_inputs_and_outputs():
    text = (PAGES / "nodes.md").read_text("utf-8")
    schemas = json.loads((REPOSITORY / "workflow_graph/schemas/audio-loop.json").read_text("utf-8"))["nodes"]
    words = json.loads((REPOSITORY / "locales/en/nodeDefs.json").read_text("utf-8"))
    sections = dict(re.findall(r"^`(\w+)`: (.*?)(?=^### |^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert sections.keys() == words.keys()
    for node_id, section in sections.items():
        schema = schemas[node_id]
        names = [*schema.get("required", {}), *schema.get("optional", {}), *schema.get("output_name", ())]
        assert [name for name in names if f"`{name}`" not in section] == [], node_id


def test_every_workflow_has_a_section():
    text = (PAGES / "workflows.md").read_text("utf-8")
    files = {path.stem for path in (REPOSITORY / "example_workflows").glob("*.json")}
    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) == files
