"""The way of a user who has never seen the pack, from the Templates dialog to a video that plays, with his mouse and keys.

In full where each frontend and each renderer is seen once; the other two combinations show the front and edit the prompts.
"""

from __future__ import annotations

import re
import time
from importlib.metadata import version

import numpy as np
import pytest
from scipy.io import wavfile

from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.comfy_host import frontend
from audio_loop.comfy_host.frontend_release import newest_version
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME, UPSCALER_NAME

from ..songs import make_song
from . import boxes, hands, writing
from .conftest import DEFAULT as IN_FULL
from .pictures import KEPT
from .test_shipped_workflows import BUTTONS, SET_FOR_THE_TOY, TYPES_NOBODY_KNOWS

DEFAULT = "audio-loop-music-video"
PICTURE, SONG, RENDER, VIDEO, FINISHED_VIDEO = 444, 565, 2400, 1604, 2504
SONG_SECONDS = 180 if KEPT else 60
SMALLEST_ZOOM = 0.6
SUBJECT = "A singer with dark hair in a red dress"
ASKED = {
    "0:00": "is singing softly on a night stage, close-up, static camera",
    "0:14.5": "is singing with her head raised, medium close-up, static camera",
    "0:30": "is singing with a smile in warm light, medium close-up, static camera",
    "0:52": "is singing the chorus with open arms, medium close-up, static camera",
    "1:08": "is swaying to the beat in blue light, medium close-up, static camera",
    "1:17": "is singing with her head turned aside, close-up, static camera",
    "1:36": "is singing with closed eyes, close-up, static camera",
    "1:50": "is singing the chorus with open arms, medium close-up, static camera",
    "2:06": "is singing before falling sparks, medium close-up, static camera",
    "2:20": "is whispering into the microphone, close-up, static camera",
    "2:32": "is singing the last chorus in bright light, medium close-up, static camera",
    "2:50": "is bowing her head while the light fades, medium close-up, static camera",
}


def seconds_of(clock):
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + float(seconds)


def said_start(words):
    """Where a section begins, in what the timeline says of it; of one that is never seen it says the line."""
    section = re.search(r"Section \d+ of \d+, ([\d:.]+) to", words)
    return (section or re.search(r"Line \d+, asked for ([\d:.]+),", words))[1]


STARTS = [start for start in ASKED if seconds_of(start) < SONG_SECONDS]
TEXT = "\n".join(f"{start}: {SUBJECT} {ASKED[start]}" for start in STARTS)
CHOSEN = f"""() => [{PICTURE}, {SONG}].map((id) => window.app.graph.getNodeById(id)?.widgets?.[0].value)"""
# The frontend keeps a change for a reload some time after it was made.
DRAFT_MS = 1000
UNDO_MS = 1000
IDLE = """async () => {
    const { exec_info } = await (await window.comfyAPI.api.api.fetchApi("/prompt")).json();
    return exec_info.queue_remaining === 0;
}"""
NOTE_PROGRESS = """() => {
    window.comfyAPI.api.api.addEventListener("audio_loop.progress", ({ detail }) => {
        window.percent = detail.progress?.percent ?? window.percent;
    });
}"""
PLAN = """() => {
    const [, { images: [image] }] = Object.entries(window.app.nodeOutputs).find(([at]) => at.split(":").at(-1) === "1564");
    return `${location.origin}/view?${new URLSearchParams(image)}`;
}"""
# Enough for a hand to press Stop while a window is sampled.
MANY_STEPS = ", ".join(f"{1 - step / 24:.3f}" for step in range(25))
ONE_STEP = "1.0, 0.0"
SET_SIGMAS = """(sigmas) => {
    const levels = [...window.app.graph.subgraphs.values()];
    levels.map((level) => level.getNodeById(1421)).find(Boolean).widgets[0].value = sigmas;
}"""
VERSIONS = {"pinned": lambda: version("comfyui-frontend-package"), "newest": newest_version}
# The template's picture, song and models are not there, nor is a song while it is uploaded; and what the frontend says when it
# is loaded again.
EXPECTED = ("Content Security Policy", "example.png", "song.mp3", "audio=my+song.wav", "graph accessed before initialization")
WORD = """(id) => window.app.graph.getNodeById(id).widgets.find((each) => each.name === "audio_loop_word").value"""
SET_TO = f"""(stage) => {{
    window.app.graph.getNodeById({RENDER}).widgets.find((each) => each.name === "stage").value = stage;
}}"""
PLAYS = """async () => {
    const [video] = [...document.querySelectorAll("video")].slice(-1);
    video.muted = true;
    await video.play();
    const from = video.currentTime;
    await new Promise((resolve) => setTimeout(resolve, 700));
    video.pause();
    return { seconds: video.duration, moved: video.currentTime - from, width: video.videoWidth };
}"""
HAS_BUTTON = """(name) => window.app.graph.nodes.find((node) => node.widgets?.some((each) => each.name === name)).id"""
PICTURES_ARE_SHOWN = """() => [...document.querySelectorAll(".audio-loop-choice img")]
    .every((image) => image.naturalWidth > 0)"""
