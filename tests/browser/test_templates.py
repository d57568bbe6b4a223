"""ComfyUI's official templates, converted by us and by the real frontend: equal, but for those whose reason is written down.

A part of them by default, spread over all; `AUDIO_LOOP_ALL_TEMPLATES=1` takes all (minutes). `scripts/compare_with_frontend.py`
prints the count and the differences.
"""

from __future__ import annotations

import json
import os

import pytest

from audio_loop.comfy_host.environment import REPOSITORY, ensure_comfyui
from audio_loop.comfy_host.template_comparison import compare, template_files
from audio_loop.workflow_graph.schemas import Schemas

EVERY = 1 if os.environ.get("AUDIO_LOOP_ALL_TEMPLATES") else 12
REASONS = REPOSITORY / "tests" / "golden" / "templates_unlike_the_frontend.json"


@pytest.mark.timeout(1800)
def test_templates_are_converted_as_the_frontend_does(page):
    files = template_files(ensure_comfyui())
    reasons = json.loads(REASONS.read_text("utf-8"))
    unlike = {name for names in reasons.values() for name in names}
    assert unlike <= set(files), "a template that differed is gone; run scripts/compare_with_frontend.py and update the reasons"
    schemas = Schemas.load()
    for name in list(files)[::EVERY]:
        found = compare(page, name, files[name], schemas)
        assert bool(found.difference) == (name in unlike), found
