"""ComfyUI's official templates and blueprints, converted by us and by the real frontend: equal.

Those whose nodes ComfyUI has without its paid services. A part of them by default, spread over all, fewer on the newest;
`AUDIO_LOOP_ALL_TEMPLATES=1` takes all (two minutes). `scripts/compare_with_frontend.py` compares the others too.
"""

from __future__ import annotations

import json
import os

import pytest

from audio_loop.comfy_host.environment import ensure_comfyui
from audio_loop.comfy_host.template_comparison import compare, template_files, unknown_types
from audio_loop.workflow_graph.schemas import Schemas

# The newest frontend sends null for a seed or text that these old blueprints leave to the node inside (ComfyUI then refuses
# the prompt), and cannot copy the value of a curve widget.
NEWEST_CANNOT = (
    "basic_image_color_adjustment",
    "blueprint Color Curves",
    "blueprint Canny to Image (Z-Image-Turbo)",
    "blueprint Canny to Video (LTX 2.0)",
    "blueprint Depth to Video (ltx 2.0)",
    "blueprint Image Edit (Flux.2 Klein 4B)",
    "blueprint Image Edit (Qwen 2511)",
    "blueprint Image Outpainting (Qwen-Image)",
    "blueprint Image Upscale(Z-image-Turbo)",
    "blueprint Image to Video (Wan 2.2)",
    "blueprint Pose to Image (Z-Image-Turbo)",
)
EVERY = 1 if os.environ.get("AUDIO_LOOP_ALL_TEMPLATES") else 12


@pytest.mark.timeout(1800)
def test_templates_are_converted_as_the_frontend_does(page, frontend_release):
    files = template_files(ensure_comfyui())
    schemas = Schemas.load()
    # Nodes that call paid services are left out of this server.
    known = [name for name, path in files.items() if not unknown_types(json.loads(path.read_text("utf-8")), schemas)]
    assert len(known) > 300
    pinned = frontend_release == "pinned"
    for name in known[:: EVERY if pinned or EVERY == 1 else 2 * EVERY]:
        if pinned or name not in NEWEST_CANNOT:
            assert (name, compare(page, name, files[name], schemas, titles=pinned).difference) == (name, "")
