"""A schedule that is written from the song, in the panel that the timeline opens, with mouse and keys."""

from __future__ import annotations

import contextlib

from playwright.sync_api import TimeoutError

from audio_loop.comfy_host import frontend

from . import hands

ASKED_MS = 5000
BUTTON = "Write from the song"
NEGATIVE = """() => [...window.app.graph.subgraphs.values()].map((level) => level.getNodeById(507)).find(Boolean)
    .widgets.find((each) => each.name === "text").value"""
PROMPTS_OF_LAST_RUN = """async () => {
    const ask = async (path) => (await window.comfyAPI.api.api.fetchApi(`/audio_loop/runs${path}`)).json();
    const { runs: [last] } = await ask("");
    const { windows } = await ask(`/windows?run=${encodeURIComponent(last.name)}`);
    return windows.map(({ takes }) => (takes.find((each) => each.chosen) ?? takes[takes.length - 1]).prompt);
}"""


def listen(page):
    """Lets the song be heard; done when the timeline says what is in it.

    What the server has heard before, for another page, is shown without asking: then there is no button.
    """
    asks = page.locator(".audio-loop-timeline").get_by_role("button", name="Listen", exact=True)
    with contextlib.suppress(TimeoutError):
        asks.click(timeout=ASKED_MS)
    hands.wait_for(page, "() => document.querySelector('.audio-loop-timeline .heard').textContent", "section")


def write_from_the_song(page, subject, look):
    """Writes painted pictures of somebody, puts the negative prompt into its node, and returns the schedule.

    `look` is called with the panel once it says what was written.
    """
    before, negative = page.evaluate(hands.SCHEDULE), page.evaluate(NEGATIVE)
    page.locator(".audio-loop-timeline").get_by_role("button", name=BUTTON, exact=True).click()
    panel = page.get_by_role("dialog", name=BUTTON)
    # What the user wrote says who is seen, and that it goes is said before.
    assert panel.get_by_label("Who is seen").input_value() != ""
    panel.get_by_text("Undo (Ctrl+Z) brings it back").wait_for()
    panel.get_by_label("Who is seen").fill(subject)
    panel.get_by_label("Style").select_option("painterly")
    panel.get_by_label("What changes").select_option("4")
    panel.get_by_label("Variation").fill("3")
    # By the keyboard, as any form.
    panel.locator("button.write:enabled").wait_for(timeout=frontend.READY_MS)
    assert page.evaluate(hands.SCHEDULE) == before
    panel.get_by_label("Who is seen").press("Enter")
    panel.get_by_text("prompts are in the node now").wait_for(timeout=frontend.READY_MS)
    look(panel)
    panel.get_by_role("button", name="Put it into “Negative prompt”").click()
    panel.get_by_text("At cfg 1 it does nothing by itself").wait_for()
    assert page.evaluate(NEGATIVE) != negative
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    return page.evaluate(hands.SCHEDULE)
