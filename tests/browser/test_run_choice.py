"""A run and its windows are chosen from what is on disk, by picture, not by a typed name."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from audio_loop.comfy_host import frontend
from audio_loop.workflow_graph.shipped import retake

from .test_app_mode import FIELDS, enter, field
from .test_shipped_workflows import ui_form

STORED = Path(__file__).resolve().parents[1] / "golden" / "stored_runs" / "audio_loop"
MAKE = """() => {
    const { LiteGraph, app } = window;
    const load = LiteGraph.createNode("LoadLoopCheckpoint");
    const part = LiteGraph.createNode("LoopRetakeWindow");
    part.pos = [500, 0];
    for (const node of [load, part]) app.graph.add(node);
    load.connect(load.findOutputSlot("run_name"), part, part.findInputSlot("run_name"));
}"""
PRESS = """([type, text]) => {
    const node = window.app.graph.nodes.find((each) => each.comfyClass === type);
    node.widgets.find((widget) => widget.name === text).callback();
}"""
VALUE = """([type, name]) => {
    const node = window.app.graph.nodes.find((each) => each.comfyClass === type);
    return node.widgets.find((widget) => widget.name === name).value;
}"""
ON_THE_FRONT = """() => {
    window.app.graph.getNodeById(2400).widgets.find((widget) => widget.name === "Choose the window …").callback();
}"""
HAS = f"([type, name, value]) => ({VALUE})([type, name]) === value"
SHOWN = "() => [...document.querySelectorAll('.audio-loop-choice img')].every((image) => image.naturalWidth > 0)"


@pytest.fixture
def runs(comfy):
    for run in STORED.iterdir():
        shutil.copytree(run, comfy.output_folder / "audio_loop" / run.name)
        # Runs of other tests on this server are older.
        for manifest in (comfy.output_folder / "audio_loop" / run.name).glob("*.json"):
            os.utime(manifest)
    yield [run.name for run in STORED.iterdir()]
    for run in STORED.iterdir():
        shutil.rmtree(comfy.output_folder / "audio_loop" / run.name)


def test_a_run_and_a_window_are_chosen_by_picture(page, runs, console_errors):
    page.evaluate(MAKE)
    page.evaluate(PRESS, ["LoadLoopCheckpoint", "Choose the run …"])
    dialog = page.get_by_role("dialog", name="Run")
    dialog.get_by_text("because it was changed last").wait_for(timeout=frontend.READY_MS)
    page.wait_for_function(SHOWN)
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert page.evaluate(VALUE, ["LoadLoopCheckpoint", "run_name"]) == ""

    page.evaluate(PRESS, ["LoadLoopCheckpoint", "Choose the run …"])
    dialog.get_by_role("button").filter(has_text=runs[0]).last.click()
    page.wait_for_function(HAS, arg=["LoadLoopCheckpoint", "run_name", runs[0]])

    page.evaluate(PRESS, ["LoadLoopCheckpoint", "Choose takes …"])
    takes = page.get_by_role("dialog", name="Takes")
    takes.get_by_text(f"run {runs[0]}").wait_for(timeout=frontend.READY_MS)
    page.keyboard.press("Escape")
    takes.wait_for(state="detached")

    page.evaluate(PRESS, ["LoopRetakeWindow", "Choose the window …"])
    window = page.get_by_role("dialog", name="Window")
    window.get_by_role("button").filter(has_text="window 2").click(timeout=frontend.READY_MS)
    page.wait_for_function(HAS, arg=["LoopRetakeWindow", "window", 2])
    sent = frontend.sent_by_run(page)
    assert {node["inputs"].get("run_name") for node in sent.values() if node["class_type"] == "LoadLoopCheckpoint"} == {runs[0]}
    assert [error for error in console_errors if "Content Security Policy" not in error] == []

    frontend.show(page, ui_form(retake.NAME))
    page.evaluate(ON_THE_FRONT)
    window.get_by_role("button").filter(has_text="window 2").click(timeout=frontend.READY_MS)
    page.wait_for_function(
        "() => window.app.graph.getNodeById(2400).widgets.find((each) => each.name === 'window').value === 2"
    )
    (part,) = [node for node in frontend.sent_by_run(page).values() if node["class_type"] == "LoopRetakeWindow"]
    assert part["inputs"]["window"] == 2


def test_the_app_of_a_retake_lets_choose_the_run_by_picture_and_set_the_window(page, runs):
    frontend.show(page, ui_form(retake.NAME))
    enter(page)
    page.locator(FIELDS).get_by_role("button", name="Choose the run …").click()
    dialog = page.get_by_role("dialog", name="Run")
    dialog.get_by_role("button").filter(has_text=runs[0]).last.click(timeout=frontend.READY_MS)
    dialog.wait_for(state="detached")
    assert field(page, 2205, "run_name").locator("input").input_value() == runs[0]
    assert field(page, 2400, "window").locator("input").input_value() == "1"
