"""Stop, cancel and Run again, as a user presses them: the song is finished, and what the nodes say is so and stays."""

from __future__ import annotations

import re
import time

import av
import pytest

from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME

from .test_shipped_workflows import DEFAULT, SET_FOR_THE_TOY, SMALL

SONG_SECONDS = 8.0
"""A window of 49 frames and four strides of 40: 209 frames for 200."""

STEPS = 60

# Presses once, as soon as the event says so: at a word of the loop, or when a node begins.
PRESS = """([action, event, at]) => {
    const { api } = window.comfyAPI.api;
    window.pressed = undefined;
    const listen = ({ detail }) => {
        const now = event === "executing" ? detail?.display_node ?? detail : detail.text;
        if (String(now).split(":").at(-1) !== at || window.pressed) return;
        window.pressed = action;
        api.removeEventListener(event, listen);
        if (action === "cancel") return void api.interrupt(null);
        const button = [...document.querySelectorAll("button")].find((b) => b.textContent.includes("Stop after this"));
        if (button) return void button.click();
        const node = window.app.graph.getNodeById(2400);
        const widget = node.widgets.find((each) => each.type === "button");
        widget.callback(widget.value, window.app.canvas, node);
    };
    api.addEventListener(event, listen);
}"""
CENTRE = """() => {
    const { canvas, graph } = window.app;
    canvas.ds.scale = 1;
    canvas.centerOnNode(graph.getNodeById(2400));
    canvas.setDirty(true, true);
}"""
STOP_IS_ON_THE_PAGE = """() => [...document.querySelectorAll("button")]
    .some((button) => button.textContent.includes("Stop after this"))"""
WORDS = """() => Object.fromEntries([1539, 2201, 2202, 1604].map((id) => [
    id, [window.app.graph, ...window.app.graph.subgraphs.values()].map((level) => level.getNodeById(id)).find(Boolean)
        .widgets.find((each) => each.name === "audio_loop_word").value]))"""
# What the frontend holds of a node's output: its pictures, and the plan as a text.
OUTPUTS = """() => Object.fromEntries([1563, 1564, 2201, 2202, 1604].map((id) => {
    const [, output] = Object.entries(window.app.nodeOutputs).find(([at]) => at.split(":").at(-1) === String(id)) ?? [id, {}];
    return [id, (output.images ?? []).length || (output.text ?? []).join("")];
}))"""
IDLE = """async () => {
    const { exec_info } = await (await window.comfyAPI.api.api.fetchApi("/prompt")).json();
    return exec_info.queue_remaining === 0;
}"""
TOAST = ".p-toast-message, [data-testid=toast]"
# A busy machine may show a message and take it away again before this test looks.
NOTE_MESSAGES = """() => {
    window.messages = [];
    const toast = window.app.extensionManager.toast;
    const add = toast.add.bind(toast);
    toast.add = (message) => { window.messages.push(message); add(message); };
}"""

OPEN_VIDEO = """() => {
    const node = window.app.graph.getNodeById(1604);
    const widget = node.widgets.find((each) => each.type === "button" && each.name === "Open the video");
    widget.callback(widget.value, window.app.canvas, node);
}"""
MARKED = "() => window.app.graph.nodes.filter((node) => node.has_errors).map((node) => String(node.id))"
WRITE_SCHEDULE = """(text) => { window.app.graph.getNodeById(1559).widgets[0].value = text; }"""
NOTE_TITLES = """() => {
    window.titles = [];
    window.comfyAPI.api.api.addEventListener("audio_loop.progress", ({ detail }) => window.titles.push(document.title));
}"""
# A render of another graph: it comes from this page, and its nodes have the same ids.
QUEUE_OTHER = """async () => {
    const { api } = window.comfyAPI.api;
    const { output: prompt, workflow } = await window.app.graphToPrompt();
    prompt["1559"].inputs.schedule = "0:00: a singer\\n0:3x: a crowd";
    const extra_data = { extra_pnginfo: { workflow: { ...workflow, id: "11111111-2222-4333-8444-555555555555" } } };
    const body = JSON.stringify({ prompt, client_id: api.clientId, extra_data });
    return (await api.fetchApi("/prompt", { method: "POST", body })).ok;
}"""
SET_SEED = """(seed) => {
    const widget = window.app.graph.getNodeById(2400).widgets.find((each) => each.name === "seed");
    widget.value = seed;
}"""
TAB = "() => window.app.extensionManager.workflow.activeWorkflow.path"
DUPLICATE = "() => window.app.extensionManager.command.execute('Comfy.DuplicateWorkflow')"
# A loop in a subgraph, and a message as the pack sends it: the text on the node around the loop, and what the loop says.
HOLDS_A_LOOP = """async () => {
    const { graph } = window.app;
    const holder = graph.getNodeById(2400);
    const node = "2400:2405:1539";
    const progress = { node, windows: 5, finished: 2, window: 2, step: 3, steps: 8, frame: 0, frames: 0, percent: 44.6,
                       step_seconds: 31.2, seconds_left: 754, decode_follows: true };
    const said = () => holder.badges.map((badge) => (badge.text === undefined ? badge() : badge).text).filter(Boolean);
    const { api } = window.comfyAPI.api;
    const before = said();
    api.dispatchCustomEvent("audio_loop.progress", { prompt_id: "", progress });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const during = said().filter((text) => !before.includes(text));
    const title = document.title;
    const drawn = document.body.innerText.includes(during[0]);
    api.dispatchCustomEvent("audio_loop.progress", { prompt_id: "", progress: null });
    return { during, title, drawn, left: said().filter((text) => !before.includes(text)), titleLeft: document.title };
}"""