FINISHED_IS_SHOWN = "() => [...document.querySelectorAll('video')].some((each) => each.videoWidth === 128)"
VIDEO_IS_SHOWN = "() => [...document.querySelectorAll('video')].some((each) => each.readyState >= 2)"


@pytest.fixture
def files(tmp_path):
    """A picture and a song on the user's own disk; for pictures a song with verses and choruses."""
    write = write_song_with_a_form if KEPT else write_song
    return write_picture(tmp_path / "my singer.png"), write(tmp_path / "my song.wav", SONG_SECONDS)


def write_song_with_a_form(path, seconds):
    song = make_song(3, form="IABABO", part_seconds=30.0, voice=True, drums=True)
    samples = np.zeros(seconds * LISTENING_HZ, np.float32)
    whole = song.samples[: len(samples)]
    samples[: len(whole)] = whole
    wavfile.write(path, LISTENING_HZ, (samples / np.abs(samples).max() * 0.9 * 32767).astype(np.int16))
    return path


@pytest.mark.shown_in("all")
def test_a_song_becomes_a_video(page, files, pictures, frontend_release, renderer, console_errors):
    picture, song = files
    assert page.evaluate("window.__COMFYUI_FRONTEND_VERSION__") == VERSIONS[frontend_release]()
    hands.pick_template(page, DEFAULT)
    the_front_can_be_read(page, renderer)

    hands.upload(page, PICTURE, picture)
    hands.upload(page, SONG, song)
    # Without a further click: the timeline shows the song and its windows.
    hands.wait_for(page, hands.SAYS, f"0:00.00 to {SONG_SECONDS // 60}:00.00, seen from 0:00.00")
    hands.write_prompts(page, TEXT)
    hands.wait_for(page, hands.SAYS, f"of {len(STARTS)}, 0:00.00 to 0:14.50")
    assert [*map(seconds_of, map(said_start, hands.sections(page, len(STARTS))))] == [*map(seconds_of, STARTS)]
    writing.listen(page)
    text = a_boundary_is_dragged(page, pictures)
    if f"{frontend_release} {renderer}" in IN_FULL:
        pictures.of_nodes("front")
        page.wait_for_timeout(DRAFT_MS)
        page.reload()
        hands.wait_for(page, hands.SAYS, f"of {len(STARTS)}, 0:00.00 to 0:14.50")
        assert (page.evaluate(hands.SCHEDULE), page.evaluate(CHOSEN)) == (text, [picture.name, song.name])
        another_tab_has_a_copy_of_its_own(page, text)
        the_check_tells_what_is_missing(page, pictures)
        it_stops_and_goes_on(page, pictures)
        the_video_plays(page)
        nothing_is_in_the_way(page)
        hands.enter(page, RENDER)
        hands.fit(page)
        pictures.of_nodes("inside")
        a_window_is_chosen_by_picture(page, pictures)
        another_song_begins_with_nothing_shown(page)
        the_draft_is_finished(page)
        prompts_written_from_the_song_are_rendered(page, pictures)
    assert [each for each in console_errors if not any(part in each for part in EXPECTED)] == []


def the_front_can_be_read(page, renderer):
    assert page.evaluate(TYPES_NOBODY_KNOWS) == []
    assert page.evaluate(BUTTONS) == ["Stop after this iteration", "Check before Run"]
    assert page.evaluate("() => window.app.graph.nodes.length") <= 8
    nothing_is_in_the_way(page)
    hands.fit(page)
    assert page.evaluate("() => window.app.canvas.ds.scale") >= SMALLEST_ZOOM
    drawn_by_the_page = page.locator("[data-node-id]").count()
    assert drawn_by_the_page == (page.evaluate("() => window.app.graph.nodes.length") if renderer == "nodes2" else 0)


def nothing_is_in_the_way(page):
    page.evaluate(boxes.SHOW_LEVEL, 0)
    assert boxes.complaints(boxes.drawn_boxes(page)) == []
    assert boxes.crossings(page) == []
    hands.fit(page)


