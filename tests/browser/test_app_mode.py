"""The smoke workflow as an app: its fields are named, set, and run; the video comes out, and the canvas is as it was."""

from __future__ import annotations

import os
from pathlib import Path

import av
import pytest

from audio_loop.comfy_host import frontend
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME

from .test_shipped_workflows import BUTTONS, SET_FOR_THE_TOY, SONG_SECONDS

PICTURES = os.environ.get("AUDIO_LOOP_TEST_PICTURES")
SMOKE = "audio-loop_smoke"
FIELDS = "[data-testid=app-mode-widget-item]"
LABELS = f"{FIELDS} [data-testid=builder-widget-label]"
MADE = "[data-testid=linear-history-item]"
VALUES = """() => {
    const value = (id, name) => window.app.rootGraph.getNodeById(id).widgets.find((each) => each.name === name).value;
    return [value(1559, "schedule"), value(2400, "width"), value(2400, "height"), value(2400, "seed")];
}"""
ON_THE_CANVAS = """() => window.app.rootGraph.getNodeById(1559).widgets.find((each) => each.name === "audio_loop_timeline")
    .element.querySelector("canvas")?.getBoundingClientRect().width > 100"""
PLAYS = """() => [...document.querySelectorAll("video")].some((video) => video.videoWidth === 64 && video.duration > 2.9)"""


def picture_of(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def field(page, node_id, widget):
    found = page.locator(f"{FIELDS}[data-widget-key$=':{node_id}:{widget}']")
    found.scroll_into_view_if_needed()
    return found


def split(page, timeline):
    """Splits at two thirds of the song, by the key."""
    drawn = timeline.locator("canvas")
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 2 / 3, box["y"] + box["height"] * 0.55)
    page.keyboard.press("s")
    timeline.get_by_text("of 2, 0:0").wait_for()


def enter(page):
    page.get_by_role("button", name="Enter app mode").click()
    page.locator(FIELDS).first.wait_for()


@pytest.fixture
def show_app(page, open_template, comfy, tmp_path):
    """The smoke workflow with the toy's models and a short window, in App mode."""
    comfy.add_input(write_picture(tmp_path / "example.png"))
    comfy.add_input(write_song(tmp_path / "song.mp3", SONG_SECONDS))
    open_template(SMOKE)
    models = [(2400, "checkpoint", CHECKPOINT_NAME), (2400, "distilled_lora", LORA_NAME)]
    values = [*models, (2400, "window_seconds", 1.96), (2400, "overlap_seconds", 0.36)]
    page.evaluate(SET_FOR_THE_TOY, [values, [("text_encoder", TEXT_ENCODER_NAME), ("ckpt_name", CHECKPOINT_NAME)]])
    enter(page)


def test_the_app_is_set_run_and_left_again(page, show_app, comfy, tmp_path, frontend_release, renderer, console_errors):
    labels = ["Picture", "Song", "Timeline", "Prompts over time", "Width", "Height", "Seed", "Look at the video"]
    assert page.locator(LABELS).all_inner_texts() == labels

    uploads = {(444, "image"): write_picture(tmp_path / "app face.png"), (565, "audio"): write_song(tmp_path / "app.wav", 3.0)}
    for (node_id, widget), path in uploads.items():
        field(page, node_id, widget).locator("input[type=file]").set_input_files(path)
        field(page, node_id, widget).get_by_text(path.name).first.wait_for()
    timeline = field(page, 1559, "audio_loop_timeline")
    field(page, 1559, "schedule").locator("textarea").fill("0:00: she sings")
    timeline.get_by_text("Section 1 of 1, 0:00.00 to 0:03.00, seen from 0:00.00: she sings").wait_for()
    # Split on the timeline at two thirds of the song: the text follows.
    split(page, timeline)
    picture_of(page, f"app_set_{frontend_release}")
    # Undo makes all nodes anew: the timeline of the new one is shown, and splits.
    page.keyboard.press("Control+z")
    timeline.get_by_text("of 1, 0:00.00 to 0:03.00, seen").wait_for()
    split(page, timeline)
    for widget, value in (("width", "64"), ("height", "64"), ("seed", "7")):
        number = field(page, 2400, widget).locator("input").first
        number.fill(value)
        number.press("Enter")
    schedule, *numbers = page.evaluate(VALUES)
    assert (schedule.split("\n")[0], len(schedule.split("\n")), numbers) == ("0:00: she sings", 2, [64, 64, 7])
    assert field(page, 1559, "schedule").locator("textarea").input_value() == schedule

    videos = comfy.output_folder / "video"
    before = set(videos.glob("*.mp4"))
    page.get_by_test_id("linear-run-button").get_by_role("button", name="Run").click()
    page.locator(MADE).nth(1).wait_for(timeout=200_000)
    page.wait_for_function(PLAYS)
    picture_of(page, f"app_run_{frontend_release}")
    (video,) = set(videos.glob("*.mp4")) - before
    page.get_by_text(video.name).first.wait_for()
    with av.open(str(video)) as container:
        assert container.streams.video[0].frames == SONG_SECONDS * 25
        assert len(container.streams.audio) == 1
    # The picture of the windows is the other result.
    page.locator(MADE).nth(1).click()
    page.get_by_text("ComfyUI_temp").first.wait_for()
    picture_of(page, f"app_plan_{frontend_release}")

    page.get_by_role("button", name="Enter node graph").click()
    page.wait_for_function(ON_THE_CANVAS, timeout=frontend.READY_MS)
    assert page.evaluate(BUTTONS) == ["Stop after this iteration", "Check before Run"]
    assert page.evaluate(VALUES) == [schedule, 64, 64, 7]
    picture_of(page, f"app_left_{frontend_release}")
    assert console_errors == []
