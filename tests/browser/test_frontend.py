"""The frontend starts beside the pack."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from audio_loop.comfy_host.frontend_release import newest_version
from audio_loop.demo.tiny_names import CHECKPOINT_NAME


@pytest.mark.shown_in("all")
def test_each_combination_is_what_it_is_called_and_knows_the_tiny_model(page, console_errors, frontend_release, renderer):
    prompt = page.evaluate(
        """async () => {
            const node = window.LiteGraph.createNode("CheckpointLoaderSimple");
            window.app.graph.add(node);
            return (await window.app.graphToPrompt()).output;
        }"""
    )
    (node,) = prompt.values()
    assert node["inputs"] == {"ckpt_name": CHECKPOINT_NAME}
    page.wait_for_timeout(500)
    assert page.locator("[data-node-id]").count() == (1 if renderer == "nodes2" else 0)
    shown = page.evaluate("window.__COMFYUI_FRONTEND_VERSION__")
    assert shown == (newest_version() if frontend_release == "newest" else version("comfyui-frontend-package"))
    assert console_errors == []
