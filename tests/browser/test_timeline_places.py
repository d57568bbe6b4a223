"""The timeline where a user takes it: small and large, copied, in a subgraph and another tab, wired, in the light theme."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from audio_loop.comfy_host import frontend

from ..comfy.shipped import write_song
from .test_timeline import MAKE, PICTURES, READ, SAYS, TEXT, TYPE, picture, place, wait_for

# Puts the node's upper left corner at a point of the screen, at a zoom.
ZOOM = """([scale, x, y]) => {
    const { canvas, graph } = window.app;
    const node = canvas.graph.nodes.find((each) => each.comfyClass === "AudioLoopPrompts");
    const box = canvas.canvas.getBoundingClientRect();
    canvas.ds.scale = scale;
    canvas.ds.offset = [(x - box.left) / scale - node.pos[0], (y - box.top) / scale - node.pos[1]];
    canvas.setDirty(true, true);
}"""
PROMPTS = "window.app.canvas.graph.nodes.filter((each) => each.comfyClass === 'AudioLoopPrompts')"
ALL_SAY = "() => [...document.querySelectorAll('.audio-loop-timeline .says > span')].map((each) => each.textContent).join('|')"
SNAPPED = TEXT.replace("0:30:", "0:37.8:")
# The second and third lie in one window, too short a one to show both.
CROWDED = TEXT.replace("0:30", "0:20").replace("1:15", "0:24") + "0:38: a singer, red coat, leaves\n"
DISABLED = """() => [...document.querySelectorAll('.audio-loop-timeline button')].filter((each) => each.disabled)
    .map((each) => each.textContent)"""


@pytest.fixture
def song(comfy, tmp_path):
    return comfy.add_input(write_song(tmp_path / "places.wav", 185.0))


@pytest.fixture(scope="module")
def long_flac(tmp_path_factory):
    """Half an hour of a tone."""
    path = tmp_path_factory.mktemp("long") / "long.flac"
    tone = (np.sin(2 * np.pi * 220 * np.arange(8000) / 8000) * 12000).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=8000)
        stream.layout = "mono"
        for second in range(1800):
            frame = av.AudioFrame.from_ndarray(tone[None] // (1 + second % 3), "s16", "mono")
            frame.rate, frame.pts = 8000, second * 8000
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def long_song(comfy, long_flac):
    return comfy.add_input(long_flac)


def choose(page, song):
    page.evaluate(
        """(name) => {
        const { nodes } = window.app.graph;
        nodes.find((each) => each.comfyClass === "LoadAudio").widgets.find((each) => each.name === "audio").value = name;
        window.app.extensionManager.workflow.activeWorkflow.changeTracker.captureCanvasState?.();
        window.app.extensionManager.workflow.activeWorkflow.changeTracker.checkState?.();
    }""",
        song,
    )


def drag(page, start, stop):
    page.mouse.move(*place(page, start, 0.55))
    page.mouse.down()
    page.mouse.move(*place(page, (start + stop) / 2, 0.55), steps=2)
    page.mouse.move(*place(page, stop, 0.55), steps=2)
    page.mouse.up()


def wait_until(page, condition, argument=None):
    page.wait_for_function(condition, arg=argument, timeout=frontend.READY_MS)


def at_each_zoom(page):
    for zoom in ((0.3, 500, 300), (3, 90, -420)):
        page.evaluate(ZOOM, list(zoom))
        page.wait_for_timeout(400)
        picture(page, f"zoom_{zoom[0]}")
        drag(page, 30, 36)
        assert page.evaluate(READ) == SNAPPED, zoom
        page.evaluate(TYPE, TEXT)
        wait_for(page, SAYS, "Section 2 of 3, 0:30.00")
    page.evaluate(ZOOM, [0.8, 400, 160])
    page.wait_for_timeout(400)


def keys_are_the_timelines_own(page):
    view = page.evaluate("() => [...window.app.canvas.ds.offset]")
    page.mouse.click(*place(page, 50, 0.55))
    page.keyboard.press("Control+b")
    wait_for(page, READ, "dances\n0:50: a singer, red coat, dances")
    page.keyboard.press("Delete")
    page.wait_for_function(f"(text) => ({READ})() === text", arg=TEXT, timeout=frontend.READY_MS)
    page.keyboard.down("Space")
    page.mouse.move(*place(page, 60, 0.55), steps=2)
    page.keyboard.up("Space")
    page.keyboard.press("Space")
    assert page.evaluate("() => [...window.app.canvas.ds.offset]") == view
    assert page.evaluate(f"() => {PROMPTS}.map((each) => each.mode)") == [0]
    # What is typed into the text is text.
    area = page.locator("textarea:visible").first
    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("s i")
    assert page.evaluate(READ) == f"{TEXT}s i"
    page.evaluate(TYPE, TEXT)


def sections_that_are_never_seen(page, name):
    page.evaluate(TYPE, CROWDED)
    wait_for(page, SAYS, "is never seen: windows start only every 17.92 s")
    page.mouse.move(*place(page, 10, 0.2))
    page.wait_for_timeout(300)
    picture(page, f"timeline_lost_{name}")
    page.locator(".audio-loop-timeline .says button").click()
    chosen = page.evaluate(
        "() => document.activeElement.value?.slice(...['selectionStart', 'selectionEnd']"
        ".map((each) => document.activeElement[each]))"
    )
    assert chosen in CROWDED.split("\n")[1:3]
    page.evaluate(TYPE, TEXT)


def a_copy_is_a_timeline_of_its_own(page):
    page.evaluate(f"""() => {{
        const {{ canvas }} = window.app;
        canvas.selectItems([{PROMPTS}[0]]);
        canvas.copyToClipboard();
        canvas.pasteFromClipboard({{ position: [420, 760] }});
        const copy = {PROMPTS}[1].widgets.find((each) => each.name === "schedule");
        copy.value = "0:00: only here";
        copy.callback?.(copy.value);
    }}""")
    wait_for(page, ALL_SAY, "a singer, red coat, sings|")
    wait_for(page, ALL_SAY, "Section 1 of 1, 0:00.00 to 3:05.00, seen from 0:00.00: only here")
    drag(page, 30, 36)
    texts = page.evaluate(f"() => {PROMPTS}.map((each) => each.widgets.find((w) => w.name === 'schedule').value)")
    assert sorted(texts) == [SNAPPED, "0:00: only here"]
    page.evaluate(f"""() => window.app.canvas.graph.remove({PROMPTS}.find((each) =>
        each.widgets.some((widget) => widget.value === "0:00: only here")))""")
    wait_until(page, "() => document.querySelectorAll('.audio-loop-timeline').length === 1")
    page.evaluate(TYPE, TEXT)


def another_tab_and_back(page):
    page.evaluate("() => window.app.extensionManager.command.execute('Comfy.NewBlankWorkflow')")
    wait_until(page, "() => window.app.graph.nodes.length === 0")
    page.get_by_text("Unsaved Workflow (2)", exact=True).first.click()
    wait_for(page, SAYS, "Section 1 of 3, 0:00.00 to 0:30.00, seen from 0:00.00")
    page.wait_for_timeout(400)
    drag(page, 30, 36)
    assert page.evaluate(READ) == SNAPPED
    page.evaluate(TYPE, TEXT)


def in_a_subgraph(page):
    page.evaluate(f"""() => {{
        const {{ canvas }} = window.app;
        const {{ node }} = canvas.graph.convertToSubgraph(new Set([{PROMPTS}[0]]));
        canvas.setGraph(node.subgraph);
    }}""")
    wait_until(page, f"() => {PROMPTS}.length === 1")
    page.evaluate(ZOOM, [0.8, 400, 160])
    wait_for(page, SAYS, "Section 1 of 3, 0:00.00 to 0:30.00, seen from 0:00.00")
    page.wait_for_timeout(400)
    drag(page, 30, 36)
    inside = f"() => {PROMPTS}[0].widgets.find((each) => each.name === 'schedule').value"
    assert page.evaluate(inside) == SNAPPED


def a_wired_text_is_shown_only(page):
    page.evaluate(f"""() => {{
        const {{ LiteGraph, app }} = window;
        const text = LiteGraph.createNode("PrimitiveStringMultiline");
        app.canvas.graph.add(text);
        text.pos = [40, 400];
        text.connect(0, {PROMPTS}[0], {PROMPTS}[0].findInputSlot("schedule"));
        app.extensionManager.workflow.activeWorkflow.changeTracker.captureCanvasState?.();
        app.extensionManager.workflow.activeWorkflow.changeTracker.checkState?.();
    }}""")
    wait_for(page, SAYS, "comes from another node")
    assert page.evaluate(DISABLED) == ["Write from the song", "Split", "Insert", "Duplicate", "Join", "Delete", "Distribute"]


def a_long_song_with_many_sections(page, song, record_testsuite_property):
    """A song of half an hour is shown from samples, then whole; reports what a frame of a drag costs."""
    page.evaluate(TYPE, "\n".join(f"{n * 45 // 60}:{n * 45 % 60:02d}: a singer, red coat, scene {n}" for n in range(40)))
    with page.expect_response(lambda answer: "timeline/peaks" in answer.url) as first:
        choose(page, song)
    assert first.value.json()["sampled"]
    wait_for(page, SAYS, "Reading the whole song")
    wait_until(page, f"() => !({SAYS})().includes('Reading')")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def cost(moves):
        before = metrics(session)
        page.evaluate("""() => {
            window.frames_drawn = 0;
            window.counting = true;
            const count = () => { window.frames_drawn += 1; if (window.counting) requestAnimationFrame(count); };
            requestAnimationFrame(count);
        }""")
        moves()
        frames = page.evaluate("() => { window.counting = false; return window.frames_drawn; }")
        after = metrics(session)
        return {name: round(1000 * (after[name] - before[name]) / max(1, frames), 2) for name in before} | {"frames": frames}

    def moved():
        for step in range(60):
            page.mouse.move(*place(page, 900 + 20 * (step % 2) + step / 3, 0.55, 1800.0))

    page.mouse.move(*place(page, 900, 0.1, 1800.0))
    idle = cost(lambda: page.wait_for_timeout(1000))
    page.mouse.move(*place(page, 900, 0.55, 1800.0))
    page.mouse.down()
    dragged = cost(moved)
    page.mouse.up()
    record_testsuite_property("milliseconds of a frame, idle", idle)
    record_testsuite_property("milliseconds of a frame, dragged", dragged)
    return idle, dragged


def metrics(session):
    names = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration")
    found = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return {name: found[name] for name in names}


def test_it_works_wherever_it_is_taken(page, song, long_song, frontend_release, renderer, record_testsuite_property):
    name = f"{frontend_release}_{renderer}"
    page.evaluate(MAKE, [song, TEXT])
    wait_for(page, SAYS, "Section 1 of 3, 0:00.00 to 0:30.00, seen from 0:00.00")
    at_each_zoom(page)
    keys_are_the_timelines_own(page)
    sections_that_are_never_seen(page, name)
    page.evaluate("() => window.app.extensionManager.setting.set('Comfy.ColorPalette', 'light')")
    page.wait_for_timeout(500)
    sections_that_are_never_seen(page, f"light_{name}")
    page.evaluate("() => window.app.extensionManager.setting.set('Comfy.ColorPalette', 'dark')")
    costs = a_long_song_with_many_sections(page, long_song, record_testsuite_property)
    if PICTURES:
        (Path(PICTURES) / f"frames_{name}.txt").write_text(str(costs))
    picture(page, f"timeline_long_{name}")
    page.evaluate(TYPE, TEXT)
    with page.expect_response(lambda answer: "timeline/peaks" in answer.url):
        choose(page, song)
    page.wait_for_timeout(300)
    page.mouse.click(*place(page, 5, 0.55))
    wait_for(page, SAYS, "Section 1 of 3, 0:00.00 to 0:30.00, seen from 0:00.00")
    a_copy_is_a_timeline_of_its_own(page)
    another_tab_and_back(page)
    a_wired_text_is_shown_only(page)


def test_it_works_in_a_subgraph_that_is_made_around_it(page, song):
    page.evaluate(MAKE, [song, TEXT])
    wait_for(page, SAYS, "Section 1 of 3, 0:00.00 to 0:30.00, seen from 0:00.00")
    in_a_subgraph(page)
