"""The timeline on the prompts node: text and sections follow each other, a boundary is dragged, and it survives a reload."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from audio_loop.comfy_host import frontend

from ..comfy.shipped import write_picture, write_song
from .boxes import steady_box
from .diagnoses import PICTURE, RUN, write_diagnosis

PICTURES = os.environ.get("AUDIO_LOOP_TEST_PICTURES")
TEXT = "0:00: a singer, red coat, sings\n0:30: a singer, red coat, dances\n1:15: a singer, red coat, walks away\n"
MAKE = """([song, text]) => {
    const { LiteGraph, app } = window;
    const [load, planner, prompts, shown] = ["LoadAudio", "AudioLoopPlanner", "AudioLoopPrompts", "PreviewAny"].map((type) => {
        const node = LiteGraph.createNode(type);
        app.graph.add(node);
        return node;
    });
    [load.pos, prompts.pos, planner.pos, shown.pos] = [[40, 60], [420, 60], [1400, 60], [1900, 60]];
    prompts.size = [940, 560];
    load.widgets.find((each) => each.name === "audio").value = song;
    prompts.widgets.find((each) => each.name === "schedule").value = text;
    load.connect(0, planner, planner.findInputSlot("audio"));
    prompts.connect(0, planner, planner.findInputSlot("schedule"));
    planner.connect(0, shown, 0);
    app.extensionManager.workflow.activeWorkflow.changeTracker.checkState?.();
    app.extensionManager.workflow.activeWorkflow.changeTracker.captureCanvasState?.();
    app.canvas.ds.scale = 0.8;
    app.canvas.ds.offset = [60, 120];
    app.canvas.setDirty(true, true);
}"""
READ = """() => window.app.graph.nodes.find((each) => each.comfyClass === "AudioLoopPrompts")
    ?.widgets.find((each) => each.name === "schedule").value"""
TYPE = """(text) => {
    const node = window.app.graph.nodes.find((each) => each.comfyClass === "AudioLoopPrompts");
    const widget = node.widgets.find((each) => each.name === "schedule");
    widget.value = text;
    widget.callback?.(text);
}"""
ADD_SAVER = """() => {
    const node = window.LiteGraph.createNode("StreamingVideoSave");
    node.pos = [1900, 300];
    window.app.graph.add(node);
}"""
WITH_THE_LIST = {"x": 400, "y": 90, "width": 1170, "height": 545}
OPEN_TABS = "() => window.app.extensionManager.workflow.openWorkflows.length"
FILLED = """() => {
    const { nodes } = window.app.graph;
    const [run, song, picture] = ["LoadLoopCheckpoint", "LoadAudio", "LoadImage"].map(
        (type) => nodes.find((each) => each.comfyClass === type)?.widgets[0].value);
    const front = nodes.find((each) => each.widgets?.some((widget) => widget.name === "start_seconds"));
    const part = ["window", "start_seconds", "end_seconds", "prompt"].map(
        (name) => front?.widgets.find((each) => each.name === name).value);
    return { run, song, picture, part, seed: front?.widgets.find((each) => each.name === "seed").value };
}"""
HEARD = "() => document.querySelector('.audio-loop-timeline .heard')?.textContent ?? ''"
SAYS = "() => document.querySelector('.audio-loop-timeline .says')?.textContent ?? ''"


@pytest.fixture
def song(comfy, tmp_path):
    return comfy.add_input(write_song(tmp_path / "timeline.wav", 185.0))


def place(page, seconds, row, length=185.0):
    """A point of the timeline on the screen: a second of the song, and a share of its height."""
    box = steady_box(page.locator(".audio-loop-timeline canvas").first)
    return box["x"] + box["width"] * seconds / length, box["y"] + box["height"] * row


def picture(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def wait_for(page, text, part):
    page.wait_for_function(f"(part) => ({text})().includes(part)", arg=part, timeout=frontend.READY_MS)


def test_text_and_sections_follow_each_other(page, comfy, tmp_path, song, pictures, frontend_release, renderer, console_errors):
    page.evaluate(MAKE, [song, TEXT])
    wait_for(page, SAYS, "Section 1 of 3, 0:00.00 to 0:30.00, seen from 0:00.00: a singer, red coat, sings")
    page.wait_for_timeout(700)
    picture(page, f"timeline_{frontend_release}_{renderer}")

    # Nothing listens to the song unless somebody wants it.
    assert page.evaluate(HEARD) == ""
    page.get_by_role("button", name="Listen", exact=True).click()
    wait_for(page, HEARD, "section")
    assert page.get_by_role("button", name="Listen", exact=True).count() == 0
    page.mouse.move(*place(page, 100, 0.4))
    page.wait_for_timeout(100)
    picture(page, f"timeline_heard_{frontend_release}_{renderer}")

    # The boundary at 0:30 goes to 0:41, freely while Alt is held.
    page.mouse.move(*place(page, 30, 0.55))
    page.keyboard.down("Alt")
    page.mouse.down()
    page.mouse.move(*place(page, 36, 0.55), steps=4)
    picture(page, f"timeline_drag_{frontend_release}_{renderer}")
    page.mouse.move(*place(page, 41, 0.55), steps=4)
    page.mouse.up()
    page.keyboard.up("Alt")
    lines = page.evaluate(READ).split("\n")
    minutes, seconds = lines[1].split(": ")[0].split(":")
    assert int(minutes) * 60 + float(seconds) == pytest.approx(41, abs=0.4)
    assert [lines[0], *lines[2:]] == [each for each in TEXT.split("\n") if not each.startswith("0:30")]

    # Without Alt it snaps to what can be seen.
    page.mouse.move(*place(page, 41, 0.55))
    page.mouse.down()
    page.mouse.move(*place(page, 35, 0.55), steps=4)
    page.mouse.up()
    assert page.evaluate(READ) == TEXT.replace("0:30:", "0:37.8:")

    # Undo is ComfyUI's own.
    page.keyboard.press("Control+z")
    page.wait_for_function(f"(text) => ({READ})() !== text", arg=TEXT.replace("0:30:", "0:37.8:"), timeout=frontend.READY_MS)
    assert page.evaluate(READ).split("\n")[1].startswith("0:4")

    # What is typed is shown; a bad line is told with its number.
    page.evaluate(TYPE, "0:00: she sings\n0:20 she runs")
    wait_for(page, SAYS, "Line 2: expected a colon and a prompt behind '0:20', such as '0:20: she sings'")
    page.evaluate(TYPE, "0:00: she sings\n1:00: she runs")
    wait_for(page, SAYS, "Section 1 of 2, 0:00.00 to 1:00.00")

    # Split at the playhead, by key; words typed in place; delete.
    page.mouse.click(*place(page, 100, 0.55))
    page.keyboard.press("s")
    wait_for(page, READ, "she runs\n1:40")
    page.mouse.dblclick(*place(page, 150, 0.55))
    page.keyboard.type("he waits")
    page.keyboard.press("Enter")
    wait_for(page, READ, ": he waits")
    page.keyboard.press("Delete")
    page.wait_for_function(f"() => !({READ})().includes('he waits')", timeout=frontend.READY_MS)
    assert page.evaluate(READ) == "0:00: she sings\n1:00: she runs"

    comfy.add_input(write_picture(tmp_path / PICTURE))
    write_diagnosis(comfy.output_folder / "video", song)
    page.evaluate(ADD_SAVER)
    saved = json.loads(page.evaluate("() => JSON.stringify(window.app.graph.serialize())"))
    (node,) = [each for each in saved["nodes"] if each["type"] == "AudioLoopPrompts"]
    assert node["widgets_values"] in (["0:00: she sings\n1:00: she runs"], {"schedule": "0:00: she sings\n1:00: she runs"})
    page.evaluate("(saved) => window.app.loadGraphData(saved)", saved)
    wait_for(page, SAYS, "Section 1 of 2, 0:00.00 to 1:00.00, seen from 0:00.00: she sings")
    what_the_doctor_found_is_shown_and_made_again(page, song, pictures)
    # Load Audio asks for a file without a name when its list does not have the song yet.
    expected = ("Content Security Policy", "view?filename=&")
    assert [error for error in console_errors if not any(part in error for part in expected)] == []


def what_the_doctor_found_is_shown_and_made_again(page, song, pictures):
    page.get_by_role("button", name="The doctor found 3 things in seen_00001_.mp4").click()
    page.wait_for_timeout(300)
    pictures.of_place("doctor", WITH_THE_LIST)
    # The marks are one stop of the Tab key; arrows go from one to the next, and the red line with them.
    marks = page.get_by_role("toolbar", name="What the doctor found, on the song").get_by_role("button")
    assert marks.count() == 4
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, SAYS, "Section 1 of 2")
    page.keyboard.press("End")
    wait_for(page, SAYS, "Section 2 of 2")

    found = page.get_by_role("dialog", name="What the doctor found")
    with page.expect_popup() as report:
        found.get_by_role("link", name="Open the report").click()
    assert (report.value.locator("h1").inner_text(), report.value.title()) == ("Report", "report")
    report.value.close()
    found.get_by_role("button", name="0:37.80, window 2", exact=True).click()
    wait_for(page, SAYS, "Section 1 of 2")
    tabs, text = page.evaluate(OPEN_TABS), page.evaluate(READ)
    found.get_by_role("button", name="Retake this part: 1:30.00 to 1:44.00").click()
    page.wait_for_function(f"() => ({FILLED})().part[1] === 90", timeout=frontend.READY_MS)
    filled = page.evaluate(FILLED)
    assert filled | {"seed": 0} == {"run": RUN, "song": song, "picture": PICTURE, "part": [-1, 90, 104, ""], "seed": 0}
    assert filled["seed"] != 43
    assert page.evaluate(OPEN_TABS) == tabs + 1
    # What was open is as it was.
    page.evaluate("() => window.app.extensionManager.command.execute('Workspace.PreviousOpenedWorkflow')")
    page.wait_for_function(f"(text) => ({READ})() === text", arg=text, timeout=frontend.READY_MS)
