"""The check before Run: findings with links to their nodes, those inside subgraphs too, and green when all is mended."""

from __future__ import annotations

import pytest

from audio_loop.comfy_host import frontend
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME

from .test_shipped_workflows import DEFAULT, SET_FOR_THE_TOY

PRESS = """() => window.app.rootGraph.getNodeById(2400).widgets
    .find((widget) => widget.name === "Check before Run").callback()"""
SET_INSIDE = """(cfg) => {
    const levels = [...window.app.rootGraph.subgraphs.values()];
    levels.map((level) => level.getNodeById(644)).find(Boolean).widgets.find((widget) => widget.name === "cfg").value = cfg;
}"""
SET_SCHEDULE = """(text) => {
    const widget = window.app.rootGraph.getNodeById(1559).widgets.find((widget) => widget.name === "schedule");
    const before = widget.value;
    widget.value = text;
    return before;
}"""
SELECTED_TEXT = """(id) => {
    const node = window.app.rootGraph.getNodeById(Number(id));
    const widget = node.widgets.find((widget) => widget.name === "schedule");
    const drawn = document.querySelector(`[data-node-id="${id}"] textarea`);
    const area = widget.element?.isConnected ? widget.element : drawn;
    return area.value.slice(area.selectionStart, area.selectionEnd);
}"""
CHOSEN = """() => {
    const { canvas, rootGraph } = window.app;
    return [canvas.graph !== rootGraph, ...[...canvas.selectedItems].map((node) => String(node.id))].join(" ");
}"""


def chosen(page, wanted):
    """Whether a subgraph is open, and what is selected: as soon as it is what is wanted, else what it is in the end."""
    for _ in range(50):
        if (now := page.evaluate(CHOSEN)) == wanted:
            break
        page.wait_for_timeout(200)
    return now


@pytest.fixture
def toy(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "check.wav", 8.0))
    picture = comfy.add_input(write_picture(tmp_path / "check.png"))
    files = [(2400, "checkpoint", CHECKPOINT_NAME), (2400, "distilled_lora", LORA_NAME)]
    inputs = [(444, "image", picture), (565, "audio", song), (2400, "window_seconds", 1.96), (2400, "overlap_seconds", 0.36)]
    return [[*files, *inputs], [("text_encoder", TEXT_ENCODER_NAME), ("ckpt_name", CHECKPOINT_NAME)]]


def test_findings_lead_to_their_nodes_and_are_gone_when_mended(page, open_template, console_errors, toy):
    open_template(DEFAULT)
    page.evaluate(SET_INSIDE, 4)
    page.evaluate(PRESS)
    panel = page.get_by_role("dialog", name="Check before Run")
    panel.get_by_text("errors", exact=False).first.wait_for(timeout=frontend.READY_MS)
    panel.get_by_text("models/checkpoints").first.wait_for()
    panel.get_by_role("button", name="843:644)").click()
    assert chosen(page, "true 644") == "true 644"
    panel.get_by_role("button", name=":414)").click()
    assert chosen(page, "true 414") == "true 414"

    schedule = "0:00-1:00: A singer is singing.\nA dancer"
    before = page.evaluate(SET_SCHEDULE, schedule)
    panel.get_by_role("button", name="Check again").click()
    panel.get_by_role("button", name="(1559), line 2").click()
    assert chosen(page, "false 1559") == "false 1559"
    assert page.evaluate(SELECTED_TEXT, "1559") == "A dancer"
    page.evaluate(SET_SCHEDULE, before)

    page.evaluate(SET_INSIDE, 1)
    page.evaluate(SET_FOR_THE_TOY, toy)
    panel.get_by_role("button", name="Check again").click()
    panel.locator("h2.ok").get_by_text("OK: nothing found").wait_for()
    panel.get_by_text("Song 0:08.00: 5 windows").wait_for()
    panel.get_by_role("button", name="Close").click()
    panel.wait_for(state="detached")
    # The picture and the song that the workflow is shipped with are not there, which the panel has told.
    assert [
        error
        for error in console_errors
        if not any(part in error for part in ("Content Security Policy", "/view?", "song.mp3"))
    ] == []