def a_boundary_is_dragged(page, pictures):
    """Freely and undone, then to where it can be seen; returns the text."""
    page.mouse.move(*hands.place(page, 30, SONG_SECONDS))
    page.keyboard.down("Alt")
    page.mouse.down()
    page.mouse.move(*hands.place(page, 35.5, SONG_SECONDS), steps=5)
    page.wait_for_timeout(100)
    pictures.of_element("timeline", page.locator(".audio-loop-timeline"))
    page.mouse.move(*hands.place(page, 41, SONG_SECONDS), steps=5)
    page.mouse.up()
    page.keyboard.up("Alt")
    dragged = page.evaluate(hands.SCHEDULE).split("\n")
    start, _, words = dragged[2].partition(": ")
    assert seconds_of(start) == pytest.approx(41, abs=0.4)
    assert [*dragged[:2], f"0:30: {words}", *dragged[3:]] == TEXT.split("\n")
    # The song's node of the pinned frontend sometimes changes a value of its button by itself, which is a step too, and is one
    # again if the graph was put back and a key goes down: then ComfyUI's own command undoes.
    for attempt in range(6):
        before = page.evaluate(hands.SCHEDULE)
        if attempt < 2:
            page.keyboard.press("Control+z")
        else:
            page.evaluate("() => window.app.extensionManager.command.execute('Comfy.Undo')")
        page.wait_for_timeout(UNDO_MS)
        if page.evaluate(hands.SCHEDULE) != before:
            break
    # What was typed before the drag stays.
    assert page.evaluate(hands.SCHEDULE) == TEXT
    hands.wait_for(page, hands.SAYS, f"Section 1 of {len(STARTS)}, 0:00.00 to 0:14.50, seen from 0:00.00")
    page.mouse.move(*hands.place(page, 30, SONG_SECONDS))
    page.mouse.down()
    page.mouse.move(*hands.place(page, 35, SONG_SECONDS), steps=5)
    page.mouse.up()
    snapped = TEXT.replace("0:30:", "0:37.8:")
    assert page.evaluate(hands.SCHEDULE) == snapped
    return snapped


def another_tab_has_a_copy_of_its_own(page, text):
    page.mouse.click(*hands.EMPTY_PLACE)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.get_by_role("button", name="Create a new blank workflow").click()
    page.wait_for_function("() => window.app.graph.nodes.length === 0")
    page.mouse.move(*hands.EMPTY_PLACE)
    page.keyboard.press("Control+v")
    page.wait_for_function("() => window.app.graph.nodes.length === 8")
    hands.fit(page)
    hands.wait_for(page, hands.SAYS, f"of {len(STARTS)}, 0:00.00 to 0:14.50, seen from 0:00.00")
    page.mouse.click(*hands.place(page, 22, SONG_SECONDS))
    page.keyboard.press("s")
    hands.wait_for(page, hands.SAYS, f"of {len(STARTS) + 1}, ")
    assert page.evaluate(hands.SCHEDULE).count("\n") == len(STARTS)
    page.get_by_text(DEFAULT).first.click()
    hands.wait_for(page, hands.SAYS, f"of {len(STARTS)}, 0:00.00 to 0:14.50, seen from 0:00.00")
    assert page.evaluate(hands.SCHEDULE) == text


def the_check_tells_what_is_missing(page, pictures):
    """The models; with those of the toy in their place it tells what the render takes."""
    hands.press(page, RENDER, "Check before Run")
    panel = page.get_by_role("dialog", name="Check before Run")
    panel.get_by_text("models/checkpoints").first.wait_for(timeout=frontend.READY_MS)
    names = {"checkpoint": CHECKPOINT_NAME, "distilled_lora": LORA_NAME, "upscaler": UPSCALER_NAME}
    files = [(RENDER, widget, name) for widget, name in names.items()]
    # The draft has half of it.
    size = [(RENDER, "width", 128), (RENDER, "height", 64)]
    page.evaluate(SET_FOR_THE_TOY, [[*files, *size], [("text_encoder", TEXT_ENCODER_NAME), ("ckpt_name", CHECKPOINT_NAME)]])
    panel.get_by_role("button", name="Check again").click()
    panel.get_by_text("models/checkpoints").first.wait_for(state="detached", timeout=frontend.READY_MS)
    panel.get_by_text(f"Song {SONG_SECONDS // 60}:00.00: ").wait_for()
    pictures.of_element("check", panel)
    panel.get_by_role("button", name="Close").click()


