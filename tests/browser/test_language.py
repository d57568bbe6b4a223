"""The page in Chinese: texts of the shipped workflow, what the pack's browser side shows on the canvas and in its panel."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from audio_loop.comfy_host import frontend
from audio_loop.comfy_host.environment import REPOSITORY

from .test_app_mode import LABELS as APP_LABELS
from .test_check import PRESS
from .test_shipped_workflows import DEFAULT

WORKFLOW = REPOSITORY / "example_workflows" / f"{DEFAULT}.json"
BUTTONS = ("Check before Run", "Stop after this iteration", "Open the video")
FIELDS = ("Picture", "Song", "Timeline", "Prompts over time", "Width", "Height", "Seed", "Look at the video")
TOGGLE_APP_MODE = "() => window.app.extensionManager.command.execute('Comfy.ToggleLinear')"
SPLIT = "Cut the section at the red line in two (S or Ctrl+B)"
NOTE = 2101
FRONT = """() => {
    const { nodes } = window.app.rootGraph;
    const titles = nodes.filter(({ id }) => [2101, 444, 565, 1559, 2400, 1604].includes(Number(id)));
    const note = nodes.find(({ id }) => Number(id) === 2101).widgets[0].value;
    return [Object.fromEntries(titles.map((node) => [node.id, node.title])), note];
}"""
LABELS = """() => Object.fromEntries(window.app.rootGraph.nodes.flatMap((node) => (node.widgets ?? [])
    .filter((widget) => widget.type === "button" && widget.label).map((widget) => [widget.name, widget.label])))"""


@pytest.fixture
def language():
    return "zh-CN"


def workflow_title(node_id):
    nodes = json.loads(WORKFLOW.read_text("utf-8"))["nodes"]
    return next(node["title"] for node in nodes if node["id"] == node_id)


def picture(page, name):
    """Keeps what the page shows, for eyes, if a folder for pictures is named."""
    if folder := os.environ.get("AUDIO_LOOP_TEST_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_what_the_pack_shows_is_chinese(page, renderer):
    page.evaluate("(workflow) => window.app.loadGraphData(workflow)", json.loads(WORKFLOW.read_text("utf-8")))
    words = json.loads((REPOSITORY / "locales" / "zh" / "main.json").read_text("utf-8"))["audio_loop"]
    shown, written = words["shown"], words["workflows"]
    titles, note = page.evaluate(FRONT)
    assert titles == {str(each): written[workflow_title(each)] for each in (NOTE, 444, 565, 1559, 2400, 1604)}
    assert note.startswith("# 音频循环\n")
    labels = page.evaluate(LABELS)
    assert {name: labels.get(name) for name in BUTTONS} == {name: shown[name] for name in BUTTONS}
    page.get_by_role("button", name=shown[SPLIT]).wait_for(timeout=frontend.READY_MS)
    page.evaluate(TOGGLE_APP_MODE)
    assert page.locator(APP_LABELS).all_inner_texts() == [shown.get(name) or written[name] for name in FIELDS]
    page.get_by_text(written["another number, another take"], exact=True).wait_for()
    picture(page, f"chinese_app_{renderer}")
    page.evaluate(TOGGLE_APP_MODE)

    page.evaluate(PRESS)
    panel = page.get_by_role("dialog", name=shown["Check before Run"])
    panel.get_by_text(shown["Mend"], exact=True).first.wait_for(timeout=frontend.READY_MS)
    picture(page, f"chinese_{renderer}")
    panel.get_by_role("button", name=shown["Close"], exact=True).click()
    panel.wait_for(state="detached")
