"""ComfyUI's official templates and blueprints, converted by us and by the real frontend: equal.

Those whose nodes ComfyUI has without its paid services. A part of them by default, spread over all;
`AUDIO_LOOP_ALL_TEMPLATES=1` takes all (two minutes). `scripts/compare_with_frontend.py` compares the others too.
"""

from __future__ import annotations

import json
import os

import pytest

from audio_loop.comfy_host.environment import ensure_comfyui
from audio_loop.comfy_host.template_comparison import compare, template_files, unknown_types
from audio_loop.workflow_graph.schemas import Schemas

EVERY = 1 if os.environ.get("AUDIO_LOOP_ALL_TEMPLATES") else 12


@pytest.mark.timeout(1800)
def test_templates_are_converted_as_the_frontend_does(page):
    files = template_files(ensure_comfyui())
    schemas = Schemas.load()
    # Nodes that call paid services are left out of this server.
    known = [name for name, path in files.items() if not unknown_types(json.loads(path.read_text("utf-8")), schemas)]
    assert len(known) > 300
    for name in known[::EVERY]:
        assert (name, compare(page, name, files[name], schemas).difference) == (name, "")
