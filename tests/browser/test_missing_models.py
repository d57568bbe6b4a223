"""ComfyUI's own list of missing models names every file of a shipped workflow, its folder and where it comes from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audio_loop.comfy_host import frontend
from audio_loop.workflow_graph.folding.unfold import unfold

from .test_shipped_workflows import DEFAULT, ui_form

PICTURES = os.environ.get("AUDIO_LOOP_TEST_PICTURES")
GROUP = "error-group-missing-model"
COPIED = """() => {
    window.copied = [];
    Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => window.copied.push(text) } });
}"""
ROWS = f"""() => [...document.querySelectorAll('[data-testid="{GROUP}"] [data-testid="missing-model-download"]')]
    .map((button) => button.getAttribute("aria-label").replace("Download ", ""))"""


def listed(name):
    """Folder and address by file, as the nodes of a workflow say, those inside subgraphs too."""
    nodes = unfold(ui_form(name)).document["nodes"]
    models = [model for node in nodes for model in node["properties"].get("models", ())]
    return {model["name"]: (model["directory"], model["url"]) for model in models}


@pytest.mark.parametrize("name", [DEFAULT, "audio-loop_finish-from-checkpoint"])
def test_every_missing_model_is_named_with_folder_and_address(page, name, frontend_release):
    page.evaluate(COPIED)
    frontend.show(page, ui_form(name))
    expected = listed(name)
    page.get_by_role("button", name="View details").first.click()
    page.wait_for_function(f"(count) => ({ROWS})().length === count", arg=len(expected))
    assert sorted(page.evaluate(ROWS)) == sorted(expected)
    group = page.get_by_test_id(GROUP)
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"missing_{name}_{frontend_release}.png"))
    for number, (file, (directory, url)) in enumerate(expected.items(), 1):
        row = group.locator("div", has=page.get_by_role("button", name=f"Download {file}")).last
        row.get_by_text(directory).first.wait_for()
        row.get_by_role("button", name="Copy").first.click()
        page.wait_for_function("(count) => window.copied.length === count", arg=number)
        # The frontend copies the address of the file's page on the hub.
        assert page.evaluate("() => window.copied.at(-1)") == url.replace("/resolve/", "/blob/")