def wait_until_idle(page):
    deadline = time.monotonic() + 200
    while not page.evaluate(IDLE):
        assert time.monotonic() < deadline, page.evaluate("() => JSON.stringify(window.app.lastNodeErrors)")
        page.wait_for_timeout(300)


@pytest.fixture
def run(page, comfy):
    """`run(("stop", "audio_loop.word", "2 / 4"))`: presses Run, and that; gives the frames of the new videos."""
    videos = comfy.output_folder / "video"

    def press_run(press=None):
        before = set(videos.glob("*.mp4"))
        if press:
            page.evaluate(PRESS, list(press))
        page.get_by_role("button", name="Run", exact=True).first.click()
        page.wait_for_timeout(1000)
        wait_until_idle(page)
        page.wait_for_timeout(500)
        if press:
            assert page.evaluate("() => window.pressed") == press[0]
        return [frames_of(path) for path in sorted(set(videos.glob("audio_loop_*_.mp4")) - before)]

    return press_run


def saved(word):
    """What the video node says of the frames, in front of what it says of the file."""
    return word.split(" \u00b7 ")[0]


def messages(page):
    return page.evaluate("() => window.messages")


def frames_of(path):
    with av.open(str(path)) as container:
        return container.streams.video[0].frames


# Run, Stop and run on with the pinned frontend and the classic canvas are a part of the user's way (test_journey.py).
@pytest.mark.shown_in("newest nodes2")
def test_stop_and_run_until_the_song_is_finished(page, open_template, comfy, run, renderer, console_errors, tmp_path):
    song = comfy.add_input(write_song(tmp_path / f"stop {renderer}.wav", SONG_SECONDS))
    picture = comfy.add_input(write_picture(tmp_path / f"stop {renderer}.png"))
    # What the template names is there until it is replaced.
    comfy.add_input(write_picture(tmp_path / "example.png"))
    comfy.add_input(write_song(tmp_path / "song.mp3", SONG_SECONDS))
    open_template(DEFAULT)
    names = [(2400, "checkpoint", CHECKPOINT_NAME), (2400, "distilled_lora", LORA_NAME)]
    inputs = [(444, "image", picture), (565, "audio", song), (2204, "value", f"stopped {renderer}")]
    # Long enough for a page on a busy machine to press a button while a window is being sampled.
    sigmas = ", ".join(f"{1 - step / STEPS:.4f}" for step in range(STEPS + 1))
    sizes = [(1421, "sigmas", sigmas), *SMALL]
    encoder = [("text_encoder", TEXT_ENCODER_NAME), ("ckpt_name", CHECKPOINT_NAME)]
    page.evaluate(SET_FOR_THE_TOY, [[*names, *inputs, *sizes], encoder])
    page.evaluate(CENTRE)
    page.evaluate(NOTE_MESSAGES)
    page.evaluate(NOTE_TITLES)
    if renderer == "nodes2":
        page.wait_for_function(STOP_IS_ON_THE_PAGE)

    # A line that is no line of a schedule: the message is in the toast, and the node to mend is marked, line and all.
    before = page.evaluate(MARKED)
    page.evaluate(WRITE_SCHEDULE, "0:00: a singer\n0:3x: a crowd")
    assert run() == []
    page.wait_for_function("() => window.messages.length > 0")
    assert [(told["severity"], told["summary"].split(", ")[-1]) for told in messages(page)] == [("error", "line 2")]
    assert "schedule line 2, '0:3x: a crowd'" in messages(page)[0]["detail"]
    # The frontend marks models, pictures and songs of the template that this machine lacks, some time after it opened.
    assert set(page.evaluate(MARKED)) - {*before, "444", "565"} == {"1559"}
    page.evaluate(WRITE_SCHEDULE, "0:00: a singer")
    page.evaluate("() => { window.messages.length = 0; }")

    # In the initial render: ends after that window.
    assert run(("stop", "executing", "161")) == [49]
    assert "1559" not in page.evaluate(MARKED)
    (told,) = page.evaluate("() => window.messages")
    assert told["detail"].startswith("The render ends after the initial window")
    words = page.evaluate(WORDS)
    assert (words["1539"], saved(words["1604"])) == ("0 / 4", "49 of 200 frames: the rest was not rendered")

    # ComfyUI's own cancel: no alarm, and it fades.
    assert run(("cancel", "audio_loop.word", "1 / 4")) == []
    told = page.evaluate("() => window.messages.at(-1)")
    assert (told["severity"], told["detail"].split(" in ")[0]) == ("info", "Cancelled")
    words = page.evaluate(WORDS)
    assert re.fullmatch("ended early in [1-3] / 4", words["1539"])
    # What the first run left on the saver was cleared when this one began.
    assert (words["1604"], page.evaluate(OUTPUTS)["1604"]) == ("", "")
    page.locator(TOAST).filter(has_text="Audio Loop").first.wait_for(state="hidden", timeout=told["life"] + 10_000)

    # Goes on where it stopped, and is stopped again: at the second iteration, or if the page came too late, the third.
    frames = run(("stop", "audio_loop.word", "2 / 4"))
    words = page.evaluate(WORDS)
    done = int(re.fullmatch("([23]) / 4", words["1539"])[1])
    assert (frames, saved(words["1604"])) == ([49 + done * 40], f"{frames[0]} of 200 frames: the rest was not rendered")
    assert "of 5 from disk" in words["2202"]
    # The tab tells how far the song is, in front of what the frontend tells of a node.
    assert [title for title in page.evaluate("() => window.titles") if re.match(r"[1-9]\d* % \u00b7 \d+ s \| ", title)]
    assert "%" not in page.title()

    # And to the end; then there is nothing left to do, and what is shown stays.
    assert run() == [200]
    finished = page.evaluate(WORDS)
    assert (finished["1539"], saved(finished["1604"])) == ("4 / 4", "200 frames")
    # Which file it is, and a way to it.
    assert re.search(r"audio_loop_\d+_\.mp4 in output/video: 0:08\.00, 64 x 64, \d+\.\d MB", finished["1604"])
    with page.context.expect_page() as opened:
        page.evaluate(OPEN_VIDEO)
    assert re.search(r"/view\?filename=audio_loop_\d+_\.mp4&subfolder=video&type=output", opened.value.url)
    opened.value.close()
    assert "from disk" in finished["2202"]
    shown = page.evaluate(OUTPUTS)
    assert run() == []
    assert page.evaluate(WORDS) == finished

    # A page that is loaded again shows all of it again.
    assert "4 iterations" in shown["1563"]
    assert all(shown.values())
    page.reload()
    page.wait_for_function("() => window.app?.graph?.getNodeById?.(2400)")
    page.wait_for_function(f"(words) => JSON.stringify(({WORDS})()) === JSON.stringify(words)", arg=finished)
    assert page.evaluate(OUTPUTS) == shown

    # What comes of a render is shown on the graph that it was queued from, and not on a copy of it that is opened meanwhile.
    page.evaluate(NOTE_MESSAGES)
    page.evaluate(SET_SEED, 7)
    page.get_by_role("button", name="Run", exact=True).first.click()
    page.wait_for_function(f"() => ({WORDS})()['2201'].startsWith('0 of 5 from disk, 1 made')", timeout=60_000)
    tab = page.evaluate(TAB)
    page.evaluate(DUPLICATE)
    page.wait_for_function(f"(tab) => ({TAB})() !== tab", arg=tab)
    page.wait_for_timeout(500)
    assert not page.evaluate(IDLE)
    assert page.evaluate(WORDS) == dict.fromkeys(finished, "")
    wait_until_idle(page)
    page.wait_for_timeout(500)
    assert page.evaluate(WORDS) == dict.fromkeys(finished, "")
    # Nor is what comes of another workflow whose nodes have the same ids: its error is told, and no node of this one marked.
    before = set(page.evaluate(MARKED))
    assert page.evaluate(QUEUE_OTHER)
    wait_until_idle(page)
    page.wait_for_function("() => window.messages.length > 0")
    assert [(told["summary"], "schedule line 2" in told["detail"]) for told in messages(page)] == [("Audio Loop", True)]
    assert set(page.evaluate(MARKED)) - before - {"444", "565"} == set()
    # A node that holds the loop tells how far it is, in either renderer.
    held = page.evaluate(HOLDS_A_LOOP)
    assert held["during"] == ["44 % \u00b7 2 of 5 windows \u00b7 step 3 / 8 \u00b7 13 min left"]
    assert held["title"].startswith("44 % \u00b7 13 min | ")
    assert (held["drawn"], held["left"], "%" in held["titleLeft"]) == (renderer == "nodes2", [], False)
    # The last is about this test, which asks for the graph while the page is being loaded again.
    known = ("graph accessed before initialization",)
    assert [error for error in console_errors if not any(part in error for part in known)] == []
