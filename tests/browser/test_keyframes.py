"""The pictures over time of the keyframe workflow: their thumbnails, a boundary dragged, a number typed, and undo."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from audio_loop.comfy_host import frontend

from ..comfy.shipped import write_song
from .boxes import steady_box

PICTURES = os.environ.get("AUDIO_LOOP_TEST_PICTURES")
KEYFRAME = "audio-loop-music-video_latent_keyframe"
SONG_SECONDS = 185.0
RED, BLUE = (210, 30, 30), (30, 60, 220)
SET = """(values) => {
    for (const [id, name, value] of values) {
        const widget = window.app.rootGraph.getNodeById(id).widgets.find((each) => each.name === name);
        widget.value = value;
        widget.callback?.(value);
    }
    const node = window.app.rootGraph.getNodeById(2344);
    window.app.canvas.ds.scale = 0.9;
    window.app.canvas.ds.offset = [400 - node.pos[0], 240 - node.pos[1]];
    window.app.canvas.setDirty(true, true);
}"""
TIMELINE = '.audio-loop-timeline-host[data-place$=":2344"] .audio-loop-timeline'
SAYS = f"() => document.querySelector('{TIMELINE} .says')?.textContent ?? ''"
READ = """() => window.app.rootGraph.getNodeById(2344).widgets.find((each) => each.name === "schedule").value"""
COLOUR = f"""(share) => {{
    const canvas = document.querySelector('{TIMELINE} canvas');
    const [x, y] = [canvas.width * share + 25 * canvas.width / canvas.clientWidth, canvas.height * 0.66];
    return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data].slice(0, 3);
}}"""
FIRST_AND_SECOND = "0:00-1:15: 0\n1:15+: 1"


@pytest.fixture
def media(comfy, tmp_path):
    """Values of the two pictures and the song, whose files are there."""
    names = []
    for name, colour in (("verse.png", RED), ("chorus.png", BLUE)):
        Image.new("RGB", (160, 90), colour).save(tmp_path / name)
        names.append(comfy.add_input(tmp_path / name))
    song = comfy.add_input(write_song(tmp_path / "keyframes.wav", SONG_SECONDS))
    return [[444, "image", names[0]], [2341, "image", names[1]], [565, "audio", song]]


def place(page, seconds):
    """A second of the song on the timeline's blocks, on the screen."""
    box = steady_box(page.locator(f"{TIMELINE} canvas"))
    return box["x"] + box["width"] * seconds / SONG_SECONDS, box["y"] + box["height"] * 0.55


def wait_for(page, function, part):
    page.wait_for_function(f"(part) => ({function})().includes(part)", arg=part, timeout=frontend.READY_MS)


def wait_for_colour(page, second, colour):
    near = f"([share, colour]) => ({COLOUR})(share).every((each, index) => Math.abs(each - colour[index]) < 30)"
    page.wait_for_function(near, arg=[second / SONG_SECONDS, colour], timeout=frontend.READY_MS)


def picture(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def test_sections_show_their_pictures_and_text_follows(page, open_template, media, frontend_release, renderer, console_errors):
    open_template(KEYFRAME)
    page.evaluate(SET, media)
    wait_for(page, SAYS, "Section 1 of 2, 0:00.00 to 1:15.00, seen from 0:00.00: picture 0")
    wait_for_colour(page, 0, RED)
    wait_for_colour(page, 75, BLUE)
    page.wait_for_timeout(500)
    picture(page, f"keyframes_{frontend_release}_{renderer}")

    # The second picture begins where it is seen next; both lines say so.
    page.mouse.move(*place(page, 75))
    page.mouse.down()
    page.mouse.move(*place(page, 90), steps=4)
    picture(page, f"keyframes_drag_{frontend_release}_{renderer}")
    page.mouse.up()
    assert page.evaluate(READ) == "0:00-1:31.56: 0\n1:31.56+: 1"
    page.keyboard.press("Control+z")
    wait_for(page, READ, FIRST_AND_SECOND)

    # Another number, typed in place; one that is not there is told with those that are.
    page.mouse.dblclick(*place(page, 150))
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    wait_for(page, READ, "0:00-1:15: 0\n1:15+: 0")
    wait_for_colour(page, 75, RED)
    page.mouse.dblclick(*place(page, 150))
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    wait_for(page, SAYS, "Line 2: names picture 2, but there are 2: 0 to 1")
    page.wait_for_timeout(300)
    picture(page, f"keyframes_missing_{frontend_release}_{renderer}")
    page.evaluate(SET, [[2344, "schedule", "0:00: 1\n1:00: 0"]])
    wait_for(page, SAYS, "Section 2 of 2, 1:00.00 to 3:05.00, seen from 0:55.72: picture 0")
    wait_for_colour(page, 0, BLUE)
    # The workflow opens with files of names that nobody has yet.
    expected = ("Content Security Policy", "view?filename=&", "example.png", "song.mp3")
    assert [error for error in console_errors if not any(part in error for part in expected)] == []