def it_stops_and_goes_on(page, pictures):
    page.evaluate(NOTE_PROGRESS)
    page.evaluate(SET_SIGMAS, MANY_STEPS)
    run(page)
    page.wait_for_function("() => window.percent > 0", timeout=frontend.READY_MS)
    hands.press(page, RENDER, "Stop after this iteration")
    wait_until_idle(page)
    assert re.match(rf"\d+ of {SONG_SECONDS * 25} frames: the rest was not rendered", page.evaluate(WORD, VIDEO))
    run(page)
    page.wait_for_function("() => window.percent > 40", timeout=frontend.READY_MS)
    assert boxes.complaints(page.evaluate(boxes.BOXES)) == []
    pictures.of_nodes("running")
    wait_until_idle(page)
    assert re.match(
        rf"{SONG_SECONDS * 25} frames \u00b7 audio_loop_draft_\d+_\.mp4 in output/video", page.evaluate(WORD, VIDEO)
    )
    pictures.of_file("plan", page.evaluate(PLAN))


def run(page):
    page.evaluate("() => { window.percent = 0; }")
    page.get_by_role("button", name="Run", exact=True).first.click()


def wait_until_idle(page):
    page.wait_for_timeout(1000)
    deadline = time.monotonic() + 200
    while not page.evaluate(IDLE):
        assert time.monotonic() < deadline, page.evaluate("() => JSON.stringify(window.app.lastNodeErrors)")
        page.wait_for_timeout(300)
    page.wait_for_timeout(500)


def a_window_is_chosen_by_picture(page, pictures):
    """Of the run that was just made, to be made again."""
    hands.pick_template(page, "audio-loop-music-video_retake")
    hands.fit(page)
    button = "Choose the window …"
    node = page.evaluate(HAS_BUTTON, button)
    hands.press(page, node, button)
    dialog = page.get_by_role("dialog", name="Window")
    window = dialog.get_by_role("button").filter(has_text="window 2")
    window.get_by_text(ASKED["0:30"]).wait_for(timeout=frontend.READY_MS)
    page.wait_for_function(PICTURES_ARE_SHOWN)
    pictures.of_element("choice", dialog)
    window.click()
    page.wait_for_function("(id) => window.app.graph.getNodeById(id).widgets.some((each) => each.value === 2)", arg=node)


def the_draft_is_finished(page):
    page.get_by_text(DEFAULT).first.click()
    page.wait_for_function(f"() => window.app.graph.getNodeById({SONG})?.widgets[0].value === 'my song.wav'")
    page.evaluate(boxes.SHOW_LEVEL, 0)
    hands.fit(page)
    page.evaluate(SET_TO, "finish")
    run(page)
    wait_until_idle(page)
    word = rf"{SONG_SECONDS * 25} frames \u00b7 audio_loop_\d+_\.mp4 in output/video"
    assert re.match(word, page.evaluate(WORD, FINISHED_VIDEO))
    page.wait_for_function(FINISHED_IS_SHOWN, timeout=frontend.READY_MS)


def prompts_written_from_the_song_are_rendered(page, pictures):
    subject = "An old man with a white beard"
    text = writing.write_from_the_song(page, subject, lambda panel: pictures.of_element("write", panel))
    entries = text.split("\n")
    assert len(entries) > 2
    assert all(f": Style: painterly. {subject} is " in entry for entry in entries)
    hands.wait_for(page, hands.SAYS, f"Section 1 of {len(entries)}, 0:00.00 to")
    page.evaluate(SET_SIGMAS, ONE_STEP)
    page.evaluate(SET_TO, "draft")
    run(page)
    wait_until_idle(page)
    assert re.match(rf"{SONG_SECONDS * 25} frames", page.evaluate(WORD, VIDEO))
    written = [entry.split(": ", 1)[1] for entry in entries]
    rendered = page.evaluate(writing.PROMPTS_OF_LAST_RUN)
    assert list(dict.fromkeys(rendered)) == list(dict.fromkeys(written))


def another_song_begins_with_nothing_shown(page):
    """The template again: what the first song's render showed stays with that."""
    asked = []
    page.on("response", lambda response: asked.append(response.url) if "/audio_loop/state" in response.url else None)
    hands.pick_template(page, DEFAULT)
    page.wait_for_function(f"() => window.app.graph.getNodeById({SONG})?.widgets[0].value === 'song.mp3'")
    while not asked:
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)
    assert page.evaluate(WORD, VIDEO) == ""
    assert not {"1564", str(VIDEO)} & {*page.evaluate("() => Object.keys(window.app.nodeOutputs)")}


def the_video_plays(page):
    page.wait_for_function(VIDEO_IS_SHOWN, timeout=frontend.READY_MS)
    told = page.evaluate(PLAYS)
    assert told["seconds"] == pytest.approx(SONG_SECONDS, abs=1 / 25)
    assert told["moved"] > 0.2
    assert told["width"] == 64
